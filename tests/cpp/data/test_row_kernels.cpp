#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <judicious/data/row_kernels.hpp>
#include <limits>
#include <vector>

namespace {

using judicious::BlockLabels;
using judicious::BlockRows;
using judicious::row_kernels::PairSums;
using judicious::row_kernels::WeightedSums;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

// Rows of two judges, some labelled, all whole numbers: every order of adding gives the same sums.
struct Rows {
  std::vector<double> y, f, g, prob;
  std::array<const double*, 2> judges{};

  Rows(std::size_t n, std::size_t every) {
    for (std::size_t i = 0; i < n; ++i) {
      y.push_back((i + 3) % every == 0 ? 1.0 : not_a_number);
      f.push_back(static_cast<double>(i * i % 101) - 50.0);
      g.push_back(static_cast<double>(i * 7 % 31));
      prob.push_back(1.0 / static_cast<double>(1 + i % 8));
    }
    judges = {f.data(), g.data()};
  }
  BlockRows block() const { return {judges.data(), prob.data(), y.data(), y.size()}; }
};

PairSums of_two() { return {{3.0, inf, -inf}, {1.0, inf, -inf}}; }

void check_same(const judicious::row_kernels::JudgeSums& a,
                const judicious::row_kernels::JudgeSums& b) {
  CHECK(a.sum == b.sum);
  CHECK(a.cross == b.cross);
  CHECK(a.low == b.low);
  CHECK(a.high == b.high);
}

}  // namespace

TEST_CASE("kernels add the rows without a label and note the others") {
  for (const std::size_t n : {5u, 8u, 71u, 128u, 1000u}) {
    for (const std::size_t every : {1u, 2u, 9u, 2000u}) {
      CAPTURE(n);
      CAPTURE(every);
      const Rows rows(n, every);
      BlockLabels labels;
      PairSums sums = of_two();
      const std::size_t end = judicious::row_kernels::add_two_judges(rows.block(), labels, sums);
      CHECK(end == n / 8 * 8);
      PairSums expected = of_two();
      std::size_t n_labelled = 0;
      for (std::size_t i = 0; i < n; ++i) {
        if (!std::isnan(rows.y[i])) {
          REQUIRE(n_labelled < labels.n);
          CHECK(labels.rows[n_labelled++] == i);
        }
        if (i >= end) continue;
        expected.f.low = std::min(expected.f.low, rows.f[i]);
        expected.g.high = std::max(expected.g.high, rows.g[i]);
        if (!std::isnan(rows.y[i])) continue;
        const double c = rows.f[i] - 3.0, d = rows.g[i] - 1.0;
        expected.f.sum += c;
        expected.g.cross += d * d;
        expected.cross += c * d;
      }
      CHECK(labels.n == n_labelled);
      CHECK(sums.f.low == expected.f.low);
      CHECK(sums.g.high == expected.g.high);
      CHECK(sums.f.sum == expected.f.sum);
      CHECK(sums.g.cross == expected.g.cross);
      CHECK(sums.cross == expected.cross);
    }
  }
}

// Where this machine has no wide registers, both are the same.
TEST_CASE("wide and narrow registers give the same sums") {
  namespace narrow = judicious::row_kernels::narrow;
  namespace chosen = judicious::row_kernels;
  const Rows rows(1003, 10);
  BlockLabels labels, narrow_labels;
  const auto check_labels = [&] {
    REQUIRE(labels.n == narrow_labels.n);
    for (std::size_t j = 0; j < labels.n; ++j) CHECK(labels.rows[j] == narrow_labels.rows[j]);
  };

  auto one = of_two().f, narrow_one = one;
  CHECK(chosen::add_one_judge(rows.block(), labels, one) ==
        narrow::add_one_judge(rows.block(), narrow_labels, narrow_one));
  check_same(one, narrow_one);
  check_labels();

  PairSums two = of_two(), narrow_two = two;
  chosen::add_two_judges(rows.block(), labels, two);
  narrow::add_two_judges(rows.block(), narrow_labels, narrow_two);
  check_same(two.f, narrow_two.f);
  check_same(two.g, narrow_two.g);
  CHECK(two.cross == narrow_two.cross);

  WeightedSums weighted{of_two().f}, narrow_weighted = weighted;
  chosen::add_weighted(rows.block(), labels, weighted);
  narrow::add_weighted(rows.block(), narrow_labels, narrow_weighted);
  check_same(weighted.f, narrow_weighted.f);
  CHECK(weighted.weight == narrow_weighted.weight);
  CHECK(weighted.sum == narrow_weighted.sum);
  CHECK(weighted.cross == narrow_weighted.cross);
  CHECK(weighted.lowest_prob == 0.125);
  CHECK(weighted.highest_prob == narrow_weighted.highest_prob);

  judicious::row_kernels::JudgeRange range{}, narrow_range{};
  chosen::find_range(rows.block(), labels, range);
  narrow::find_range(rows.block(), narrow_labels, narrow_range);
  CHECK(range.low == narrow_range.low);
  CHECK(range.high == narrow_range.high);
  check_labels();
}

TEST_CASE("columns of integers become doubles in either width") {
  constexpr int lowest = std::numeric_limits<int>::min();
  std::vector<int> codes;
  for (int i = 0; i < 1003; ++i) codes.push_back(i % 7 == 0 ? lowest : i - 500);
  codes[1] = std::numeric_limits<int>::max();
  judicious::Column column;
  column.integer = codes.data();
  column.offset = 1;
  std::vector<double> buffer(codes.size());
  column.load(0, codes.size(), buffer.data());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    CHECK(std::isnan(buffer[i]) == (codes[i] == lowest));
    if (codes[i] != lowest) CHECK(buffer[i] == static_cast<double>(codes[i]) - 1.0);
  }
}

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <judicious/data/merge.hpp>
#include <judicious/data/pack.hpp>
#include <numeric>

#include "estimate/compare_summaries.hpp"

namespace {

using designs::check_same;
using designs::Design;
using designs::part_of;
using designs::Shape;
using designs::summarise;
using judicious::LabelSummary;

// Parts that hold whole clusters.
std::vector<LabelSummary> parts_of(const Design& d, std::size_t n_parts) {
  std::vector<LabelSummary> out;
  for (std::size_t p = 0; p < n_parts; ++p) {
    out.push_back(summarise(part_of(d, [&](std::size_t i) {
      return (d.clusters.empty() ? i * i + i / 7 : designs::at(d.clusters[i])) % n_parts == p;
    })));
  }
  return out;
}

LabelSummary merged(const std::vector<LabelSummary>& parts, const std::vector<std::size_t>& order) {
  LabelSummary out = parts[order[0]];
  for (std::size_t k = 1; k < order.size(); ++k) judicious::merge(parts[order[k]], out);
  return out;
}

}  // namespace

TEST_CASE("summaries of parts make the whole, in any order") {
  unsigned seed = 1;
  for (const Shape& shape : designs::standard_shapes()) {
    CAPTURE(seed);
    const Design d = designs::random_design(shape, seed++);
    const LabelSummary whole = summarise(d);
    const auto parts = parts_of(d, 4);
    check_same(merged(parts, {0, 1, 2, 3}), whole);
    check_same(merged(parts, {3, 1, 0, 2}), whole);
  }
}

TEST_CASE("a summary survives being packed, bit for bit") {
  unsigned seed = 100;
  for (const Shape& shape : designs::standard_shapes()) {
    const LabelSummary summary = summarise(designs::random_design(shape, seed++));
    const auto numbers = judicious::pack(summary);
    const auto again = judicious::pack(judicious::unpack(numbers.data(), numbers.size()));
    REQUIRE(numbers.size() == again.size());
    CHECK(std::memcmp(numbers.data(), again.data(), numbers.size() * sizeof(double)) == 0);
  }
}

TEST_CASE("numbers that are no summary are refused") {
  auto numbers = judicious::pack(summarise(designs::random_design(Shape(), 1)));
  CHECK_THROWS_AS(judicious::unpack(numbers.data(), numbers.size() - 1), std::invalid_argument);
  CHECK_THROWS_AS(judicious::unpack(numbers.data(), 0), std::invalid_argument);
  numbers.push_back(1.0);
  CHECK_THROWS_AS(judicious::unpack(numbers.data(), numbers.size()), std::invalid_argument);
  numbers[0] = 99.0;
  CHECK_THROWS_AS(judicious::unpack(numbers.data(), numbers.size()), std::invalid_argument);
}

TEST_CASE("summaries of different questions do not merge") {
  Shape one, two;
  two.judges = 2;
  LabelSummary a = summarise(designs::random_design(one, 1));
  const LabelSummary b = summarise(designs::random_design(two, 1));
  CHECK_THROWS_AS(judicious::merge(b, a), std::invalid_argument);
}

// Cells whose rows come in any order, sorted, or late, of judges far from zero, against each cell
// by itself.
TEST_CASE("every cell is summed as if it were alone") {
  unsigned seed = 300;
  for (const int judges : {0, 1, 2, 4}) {
    for (const bool known_prob : {false, true}) {
      for (const bool sorted : {false, true}) {
        Shape shape;
        shape.n = 7000;
        shape.judges = judges;
        shape.known_prob = known_prob;
        shape.share = 0.02;
        Design d = designs::random_design(shape, seed++);
        for (std::size_t i = 0; i < d.n(); ++i) {
          d.strata.push_back(sorted ? static_cast<int>(i / 1800) : static_cast<int>(i * i % 3));
          if (i > 6900) d.strata[i] = 4;
          for (auto& f : d.f) f[i] += 1e6 * d.strata[i];
        }
        if (!sorted) d.strata[5000] = 3;
        const LabelSummary whole = summarise(d);
        for (int h = 0; h < 5; ++h) {
          Design alone = part_of(d, [&](std::size_t i) { return d.strata[i] == h; });
          alone.strata.clear();
          CAPTURE(judges);
          CAPTURE(known_prob);
          CAPTURE(sorted);
          CAPTURE(h);
          LabelSummary cell = whole;
          cell.n_strata = 1;
          cell.cells = {whole.cells[designs::at(h)]};
          check_same(cell, summarise(alone));
        }
      }
    }
  }
}

TEST_CASE("labelled rows are kept as they are, up to a limit") {
  Shape shape;
  shape.n = 5000;
  shape.judges = 2;
  const Design d = designs::random_design(shape, 9);
  const auto run = judicious::serial_executor();
  const LabelSummary all = judicious::summarise_rows(d.rows(), run);
  const auto& units = all.cells[0].units;
  std::size_t next = 0;
  for (std::size_t i = 0; i < d.n(); ++i) {
    if (std::isnan(d.y[i])) continue;
    CHECK(units.values[3 * next] == d.y[i]);
    CHECK(units.values[3 * next + 2] == d.f[1][i]);
    ++next;
  }
  CHECK(units.size() == next);
  CHECK(units.n_true.empty());
  const LabelSummary few = judicious::summarise_rows(d.rows(), run, 100);
  CHECK_FALSE(few.cells[0].units.complete);
  CHECK(few.cells[0].units.size() == 0);
  CHECK(few.cells[0].rows.labelled.cross == all.cells[0].rows.labelled.cross);
}

TEST_CASE("many clusters in random order are those of sorted rows, on any number of threads") {
  constexpr std::size_t n = 250000;
  constexpr int n_clusters = 140000;  // more than are collected at once
  for (const int judges : {0, 1, 2, 4}) {
    Design sorted, shuffled;
    sorted.f.resize(static_cast<std::size_t>(judges));
    shuffled.f.resize(sorted.f.size());
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t j = i * 100003 % n;  // each row once
      const auto add = [&](std::size_t row, Design& to) {
        const double x = static_cast<double>(row * row % 1009);
        to.y.push_back(row % 50 == 0 ? x + 1.0 : designs::missing);
        for (auto& f : to.f) f.push_back(1000.0 + x);
        to.clusters.push_back(static_cast<int>(row * n_clusters / n));
      };
      add(i, sorted);
      add(j, shuffled);
    }
    const LabelSummary whole = summarise(shuffled);
    check_same(whole, summarise(sorted));
    for (const std::size_t n_tasks : {2u, 5u}) {
      const auto tasks =
          judicious::summarise(shuffled.rows(), n_tasks, judicious::serial_executor());
      CHECK(judicious::pack(tasks) == judicious::pack(whole));
    }
  }
}

TEST_CASE("more clusters than are collected at once are those of parts") {
  constexpr std::size_t n = 280000;
  for (const bool known_prob : {false, true}) {
    Design d;
    d.f.resize(1);
    for (std::size_t i = 0; i < n; ++i) {
      const double x = static_cast<double>(i * i % 1009);
      d.y.push_back(i % 61 == 5 ? x - 1.0 : designs::missing);
      d.f[0].push_back(1e4 + x);
      d.clusters.push_back(static_cast<int>(i / 2));
      d.strata.push_back(static_cast<int>(i / 2 % 3));
      if (known_prob) d.prob.push_back(0.1 + static_cast<double>(i / 2 % 7) / 10.0);
    }
    const LabelSummary whole = summarise(d);
    check_same(merged(parts_of(d, 4), {0, 1, 2, 3}), whole);
    const auto tasks = judicious::summarise(d.rows(), 3, judicious::serial_executor());
    CHECK(judicious::pack(tasks) == judicious::pack(whole));
  }
}

TEST_CASE("totals of clusters do not depend on how far their rows are in order") {
  constexpr std::size_t n = 9000;
  for (const int size : {1, 3, 10, 2500}) {
    Design d;
    d.f.resize(1);
    for (std::size_t i = 0; i < n; ++i) {
      const double x = static_cast<double>(i * i % 1009);
      d.y.push_back(i % 37 == 5 || i / 50 == 60 ? x - 1.0 : designs::missing);
      d.f[0].push_back(1e5 + x);
      d.clusters.push_back(static_cast<int>(i) / size);
    }
    const LabelSummary ordered = summarise(d);
    // Some rows of the third block change places with some of the sixth, and the last ones move up.
    std::vector<std::size_t> rows(n);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::swap_ranges(rows.begin() + 2100, rows.begin() + 2400, rows.begin() + 5300);
    std::rotate(rows.begin() + 7000, rows.end() - 900, rows.end());
    Design moved;
    moved.f.resize(1);
    for (const std::size_t i : rows) {
      moved.y.push_back(d.y[i]);
      moved.f[0].push_back(d.f[0][i]);
      moved.clusters.push_back(d.clusters[i]);
    }
    const LabelSummary whole = summarise(moved);
    CAPTURE(size);
    check_same(whole, ordered);
    for (const std::size_t n_tasks : {2u, 7u}) {
      const auto run = judicious::serial_executor();
      CHECK(judicious::pack(judicious::summarise(moved.rows(), n_tasks, run)) ==
            judicious::pack(whole));
      CHECK(judicious::pack(judicious::summarise(d.rows(), n_tasks, run)) ==
            judicious::pack(ordered));
    }
  }
}

TEST_CASE("the first labelled rows are noted, in order") {
  for (const double share : {0.001, 0.3, 1.0}) {
    Shape shape;
    shape.n = 300000;
    shape.strata = 2;
    shape.share = share;
    const Design d = designs::random_design(shape, 77);
    std::vector<std::size_t> expected;
    for (std::size_t i = 0; i < d.n(); ++i) {
      if (!std::isnan(d.y[i]) && expected.size() < judicious::most_first_labelled) {
        expected.push_back(i);
      }
    }
    CHECK(summarise(d).first_labelled == expected);
  }
}

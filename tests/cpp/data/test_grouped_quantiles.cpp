#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <judicious/data/grouped_quantiles.hpp>
#include <limits>
#include <random>
#include <vector>

namespace {

using judicious::Column;
using judicious::GroupedQuantiles;
using judicious::QuantileSearch;
using judicious::Rows;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Type 7 by sorting. At least one value.
double sorted_quantile(std::vector<double> x, double probability) {
  std::sort(x.begin(), x.end());
  const double at = static_cast<double>(x.size() - 1) * probability;
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, x.size() - 1);
  return x[low] + (at - static_cast<double>(low)) * (x[high] - x[low]);
}

struct Grouped {
  std::vector<double> x;
  std::vector<int> group;  // codes from `first`; empty: one group
  int first = 0;
  std::size_t n_groups = 1;
};

// The 10 % quantile of the positive values of every group, as the estimator asks for it.
void check_against_sorting(const Grouped& data, double probability = 0.1) {
  Rows rows;
  rows.n = data.x.size();
  Column column;
  column.real = data.x.data();
  if (!data.group.empty()) rows.strata = {data.group.data(), data.first, data.n_groups};
  std::vector<std::vector<double>> values(data.n_groups);
  for (std::size_t i = 0; i < rows.n; ++i) {
    if (data.x[i] > 0.0) values[rows.strata[i]].push_back(data.x[i]);
  }
  std::vector<QuantileSearch> searches;
  for (const auto& v : values) {
    const auto [low, high] = std::minmax_element(v.begin(), v.end());
    searches.emplace_back(v.empty() ? 0.0 : *low, v.empty() ? 0.0 : *high, v.size(), probability);
  }
  const std::vector<double> found = GroupedQuantiles(rows, column, searches).run();
  REQUIRE(found.size() == data.n_groups);
  for (std::size_t h = 0; h < data.n_groups; ++h) {
    if (values[h].empty()) continue;
    CAPTURE(h);
    CHECK(found[h] == doctest::Approx(sorted_quantile(values[h], probability)).epsilon(1e-15));
  }
}

Grouped one_group(std::size_t n, const std::function<double(std::size_t)>& value) {
  Grouped out;
  for (std::size_t i = 0; i < n; ++i) out.x.push_back(value(i));
  return out;
}

std::function<double(std::size_t)> uniform_draws(unsigned seed) {
  return [rng = std::mt19937_64(seed)](std::size_t) mutable {
    return std::uniform_real_distribution<double>(1e-3, 1.0)(rng);
  };
}

// More rows than fit the candidates' budget, so that brackets and bins are used.
constexpr std::size_t many = 150001;

}  // namespace

TEST_CASE("tiny groups") {
  for (std::size_t n = 1; n <= 30; ++n) check_against_sorting(one_group(n, uniform_draws(1)));
}

TEST_CASE("one large group") {
  check_against_sorting(one_group(many, uniform_draws(2)));
  check_against_sorting(one_group(many, uniform_draws(3)), 0.973);
}

TEST_CASE("constant and two-valued columns, also with a lone other value") {
  check_against_sorting(one_group(many, [](std::size_t) { return 0.3; }));
  for (std::size_t n : {std::size_t{7}, many}) {
    for (std::size_t every : {2, 3, 9, 10, 11, 40}) {
      check_against_sorting(one_group(n, [&](std::size_t i) { return i % every ? 0.8 : 0.2; }));
      check_against_sorting(one_group(n, [&](std::size_t i) { return i % every ? 0.2 : 0.8; }));
    }
  }
  check_against_sorting(one_group(many, [](std::size_t i) { return i == 77 ? 0.1 : 0.9; }));
  check_against_sorting(one_group(many, [](std::size_t i) { return i == 77 ? 0.9 : 0.1; }));
}

TEST_CASE("the position just before a jump") {
  // (n - 1) / 10 whole and with a fraction, the jump on either side of it.
  for (std::size_t n : {many, many + 3}) {
    const std::size_t rank = (n - 1) / 10;
    for (std::size_t below : {rank - 1, rank, rank + 1, rank + 2}) {
      check_against_sorting(one_group(n, [&](std::size_t i) { return i < below ? 0.1 : 0.7; }));
    }
  }
}

TEST_CASE("many ties") {
  auto draw = uniform_draws(4);
  check_against_sorting(one_group(many, [&](std::size_t i) { return std::ceil(6 * draw(i)) / 6; }));
  check_against_sorting(one_group(many, [&](std::size_t i) {
    const double x = draw(i);
    return x < 0.3 ? 0.05 : x;  // the wanted value lies inside a block of ties
  }));
}

TEST_CASE("values spread over many orders of magnitude, and in order") {
  auto draw = uniform_draws(5);
  check_against_sorting(one_group(many, [&](std::size_t i) { return std::pow(draw(i), 30.0); }));
  check_against_sorting(one_group(many, [&](std::size_t i) { return i == 5 ? 1e300 : draw(i); }));
  check_against_sorting(one_group(many, [](std::size_t i) { return 1e-6 * (1.0 + i); }));
  check_against_sorting(one_group(many, [](std::size_t i) { return 1e-6 * (many - i); }));
}

TEST_CASE("a sample that misleads costs a pass, not the result") {
  // The sample takes every n / 2^14 = 9th row; those rows are unlike the others.
  REQUIRE(many / (1 << 14) == 9);
  auto draw = uniform_draws(6);
  check_against_sorting(one_group(
      many, [&](std::size_t i) { return i % 9 == 0 ? 0.9 + 0.1 * draw(i) : 0.5 * draw(i); }));
  check_against_sorting(one_group(
      many, [&](std::size_t i) { return i % 9 == 0 ? 1e-3 * draw(i) : 0.5 + 0.1 * draw(i); }));
}

TEST_CASE("rows outside the frame do not count") {
  auto draw = uniform_draws(7);
  for (std::size_t n : {std::size_t{50}, many}) {
    check_against_sorting(one_group(n, [&](std::size_t i) {
      if (i % 3 == 0) return 0.0;
      return i % 5 == 0 ? missing : draw(i);
    }));
  }
}

TEST_CASE("groups of every size and shape at once") {
  auto draw = uniform_draws(8);
  Grouped data;
  data.first = -2;
  data.n_groups = 8;
  for (std::size_t i = 0; i < 2 * many; ++i) {
    const int group = i == 100 ? 0 : i < 14 ? 1 : i % 50 == 0 ? 2 : 3 + static_cast<int>(i % 5);
    const double x = draw(i);
    const double value = group == 3   ? 0.25
                         : group == 4 ? (x < 0.1 ? 0.1 : 0.6)
                         : group == 5 ? x * x * x
                         : group == 6 ? (x < 0.5 ? missing : x)
                                      : x;
    data.x.push_back(value);
    data.group.push_back(group + data.first);
  }
  check_against_sorting(data);
}

TEST_CASE("hundreds of small groups, and a group without values") {
  auto draw = uniform_draws(9);
  Grouped data;
  data.n_groups = 301;  // group 300 does not occur
  for (std::size_t i = 0; i < many; ++i) {
    data.x.push_back(draw(i));
    data.group.push_back(static_cast<int>((i * 7919) % 300));
  }
  check_against_sorting(data);
}

TEST_CASE("integer columns") {
  std::vector<int> x(40000);
  std::vector<double> reals;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 1 + static_cast<int>((i * 31) % 1000);
  for (int value : x) reals.push_back(value);
  Rows rows;
  rows.n = x.size();
  Column column;
  column.integer = x.data();
  const std::vector<QuantileSearch> search = {{1.0, 1000.0, x.size(), 0.1}};
  CHECK(GroupedQuantiles(rows, column, search).run()[0] == sorted_quantile(reals, 0.1));
}

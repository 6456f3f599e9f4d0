#include <doctest/doctest.h>

#include <judicious/estimate/bootstrap.hpp>
#include <random>

namespace {

using judicious::BootstrapScratch;
using judicious::BootstrapStratum;
using judicious::Matrix;
using judicious::Vector;

// A stratum whose labelled units are 0/1 labels and judges: four kinds.
BootstrapStratum few_kinds(std::size_t n, unsigned seed) {
  std::mt19937_64 rng(seed);
  BootstrapStratum s;
  s.n = n;
  s.varying = {1, 2};
  s.constant = Vector::Unit(5, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const double judge = rng() % 10 < 3 ? 1.0 : 0.0;
    s.values.push_back(rng() % 10 < 8 ? judge : 1.0 - judge);
    s.values.push_back(judge);
  }
  return s;
}

struct Drawn {
  Vector mean;
  Matrix covariance;
};

Drawn draw(const BootstrapStratum& s, std::size_t n_draws, unsigned seed) {
  std::mt19937_64 rng(seed);
  BootstrapScratch scratch;
  judicious::ShiftedSums<Eigen::Dynamic> sums(5);
  for (std::size_t b = 0; b < n_draws; ++b) {
    judicious::resample(rng, s, false, scratch);
    sums.add(scratch.total);
  }
  const judicious::Moments m = sums.moments();
  return {m.mean, m.cross / (m.n - 1.0)};
}

// Of the total of n draws: n times those of a unit.
Drawn expected(const BootstrapStratum& s) {
  judicious::ShiftedSums<Eigen::Dynamic> sums(5);
  for (std::size_t i = 0; i < s.n; ++i) {
    Vector u = s.constant;
    u[1] = s.values[2 * i];
    u[2] = s.values[2 * i + 1];
    sums.add(u);
  }
  const judicious::Moments m = sums.moments();
  return {m.n * m.mean, m.cross};
}

void check_same(const Drawn& a, const Drawn& b, double n_draws) {
  for (int j = 0; j < 5; ++j) {
    CHECK(std::abs(a.mean[j] - b.mean[j]) <= 3.7 * std::sqrt(b.covariance(j, j) / n_draws));
    for (int k = 0; k < 5; ++k) {
      const double c = b.covariance(j, k), v = b.covariance(j, j) * b.covariance(k, k);
      CHECK(std::abs(a.covariance(j, k) - c) <= 3.7 * std::sqrt((v + c * c) / n_draws));
    }
  }
}

}  // namespace

TEST_CASE("kinds of units are drawn as counts, with the distribution of drawing units") {
  for (const std::size_t n : {400u, 3000u}) {
    const BootstrapStratum units = few_kinds(n, 1);
    BootstrapStratum kinds = units;
    judicious::group_kinds(kinds);
    REQUIRE(kinds.sizes.size() == 4);
    CHECK(kinds.sizes[0] >= kinds.sizes[1]);
    CHECK(kinds.sizes[2] >= kinds.sizes[3]);
    constexpr std::size_t n_draws = 4000;
    check_same(draw(kinds, n_draws, 2), expected(units), n_draws);
    check_same(draw(units, n_draws, 3), expected(units), n_draws);
  }
}

TEST_CASE("kinds do not depend on the order of the units") {
  const BootstrapStratum units = few_kinds(1000, 4);
  BootstrapStratum reversed = units, kinds = units;
  for (std::size_t i = 0; i < units.n; ++i) {
    for (std::size_t k = 0; k < 2; ++k) {
      reversed.values[2 * i + k] = units.values[2 * (units.n - 1 - i) + k];
    }
  }
  judicious::group_kinds(kinds);
  judicious::group_kinds(reversed);
  CHECK(kinds.values == reversed.values);
  CHECK(kinds.sizes == reversed.sizes);
}

TEST_CASE("units that differ, or few alike ones, stay as they are") {
  BootstrapStratum s = few_kinds(100, 5);
  judicious::group_kinds(s);
  CHECK(s.sizes.empty());
  CHECK(s.values.size() == 200);
  s = few_kinds(2000, 6);
  for (std::size_t i = 0; i < s.values.size(); ++i) s.values[i] += static_cast<double>(i);
  judicious::group_kinds(s);
  CHECK(s.sizes.empty());
}

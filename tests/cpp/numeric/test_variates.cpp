#include <doctest/doctest.h>

#include <cmath>
#include <judicious/numeric/distributions.hpp>
#include <judicious/numeric/variates.hpp>
#include <random>
#include <vector>

namespace {

using judicious::binomial_variate;

double log_mass(std::size_t k, std::size_t n, double p) {
  const auto a = static_cast<double>(k), size = static_cast<double>(n);
  return std::lgamma(size + 1.0) - std::lgamma(a + 1.0) - std::lgamma(size - a + 1.0) +
         a * std::log(p) + (size - a) * std::log1p(-p);
}

// z of Pearson's statistic, by Wilson and Hilferty; cells with few expected draws are left out.
double pearson_z(std::size_t n, double p, std::size_t n_draws, unsigned seed) {
  std::mt19937_64 rng(seed);
  std::vector<double> seen(n + 1, 0.0);
  for (std::size_t i = 0; i < n_draws; ++i) seen[binomial_variate(rng, n, p)] += 1.0;
  double chi = 0.0, df = -1.0, other_seen = static_cast<double>(n_draws), other = other_seen;
  for (std::size_t k = 0; k <= n; ++k) {
    const double expected = static_cast<double>(n_draws) * std::exp(log_mass(k, n, p));
    if (expected < 20.0) continue;
    chi += (seen[k] - expected) * (seen[k] - expected) / expected;
    df += 1.0;
    other_seen -= seen[k];
    other -= expected;
  }
  if (other > 20.0) {
    chi += (other_seen - other) * (other_seen - other) / other;
    df += 1.0;
  }
  return (std::cbrt(chi / df) - (1.0 - 2.0 / (9.0 * df))) / std::sqrt(2.0 / (9.0 * df));
}

}  // namespace

TEST_CASE("binomial variates have the binomial distribution") {
  unsigned seed = 1;
  for (const std::size_t n : {5u, 40u, 100u, 3000u, 1000000u}) {
    for (const double p : {0.0005, 0.02, 0.1, 0.3, 0.5, 0.8, 0.999}) {
      const double spread = std::sqrt(static_cast<double>(n) * p * (1.0 - p));
      if (spread < 0.3 || spread > 60.0) continue;
      CAPTURE(n);
      CAPTURE(p);
      const double z = pearson_z(n, p, 40000, seed++);
      CHECK(std::abs(z) < 3.7);
    }
  }
}

TEST_CASE("binomial variates of millions have the mean and spread asked for") {
  std::mt19937_64 rng(7);
  constexpr std::size_t n = 50000000;
  constexpr double p = 0.37, n_draws = 20000.0;
  double sum = 0.0, squares = 0.0;
  for (double i = 0.0; i < n_draws; i += 1.0) {
    const double d = static_cast<double>(binomial_variate(rng, n, p)) - p * n;
    sum += d;
    squares += d * d;
  }
  const double variance = n * p * (1.0 - p);
  CHECK(std::abs(sum / std::sqrt(n_draws * variance)) < 3.5);
  CHECK(std::abs(squares / n_draws / variance - 1.0) < 3.5 * std::sqrt(2.0 / n_draws));
}

TEST_CASE("binomial variates at the ends are certain") {
  std::mt19937_64 rng(1);
  CHECK(binomial_variate(rng, 0, 0.5) == 0);
  CHECK(binomial_variate(rng, 17, 0.0) == 0);
  CHECK(binomial_variate(rng, 17, 1.0) == 17);
  for (int i = 0; i < 1000; ++i) CHECK(binomial_variate(rng, 3, 0.9) <= 3);
}

TEST_CASE("multinomial counts add up, and vary together as they should") {
  std::mt19937_64 rng(3);
  const std::vector<double> sizes = {500.0, 300.0, 199.0, 1.0};
  std::vector<double> counts(4), sum(4, 0.0);
  double product = 0.0;
  constexpr double n_draws = 20000.0, n = 1000.0;
  for (double i = 0.0; i < n_draws; i += 1.0) {
    judicious::multinomial_variate(rng, sizes, n, 1000, counts);
    double total = 0.0;
    for (std::size_t k = 0; k < 4; ++k) {
      total += counts[k];
      sum[k] += counts[k];
    }
    CHECK(total == n);
    product += (counts[0] - 500.0) * (counts[1] - 300.0);
  }
  for (std::size_t k = 0; k < 4; ++k) {
    const double p = sizes[k] / n;
    CHECK(std::abs(sum[k] - n_draws * sizes[k]) < 3.5 * std::sqrt(n_draws * n * p * (1.0 - p)));
  }
  // Covariance -n p q; its standard error from (1 + r^2) v1 v2.
  const double v = n * 0.25 * n * 0.21, expected = -n * 0.5 * 0.3;
  CHECK(std::abs(product / n_draws - expected) <
        3.5 * std::sqrt((v + expected * expected) / n_draws));
}

TEST_CASE("indices are uniform, whether visited one by one or in turns") {
  struct Turns {
    double first = 0.0, other = 0.0;
    void operator()(std::size_t i) { first += static_cast<double>(i); }
    void second(std::size_t i) { other += static_cast<double>(i); }
  };
  std::mt19937_64 rng(5), same(5);
  double sum = 0.0;
  judicious::draw_indices(rng, 1000, 200001, [&](std::size_t i) { sum += static_cast<double>(i); });
  const Turns turns = judicious::draw_indices(same, 1000, 200001, Turns());
  CHECK(turns.first + turns.other == sum);
  CHECK(turns.other > 0.4 * sum);
  CHECK(std::abs(sum / 200001.0 - 499.5) < 3.5 * 1000.0 / std::sqrt(12.0 * 200001.0));
}

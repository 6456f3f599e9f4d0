#include <doctest/doctest.h>

#include <cmath>
#include <judicious/ratings/item_bootstrap.hpp>
#include <random>

using judicious::Counts;
using judicious::ItemKinds;

namespace {

ItemKinds kinds_of_sizes(const std::vector<int>& sizes) {
  ItemKinds out;
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    for (int i = 0; i < sizes[k]; ++i) out.add(k);
  }
  return out;
}

std::mt19937_64 stream(std::uint64_t b) { return std::mt19937_64(judicious::stream_seed(1, b)); }

// Mean and variance of the counts of each kind are those of the multinomial.
void check_multinomial(const ItemKinds& items, std::size_t n_rep) {
  const std::size_t n_kinds = items.sizes.size();
  const double n = static_cast<double>(items.n_items());
  std::vector<double> sum(n_kinds, 0.0), squares(n_kinds, 0.0);
  Counts counts(n_kinds);
  std::mt19937_64 rng(7);
  for (std::size_t b = 0; b < n_rep; ++b) {
    judicious::resample_items(rng, items, counts);
    double total = 0.0;
    for (std::size_t k = 0; k < n_kinds; ++k) {
      total += counts[k];
      sum[k] += counts[k];
      squares[k] += counts[k] * counts[k];
    }
    REQUIRE(total == n);
  }
  for (std::size_t k = 0; k < n_kinds; ++k) {
    const double p = items.sizes[k] / n, reps = static_cast<double>(n_rep);
    const double mean = sum[k] / reps, variance = squares[k] / reps - mean * mean;
    const double expected = n * p * (1.0 - p);
    CHECK(std::abs(mean - n * p) < 5.0 * std::sqrt(expected / reps));
    CHECK(std::abs(variance / expected - 1.0) < 5.0 * std::sqrt(2.5 / reps));
  }
}

}  // namespace

TEST_CASE("items are drawn with replacement, one by one or by kind") {
  check_multinomial(kinds_of_sizes({3, 10, 1, 26}), 20000);
  check_multinomial(kinds_of_sizes({3000, 100, 2, 1898}), 20000);  // binomial draws
}

TEST_CASE("replicates belong to their number, whatever the executor") {
  const std::vector<double> scores{1.0, 2.0, 4.0, 8.0};
  const auto items = judicious::distinct_items(scores.size());
  const judicious::MeanScore mean(scores);
  const auto backwards = [](std::size_t n, const judicious::Task& task) {
    for (std::size_t i = n; i > 0; --i) task(i - 1);
  };
  const auto a = judicious::bootstrap_items(items, 100, 1, mean, stream, backwards);
  const auto b =
      judicious::bootstrap_items(items, 100, 1, mean, stream, judicious::serial_executor());
  CHECK(a == b);
  CHECK(mean(items.sizes) == 3.75);
  for (const double x : a) CHECK((x >= 1.0 && x <= 8.0));
}

TEST_CASE("an infinite score that is not drawn does not spoil a mean") {
  const std::vector<double> scores{1.0, std::numeric_limits<double>::infinity()};
  const judicious::MeanScore mean(scores);
  CHECK(mean({2.0, 0.0}) == 1.0);
  CHECK(std::isinf(mean({1.0, 1.0})));
}

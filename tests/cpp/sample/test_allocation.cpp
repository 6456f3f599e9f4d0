#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <judicious/sample/allocation.hpp>
#include <random>
#include <stdexcept>
#include <vector>

#include "vectors.hpp"

namespace {

using Eigen::VectorXd;
using Eigen::VectorXi;

}  // namespace

TEST_CASE("strata are counted and their spread is the sample standard deviation") {
  const VectorXi codes = integers({7, 5, 7, 6, 7, 5});
  const VectorXd values = doubles({1e9 + 1, 3, 1e9 + 2, 8, 1e9 + 6, 3});
  VectorXd sizes(3), sd(3);
  judicious::count_strata(codes, 5, sizes);
  judicious::spread_of_strata(codes, 5, values, sd);
  CHECK(sizes == doubles({2, 1, 3}));
  CHECK(sd[0] == 0.0);
  CHECK(std::isnan(sd[1]));
  CHECK(sd[2] == doctest::Approx(std::sqrt(7.0)).epsilon(1e-12));

  judicious::spread_of_strata(codes, 5, values * 1e200, sd);
  CHECK(std::isinf(sd[2]));
}

TEST_CASE("allocations by hand") {
  using judicious::allocate_labels;
  CHECK(allocate_labels(doubles({1, 1, 2}), doubles({9, 9, 9}), 8) == doubles({2, 2, 4}));
  // Largest remainders, then the first of equals.
  CHECK(allocate_labels(doubles({5, 3, 2}), doubles({9, 9, 9}), 7) == doubles({4, 2, 1}));
  CHECK(allocate_labels(doubles({1, 1, 1}), doubles({9, 9, 9}), 8) == doubles({3, 3, 2}));
  // The first is full at 2; its other 4 go to the others, one to three.
  CHECK(allocate_labels(doubles({6, 1, 3}), doubles({2, 9, 9}), 10) == doubles({2, 2, 6}));
  // Filling the first fills the third as well.
  CHECK(allocate_labels(doubles({6, 1, 3}), doubles({2, 9, 4}), 10) == doubles({2, 4, 4}));
  // No weight, no label, until all others are full; then by size.
  CHECK(allocate_labels(doubles({0, 1, 0}), doubles({30, 5, 10}), 4) == doubles({0, 4, 0}));
  CHECK(allocate_labels(doubles({0, 1, 0}), doubles({30, 5, 10}), 13) == doubles({6, 5, 2}));
  CHECK(allocate_labels(doubles({2, 1}), doubles({3, 4}), 7) == doubles({3, 4}));
  CHECK(allocate_labels(doubles({1}), doubles({5}), 3) == doubles({3}));
  // A small weight keeps its digits beside a large one.
  CHECK(allocate_labels(doubles({1e20, 1, 2}), doubles({4, 9, 9}), 10) == doubles({4, 2, 4}));
  CHECK_THROWS_AS(allocate_labels(doubles({1, 1}), doubles({2, 2}), 5), std::invalid_argument);
  CHECK_THROWS_AS(allocate_labels(doubles({1, 1}), doubles({2, 2}), 0), std::invalid_argument);
}

TEST_CASE("allocations of many strata add up and fit") {
  std::mt19937_64 rng(1);
  for (int repetition = 0; repetition < 200; ++repetition) {
    VectorXd weights(500), sizes(500);
    for (int h = 0; h < 500; ++h) {
      sizes[h] = 1.0 + static_cast<double>(judicious::uniform_below(rng, 50));
      weights[h] = std::exp(6.0 * judicious::normal01(rng));
    }
    const auto n_total = static_cast<std::uint64_t>(sizes.sum());
    const double n = 1.0 + static_cast<double>(judicious::uniform_below(rng, n_total));
    const VectorXd labels = judicious::allocate_labels(weights, sizes, n);
    CHECK(labels.sum() == n);
    CHECK((labels.array() >= 0.0).all());
    CHECK((labels.array() <= sizes.array()).all());
    CHECK(labels == labels.array().round().matrix());
  }
}

TEST_CASE("the labels needed suffice, and one less does not") {
  const VectorXd weights = doubles({7, 1, 30}), sizes = doubles({9, 20, 12});
  const double n = judicious::labels_needed(weights, sizes, 2);
  CHECK(judicious::allocate_labels(weights, sizes, n).minCoeff() >= 2);
  CHECK(judicious::allocate_labels(weights, sizes, n - 1).minCoeff() < 2);
  // The one without weight gets its two when the others are full.
  CHECK(judicious::labels_needed(doubles({1, 0}), doubles({40, 20}), 2) == 42);
  CHECK(judicious::labels_needed(doubles({1, 1}), doubles({2, 2}), 2) == 4);
}

TEST_CASE("strata are sampled as allocated, items of a stratum equally often") {
  std::mt19937_64 rng(2);
  const int n_rep = 50000;
  const VectorXi codes = integers({3, 4, 3, 3, 4, 5, 5});
  const VectorXd labels = doubles({1, 1, 2}), sizes = doubles({3, 2, 2});
  const VectorXd expected = doubles({1.0 / 3, 0.5, 1.0 / 3, 1.0 / 3, 0.5, 1, 1});
  VectorXd prob(7);
  VectorXi selected(7), count = VectorXi::Zero(7);
  for (int rep = 0; rep < n_rep; ++rep) {
    judicious::sample_strata(rng, codes, 3, labels, sizes, prob, selected);
    REQUIRE(selected[0] + selected[2] + selected[3] == 1);
    REQUIRE(selected[1] + selected[4] == 1);
    REQUIRE(selected[5] + selected[6] == 2);
    count += selected;
  }
  CHECK(prob == expected);
  for (int i = 0; i < 7; ++i) {
    const double p = expected[i];
    CHECK(std::abs(count[i] / double(n_rep) - p) <= 5.0 * std::sqrt(p * (1.0 - p) / n_rep));
  }
}

#include <doctest/doctest.h>

#include <cmath>
#include <judicious/ratings/kappa.hpp>

#include "vectors.hpp"

using judicious::CohenKappa;
using judicious::FleissKappa;
using judicious::KappaWeights;

TEST_CASE("Cohen's kappa by hand") {
  // 20 both yes, 15 both no, 5 and 10 apart (a textbook table): 0.4.
  Eigen::VectorXi a(50), b(50);
  a << Eigen::VectorXi::Constant(25, 1), Eigen::VectorXi::Constant(25, 2);
  b << Eigen::VectorXi::Constant(20, 1), Eigen::VectorXi::Constant(5, 2),
      Eigen::VectorXi::Constant(10, 1), Eigen::VectorXi::Constant(15, 2);
  const auto data = judicious::label_pairs(a, b);
  const CohenKappa kappa(data, KappaWeights::unweighted, {1, 2});
  CHECK(kappa(data.items.sizes) == doctest::Approx(0.4).epsilon(1e-14));
  CHECK(CohenKappa(data, KappaWeights::quadratic, {3, 9})(data.items.sizes) ==
        doctest::Approx(0.4).epsilon(1e-14));
  CHECK(std::isnan(kappa({10, 0, 0, 0})));
}

TEST_CASE("linear and quadratic weights use positions") {
  const auto data = judicious::label_pairs(integers({1, 2, 3}), integers({1, 3, 3}));
  // Observed |d| 0, 1, 0; by chance the mean over all 9 pairs of (1,2,3) and (1,3,3): 1.
  CHECK(CohenKappa(data, KappaWeights::linear, {1, 2, 3})({1, 1, 1}) == doctest::Approx(2.0 / 3.0));
  CHECK(CohenKappa(data, KappaWeights::linear, {1, 2, 12})({1, 1, 1}) ==
        doctest::Approx(1.0 - (10.0 / 3.0) / 6.0));
}

TEST_CASE("Fleiss' kappa of complete and incomplete ratings") {
  Eigen::MatrixXi counts(4, 2);
  counts << 2, 0, 2, 1, 0, 3, 1, 0;
  const auto data = judicious::patterns_of_counts(counts, 1);
  CHECK(FleissKappa(data)(data.units.sizes) == doctest::Approx(0.5).epsilon(1e-14));
  CHECK(FleissKappa(data)({0, 0, 1, 0}) != FleissKappa(data)({0, 0, 1, 0}));  // one label
  CHECK(FleissKappa(data)({1, 0, 1, 0}) == 1.0);
}

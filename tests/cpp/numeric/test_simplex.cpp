#include <doctest/doctest.h>

#include <cmath>
#include <judicious/numeric/simplex.hpp>
#include <random>

#include "vectors.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

VectorXd random_vector(std::mt19937_64& rng, Eigen::Index n) {
  VectorXd x(n);
  for (Eigen::Index k = 0; k < n; ++k) x[k] = judicious::normal01(rng);
  return x;
}

}  // namespace

TEST_CASE("projections by hand") {
  CHECK((judicious::project_simplex(VectorXd::Constant(4, 7.0)) - VectorXd::Constant(4, 0.25))
            .norm() < 1e-15);
  const VectorXd inside = doubles({0.2, 0.5, 0.3});
  CHECK((judicious::project_simplex(inside) - inside).norm() < 1e-15);
  // x - 0.4 has two positive entries, which sum to 1.
  const VectorXd x = doubles({1.2, 0.6, -3.0});
  const VectorXd expected = doubles({0.8, 0.2, 0.0});
  CHECK((judicious::project_simplex(x) - expected).norm() < 1e-15);
}

TEST_CASE("no distribution is nearer than the projection") {
  std::mt19937_64 rng(4);
  for (int trial = 0; trial < 200; ++trial) {
    const VectorXd x = random_vector(rng, 6);
    const VectorXd p = judicious::project_simplex(x);
    CHECK(p.minCoeff() >= 0.0);
    CHECK(p.sum() == doctest::Approx(1.0).epsilon(1e-14));
    const VectorXd other = judicious::dirichlet_variate(rng, 6, 0.7);
    // The obtuse-angle criterion of projections on convex sets.
    CHECK((x - p).dot(other - p) <= 1e-12);
  }
}

TEST_CASE("Bayes' inverse by hand, with an impossible outcome") {
  MatrixXd likelihood(3, 2);
  likelihood << 0.9, 0.2, 0.1, 0.8, 0.0, 0.0;
  const VectorXd prior = doubles({0.25, 0.75});
  const MatrixXd inverse = judicious::bayes_inverse(likelihood, prior);
  CHECK(inverse.rows() == 2);
  CHECK(inverse.cols() == 3);
  CHECK(inverse(0, 0) == doctest::Approx(0.225 / 0.375));
  CHECK(inverse(1, 1) == doctest::Approx(0.6 / 0.625));
  CHECK(inverse.col(2).sum() == 0.0);
}

TEST_CASE("Dirichlet variates have the right mean and spread, however small the parameter") {
  std::mt19937_64 rng(5);
  for (const double concentration : {0.001, 0.5, 3.0}) {
    const int n = 20000;
    VectorXd sum = VectorXd::Zero(3);
    double squares = 0.0;
    for (int i = 0; i < n; ++i) {
      const VectorXd p = judicious::dirichlet_variate(rng, 3, concentration);
      REQUIRE(std::abs(p.sum() - 1.0) < 1e-12);
      sum += p;
      squares += p[0] * p[0];
    }
    const double variance = (1.0 / 3.0) * (2.0 / 3.0) / (3.0 * concentration + 1.0);
    CHECK((sum / n - VectorXd::Constant(3, 1.0 / 3.0)).cwiseAbs().maxCoeff() <
          5 * std::sqrt(variance / n));
    CHECK(squares / n - 1.0 / 9.0 == doctest::Approx(variance).epsilon(0.05));
  }
}

TEST_CASE("categorical variates never take an outcome of probability 0") {
  std::mt19937_64 rng(6);
  const VectorXd prob = doubles({0.0, 0.3, 0.7, 0.0});
  const int n = 20000;
  int ones = 0;
  for (int i = 0; i < n; ++i) {
    const std::size_t outcome = judicious::categorical_variate(rng, prob);
    REQUIRE((outcome == 1 || outcome == 2));
    ones += outcome == 1 ? 1 : 0;
  }
  CHECK(std::abs(static_cast<double>(ones) / n - 0.3) < 5 * std::sqrt(0.21 / n));
}

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <judicious/numeric/random.hpp>
#include <judicious/sample/cost_optimal.hpp>
#include <limits>
#include <random>
#include <stdexcept>

#include "vectors.hpp"

namespace {

using Eigen::VectorXd;
using judicious::Costs;

// The objective of the header's first lines.
double objective(const VectorXd& prob, const VectorXd& u, double variance, Costs costs) {
  const double extra = (u.array().square() * (prob.array().inverse() - 1.0)).mean();
  return (costs.judge + costs.human * prob.mean()) * (variance + extra);
}

VectorXd probabilities(const VectorXd& u, const judicious::CostOptimalPolicy& policy) {
  VectorXd prob(u.size());
  judicious::cost_optimal_probabilities(u, policy, prob);
  return prob;
}

}  // namespace

TEST_CASE("the cost-optimal policy by hand") {
  // One value: gamma = sqrt((judge / human) / (variance - u^2)).
  const VectorXd equal = VectorXd::Constant(3, 0.5);
  auto policy = judicious::cost_optimal_policy(equal, 1.25, {4, 1});
  CHECK(policy.tau == 0.5);
  CHECK(policy.gamma == doctest::Approx(0.5).epsilon(1e-15));
  CHECK(policy.objective == doctest::Approx(2.0 * (1.25 + 0.25 * 3)).epsilon(1e-15));
  // The judge is as wrong as the labels vary: humans label all.
  policy = judicious::cost_optimal_policy(equal, 0.25, {4, 1});
  CHECK(probabilities(equal, policy) == VectorXd::Ones(3));
  CHECK(policy.objective == doctest::Approx(5 * 0.25));
  // A free judge: the threshold excludes the largest, gamma = sqrt(1/2 / (1 - 1/32)).
  const VectorXd two = doubles({0.25, 2});
  policy = judicious::cost_optimal_policy(two, 1, {4, 0});
  CHECK(policy.tau == 0.25);
  CHECK(policy.gamma == doctest::Approx(std::sqrt(0.5 / (1 - 1.0 / 32))).epsilon(1e-15));
  CHECK(probabilities(two, policy)[1] == 1.0);
}

TEST_CASE("no nearby probabilities are better") {
  std::mt19937_64 rng(1);
  for (int repetition = 0; repetition < 200; ++repetition) {
    VectorXd u(20);
    for (int i = 0; i < 20; ++i) u[i] = std::exp(judicious::normal01(rng)) / 3;
    const Costs costs{1.0, std::exp(2.0 * judicious::normal01(rng) - 2.0)};
    const auto policy = judicious::cost_optimal_policy(u, 1.0, costs);
    const VectorXd prob = probabilities(u, policy);
    const double best = objective(prob, u, 1.0, costs);
    CHECK(policy.objective == doctest::Approx(best).epsilon(1e-12));
    for (int i = 0; i < 20; ++i) {
      for (const double step : {-0.01, 0.01}) {
        VectorXd other = prob;
        other[i] = std::min(prob[i] * (1 + step), 1.0);
        CHECK(objective(other, u, 1.0, costs) >= best * (1 - 1e-12));
      }
    }
  }
}

TEST_CASE("equal values are one threshold") {
  const VectorXd once = doubles({0.2, 0.4, 1.5}), twice = doubles({0.4, 1.5, 0.2, 1.5, 0.4, 0.2});
  const auto a = judicious::cost_optimal_policy(once, 0.8, {5, 0.5});
  const auto b = judicious::cost_optimal_policy(twice, 0.8, {5, 0.5});
  CHECK(a.tau == b.tau);
  CHECK(a.gamma == doctest::Approx(b.gamma).epsilon(1e-14));
}

TEST_CASE("one probability for all") {
  const auto policy = judicious::cost_optimal_rate(0.25, 0.05, {10, 1});
  CHECK(policy.prob(std::sqrt(0.05)) == doctest::Approx(std::sqrt(0.1 * 0.05 / 0.2)));
  CHECK(judicious::cost_optimal_rate(0.25, 0.25, {10, 1}).prob(0.5) == 1.0);
  CHECK(judicious::cost_optimal_rate(0.25, 0.3, {10, 0}).prob(std::sqrt(0.3)) == 1.0);
  CHECK_THROWS_AS(judicious::cost_optimal_rate(0.25, 0.05, {10, 0}), std::domain_error);
  CHECK_THROWS_AS(judicious::cost_optimal_rate(0.25, 0, {10, 1}), std::invalid_argument);
  CHECK_THROWS_AS(judicious::cost_optimal_rate(0, 0.1, {10, 1}), std::invalid_argument);
}

TEST_CASE("plans without an answer are refused") {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  const VectorXd u = doubles({0.1, 0.2});
  for (const double bad : {0.0, -1.0, inf, nan}) {
    CHECK_THROWS_AS(judicious::cost_optimal_policy(doubles({0.1, bad}), 1, {1, 1}),
                    std::invalid_argument);
    CHECK_THROWS_AS(judicious::cost_optimal_policy(u, bad, {1, 1}), std::invalid_argument);
    CHECK_THROWS_AS(judicious::cost_optimal_policy(u, 1, {bad, 1}), std::invalid_argument);
  }
  CHECK_THROWS_AS(judicious::cost_optimal_policy(u, 1, {1, -0.5}), std::invalid_argument);
  CHECK_THROWS_AS(judicious::cost_optimal_policy(VectorXd(), 1, {1, 1}), std::invalid_argument);
  CHECK_THROWS_AS(judicious::cost_optimal_policy(doubles({1, 1}), 2, {1, 0}), std::domain_error);
  CHECK_THROWS_AS(probabilities(doubles({1e-320}), {1, 0.5}), std::domain_error);
}

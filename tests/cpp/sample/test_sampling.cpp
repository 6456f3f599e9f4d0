#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <judicious/numeric/random.hpp>
#include <judicious/sample/sampling.hpp>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

#include "vectors.hpp"

namespace {

using Eigen::VectorXd;
using Eigen::VectorXi;
using Rng = std::mt19937_64;

VectorXd active(const VectorXd& u, double n) {
  VectorXd prob(u.size());
  judicious::active_probabilities(u, n, prob);
  return prob;
}

// Five standard errors of a share of n_rep draws.
double margin(double p, int n_rep) { return 5.0 * std::sqrt(p * (1.0 - p) / n_rep) + 1e-12; }

struct CutOff {
  VectorXd prob;
  VectorXi selected;
};

CutOff cut(const VectorXi& order, const VectorXi& drawn, judicious::Costs costs, double budget) {
  CutOff out{VectorXd::Constant(order.size(), 0.5), VectorXi::Constant(order.size(), 7)};
  judicious::cut_off(order, drawn, costs, budget, {-1.0, -1}, out.prob, out.selected);
  return out;
}

}  // namespace

TEST_CASE("a random subset has the size asked for and no favourites") {
  Rng rng(1);
  const int n_rep = 50000;
  std::vector<int> flags(6), count(6, 0);
  for (int rep = 0; rep < n_rep; ++rep) {
    judicious::mark_random_subset(rng, flags.data(), flags.size(), 2);
    REQUIRE(std::accumulate(flags.begin(), flags.end(), 0) == 2);
    for (std::size_t i = 0; i < flags.size(); ++i) count[i] += flags[i];
  }
  for (const int c : count) CHECK(std::abs(c / double(n_rep) - 1.0 / 3) < margin(1.0 / 3, n_rep));
}

TEST_CASE("uniform and cluster samples") {
  Rng rng(2);
  VectorXd prob(10);
  VectorXi selected(10);
  judicious::sample_uniform(rng, 4, prob, selected);
  CHECK(selected.sum() == 4);
  CHECK(prob == VectorXd::Constant(10, 0.4));
  CHECK_THROWS_AS(judicious::sample_uniform(rng, 11, prob, selected), std::invalid_argument);
  CHECK_THROWS_AS(judicious::sample_uniform(rng, 0, prob, selected), std::invalid_argument);

  const VectorXi codes = integers({1, 1, 1, 2, 3, 3, 4, 4, 4, 4});
  judicious::sample_clusters(rng, codes, 4, 2, prob, selected);
  CHECK(prob == VectorXd::Constant(10, 0.5));
  VectorXi by_cluster = VectorXi::Constant(5, -1);
  for (int i = 0; i < 10; ++i) {
    if (by_cluster[codes[i]] < 0) by_cluster[codes[i]] = selected[i];
    CHECK(selected[i] == by_cluster[codes[i]]);
  }
  CHECK(by_cluster.tail(4).sum() == 2);
  CHECK_THROWS_AS(judicious::sample_clusters(rng, codes, 4, 5, prob, selected),
                  std::invalid_argument);
}

TEST_CASE("active probabilities by hand") {
  CHECK(active(doubles({0.125, 0.5}), 1).isApprox(doubles({0.2, 0.8}), 1e-15));
  // Capping the 4 leaves 2 labels for (1, 1, 2), which lifts the 2 to exactly 1.
  CHECK(active(doubles({1, 4, 1, 2}), 3).isApprox(doubles({0.5, 1, 0.5, 1}), 1e-15));
  // Here it lifts the 2 above 1, so that is capped as well.
  CHECK(active(doubles({1, 4, 0.5, 2}), 3).isApprox(doubles({2.0 / 3, 1, 1.0 / 3, 1}), 1e-15));
  CHECK(active(doubles({1, 1, 1, 1}), 3).isApprox(VectorXd::Constant(4, 0.75), 1e-15));
  CHECK(active(doubles({0.1, 7, 3}), 3) == VectorXd::Ones(3));
  CHECK(active(doubles({0.1, 0.1, 0.2}), 0.5).isApprox(doubles({0.125, 0.125, 0.25}), 1e-15));
  CHECK(active(doubles({1e300, 1e300}), 1).isApprox(VectorXd::Constant(2, 0.5), 1e-15));
  CHECK(active(doubles({5}), 1) == VectorXd::Ones(1));
}

TEST_CASE("active probabilities refuse what has no answer") {
  VectorXd prob(2);
  const double nan = std::nan("");
  for (const double bad : {0.0, -1.0, nan, std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(active(doubles({1.0, bad}), 1), std::invalid_argument);
  }
  CHECK_THROWS_AS(active(doubles({1.0, 1.0}), 3), std::invalid_argument);
  CHECK_THROWS_AS(active(doubles({1.0, 1.0}), 0), std::invalid_argument);
  CHECK_THROWS_AS(active(doubles({1.0, 1e-320}), 1), std::domain_error);
}

TEST_CASE("the cut-off keeps what the budget pays for, in the order of the draws") {
  const VectorXi order = integers({3, 0, 2, 1, 4});
  // Labels 1 and 2 are items 3 and 2; item 1 is not drawn and costs nothing.
  CutOff out = cut(order, integers({1, 0, 1, 0, 1}), {1.0, 0.0}, 2.0);
  CHECK(out.selected == integers({0, 0, 1, 1, -1}));
  CHECK(out.prob == doubles({0.5, 0.5, 0.5, 0.5, -1}));

  // Judges cost 1 each as well: 11, 12, 23 are paid, 24 is not.
  out = cut(order, integers({1, 0, 1, 0, 1}), {10.0, 1.0}, 23.0);
  CHECK(out.selected == integers({0, -1, 1, 1, -1}));

  out = cut(order, integers({1, 1, 1, 1, 1}), {1.0, 0.0}, 5.0);
  CHECK(out.selected == VectorXi::Ones(5));
  out = cut(order, integers({1, 1, 1, 1, 1}), {1.0, 0.0}, 0.5);
  CHECK(out.selected == VectorXi::Constant(5, -1));
  // Ten judges at 0.1 cost 1, not 0.9999999999999999.
  CHECK(cut(VectorXi::LinSpaced(10, 0, 9), VectorXi::Zero(10), {1.0, 0.1}, 1.0).selected.sum() ==
        0);
}

TEST_CASE("poisson draws visit every item once with its own probability") {
  Rng rng(3);
  const int n_rep = 50000;
  const VectorXd prob = doubles({0.1, 0.5, 0.9, 1.0});
  VectorXi order(4), drawn(4), count = VectorXi::Zero(4);
  for (int rep = 0; rep < n_rep; ++rep) {
    judicious::draw_poisson(rng, prob, order, drawn);
    VectorXi seen = VectorXi::Zero(4);
    for (int k = 0; k < 4; ++k) {
      seen[order[k]] += 1;
      count[order[k]] += drawn[k];
    }
    REQUIRE(seen == VectorXi::Ones(4));
  }
  for (int i = 0; i < 4; ++i) {
    CHECK(std::abs(count[i] / double(n_rep) - prob[i]) < margin(prob[i], n_rep));
  }
}

TEST_CASE("pivotal sampling has a fixed size and the given probabilities") {
  Rng rng(4);
  const int n_rep = 50000;
  const VectorXd prob = doubles({0.1, 0.2, 0.7, 1.0, 0.55, 0.45});
  VectorXi selected(6), count = VectorXi::Zero(6);
  for (int rep = 0; rep < n_rep; ++rep) {
    judicious::sample_pivotal(rng, prob, selected);
    REQUIRE(selected.sum() == 3);
    count += selected;
  }
  for (int i = 0; i < 6; ++i) {
    CHECK(std::abs(count[i] / double(n_rep) - prob[i]) < margin(prob[i], n_rep));
  }
}

TEST_CASE("pivotal sampling survives the rounding of a million probabilities") {
  Rng rng(5);
  VectorXd u(1000000);
  for (Eigen::Index i = 0; i < u.size(); ++i) u[i] = 1e-3 + judicious::uniform01(rng);
  const VectorXd prob = active(u, 777777);
  VectorXi selected(u.size());
  judicious::sample_pivotal(rng, prob, selected);
  CHECK(selected.sum() == 777777);
}

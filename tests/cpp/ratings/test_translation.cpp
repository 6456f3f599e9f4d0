#include <doctest/doctest.h>

#include <cmath>
#include <judicious/numeric/simplex.hpp>
#include <judicious/ratings/reconstruct.hpp>
#include <judicious/ratings/translation.hpp>
#include <random>
#include <stdexcept>
#include <vector>

#include "ratings.hpp"
#include "vectors.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using judicious::InvalidPolicy;
using judicious::OptionSet;

namespace {

const std::vector<OptionSet> binary_sets{1, 2, 3};

// Six pairs: A -> {A} 3, A -> {A, B} 1, B -> {B} 1, B -> {A, B} 1; one contradiction.
const RatingTable pairs(
    {{1, 1, 1}, {2, 1, 1}, {3, 1, 1}, {4, 1, 3}, {5, 2, 2}, {6, 2, 3}, {7, 2, 1}, {8, 1, 0}});

judicious::ItemTallies choices(const std::vector<RatingRow>& rows, std::size_t n_items,
                               std::size_t n_options) {
  return judicious::tally_ratings(RatingTable(rows).view(), {n_items, 1, n_options}, {1})[0];
}

}  // namespace

TEST_CASE("translations are smoothed shares of the joint counts, by hand") {
  const auto fit = judicious::fit_translation(pairs.view(), 2, binary_sets, 1, 0.5);
  CHECK(fit.counts.n_pairs == 6.0);
  CHECK(fit.counts.n_items == 6.0);
  CHECK(fit.counts.n_contradictory == 1.0);
  MatrixXd counts(2, 3);
  counts << 3, 0, 1, 0, 1, 1;
  CHECK(fit.counts.joint == counts);
  MatrixXd inverse(3, 2);
  inverse << 3.5 / 5, 0, 0, 1.5 / 3, 1.5 / 5, 1.5 / 3;
  CHECK((fit.translation.inverse - inverse).norm() < 1e-15);
  MatrixXd forward(2, 3);
  forward << 1, 0, 0.5, 0, 1, 0.5;
  CHECK((fit.translation.forward - forward).norm() < 1e-15);
  const VectorXd prob = doubles({3.5 / 8, 1.5 / 8, 3.0 / 8});
  CHECK((fit.translation.set_prob - prob).norm() < 1e-15);
  CHECK(fit.sensitivity.estimate == 0.5);
  CHECK(fit.sensitivity.std_error == doctest::Approx(std::sqrt(0.25 / 2)));
  CHECK(fit.inverse_se(0, 0) == doctest::Approx(std::sqrt(0.7 * 0.3 / 6)));
  CHECK(fit.forward_se(0, 0) == 0.0);
}

TEST_CASE("without smoothing, options nobody chose are undefined") {
  const RatingTable table({{1, 1, 1}, {2, 1, 3}});
  const auto fit = judicious::fit_translation(table.view(), 2, binary_sets, 1, 0.0);
  CHECK(fit.translation.inverse(0, 0) == 0.5);
  CHECK(std::isnan(fit.translation.inverse(1, 1)));
  CHECK(std::isnan(fit.translation.forward(1, 1)));
  CHECK(std::isnan(fit.sensitivity.estimate));
}

TEST_CASE("a set outside the admissible ones is refused") {
  CHECK_THROWS_AS(judicious::fit_translation(pairs.view(), 2, {1, 2}, 1, 0.5),
                  std::invalid_argument);
  CHECK(judicious::observed_sets(pairs.view(), 2) == binary_sets);
}

TEST_CASE("pairs of one item that say the same count for less") {
  std::vector<RatingRow> apart, together;
  for (int i = 0; i < 40; ++i) {
    const int set = (i / 4) % 2 == 0 ? 1 : 3;
    apart.push_back({i + 1, 1, set});
    together.push_back({i / 4 + 1, 1, set});
  }
  const auto a =
      judicious::fit_translation(RatingTable(apart).view(), 2, binary_sets, 1, 0.5).inverse_se;
  const auto t =
      judicious::fit_translation(RatingTable(together).view(), 2, binary_sets, 1, 0.5).inverse_se;
  // Ten items of four equal pairs: the variance is four times that of independent pairs.
  CHECK(t(0, 0) / a(0, 0) == doctest::Approx(2.0).epsilon(1e-12));
}

TEST_CASE("weights are the same as repeated rows") {
  const RatingTable weighted({{1, 1, 1, 0, 2.0}, {2, 2, 3, 0, 3.0}});
  const RatingTable repeated({{1, 1, 1}, {1, 1, 1}, {2, 2, 3}, {2, 2, 3}, {2, 2, 3}});
  const auto a = judicious::fit_translation(weighted.view(), 2, binary_sets, 1, 0.5);
  const auto b = judicious::fit_translation(repeated.view(), 2, binary_sets, 1, 0.5);
  CHECK((a.translation.inverse - b.translation.inverse).norm() < 1e-15);
  CHECK((a.inverse_se - b.inverse_se).norm() < 1e-15);
}

TEST_CASE("beta moves choices to sets that hold them, or as published") {
  const auto both = judicious::translation_beta(2, 1, 0, 0.2, judicious::BetaTarget::both);
  CHECK(both.sets == binary_sets);
  MatrixXd expected(3, 2);
  expected << 1, 0, 0, 0.8, 0, 0.2;
  CHECK((both.inverse - expected).norm() < 1e-15);
  MatrixXd forward(2, 3);
  forward << 1, 0, 0, 0, 1, 1;
  CHECK(both.forward == forward);
  const auto published =
      judicious::translation_beta(2, 1, 0, 0.2, judicious::BetaTarget::positive_only);
  MatrixXd moved(2, 2);
  moved << 1, 0.2, 0, 0.8;
  CHECK((published.inverse - moved).norm() < 1e-15);
  CHECK(published.forward.size() == 0);
}

TEST_CASE("forward and inverse translation agree with Bayes for every set of positives") {
  for (OptionSet positive = 1; positive < 15; ++positive) {
    std::size_t added = 0;
    while (!judicious::contains(positive, added)) ++added;
    for (const double beta : {0.0, 0.3, 1.0}) {
      const auto t =
          judicious::translation_beta(4, positive, added, beta, judicious::BetaTarget::both);
      const VectorXd o = doubles({0.1, 0.2, 0.3, 0.4});
      const VectorXd theta = t.inverse * o;
      CHECK((t.forward * theta - o).norm() < 1e-15);
      CHECK((t.forward.colwise().sum().array() - 1.0).abs().maxCoeff() < 1e-15);
      CHECK((judicious::bayes_inverse(t.forward, theta) - t.inverse).norm() < 1e-14);
    }
  }
}

TEST_CASE("omega is never below O when the choice is in the set") {
  const auto fit = judicious::fit_translation(pairs.view(), 2, binary_sets, 1, 0.5);
  const auto t = choices({{1, 1, 0, 0, 3.0}, {1, 2, 0, 0, 7.0}, {2, 2, 0}}, 2, 2);
  const auto p =
      judicious::reconstruct_pooled(t, fit.translation, {1}, InvalidPolicy::exclude).profiles;
  CHECK(p.omega[0] == doctest::Approx(0.3 + 0.7 * 0.5));
  CHECK(p.omega[1] == doctest::Approx(0.7 + 0.3 * 0.3));
  CHECK(p.p_positive[0] == doctest::Approx(p.omega[0]));
  for (std::size_t cell = 0; cell < 4; ++cell) CHECK(p.omega[cell] >= p.o[cell]);
}

TEST_CASE("an undefined column matters only where the option was chosen") {
  const RatingTable table({{1, 1, 1}, {2, 1, 3}});
  const auto fit = judicious::fit_translation(table.view(), 2, binary_sets, 1, 0.0);
  const auto t = choices({{1, 1, 0}, {2, 2, 0}}, 2, 2);
  const auto p =
      judicious::reconstruct_pooled(t, fit.translation, {1}, InvalidPolicy::exclude).profiles;
  CHECK(p.omega[1] == 0.5);
  CHECK(std::isnan(p.omega[2]));
}

namespace {

// The posterior mean for two options, exactly: a sum over all ways in which the
// choices may have come from one set or from both.
VectorXd exact_posterior(const judicious::Translation& t, const VectorXd& counts, double strength) {
  const VectorXd prior = strength * t.set_prob;
  VectorXd sum = VectorXd::Zero(3);
  double total = 0.0;
  for (int a = 0; a <= counts[0]; ++a) {
    for (int b = 0; b <= counts[1]; ++b) {
      const VectorXd n = doubles({counts[0] - a, counts[1] - b, 1.0 * a + b});
      double log_weight = a * std::log(t.forward(0, 2)) + b * std::log(t.forward(1, 2)) -
                          std::lgamma(a + 1.0) - std::lgamma(b + 1.0) - std::lgamma(n[0] + 1.0) -
                          std::lgamma(n[1] + 1.0);
      for (int v = 0; v < 3; ++v) log_weight += std::lgamma(prior[v] + n[v]);
      sum += std::exp(log_weight) * (prior + n);
      total += std::exp(log_weight);
    }
  }
  return sum / (total * (strength + counts.sum()));
}

}  // namespace

TEST_CASE("item posteriors are the posterior means, exactly for one choice") {
  const auto t = judicious::fit_translation(pairs.view(), 2, binary_sets, 1, 0.5).translation;
  for (const double strength : {1.5, 6.0}) {
    const VectorXd one = doubles({0.0, 1.0});
    const VectorXd mixed = (strength * t.set_prob + t.inverse.col(1)) / (strength + 1.0);
    CHECK((judicious::item_posterior(t, one, strength) - mixed).norm() < 1e-10);
    CHECK((exact_posterior(t, one, strength) - mixed).norm() < 1e-10);
    for (const auto& counts : {doubles({3.0, 7.0}), doubles({5.0, 0.0}), doubles({20.0, 10.0})}) {
      const VectorXd theta = judicious::item_posterior(t, counts, strength);
      CHECK(theta.sum() == doctest::Approx(1.0).epsilon(1e-12));
      CHECK(theta.minCoeff() >= 0.0);
      CHECK((theta - exact_posterior(t, counts, strength)).cwiseAbs().maxCoeff() < 0.07);
    }
  }
  // With an overwhelming prior, or without choices, the posterior is the population.
  CHECK((judicious::item_posterior(t, doubles({3.0, 7.0}), 1e9) - t.set_prob).norm() < 1e-7);
  CHECK((judicious::item_posterior(t, VectorXd::Zero(2), 1.0) - t.set_prob).norm() < 1e-12);
}

TEST_CASE("the strength of the prior is found where the model holds") {
  std::mt19937_64 rng(11);
  judicious::Translation t;
  t.sets = binary_sets;
  t.forward = (MatrixXd(2, 3) << 1, 0, 0.3, 0, 1, 0.7).finished();
  t.set_prob = VectorXd::Constant(3, 1.0 / 3.0);
  for (const double each : {0.5, 1.0, 4.0}) {
    std::vector<RatingRow> rows;
    const int n_items = 4000;
    for (int item = 1; item <= n_items; ++item) {
      const VectorXd o = t.forward * judicious::dirichlet_variate(rng, 3, each);
      for (int r = 0; r < 8; ++r)
        rows.push_back({item, judicious::bernoulli(rng, o[0]) == 1 ? 1 : 2, 0});
    }
    const auto tallies = choices(rows, n_items, 2);
    CHECK(judicious::prior_strength(tallies, t) == doctest::Approx(3 * each).epsilon(0.12));
  }
  CHECK(judicious::prior_strength(choices({{1, 1, 0}, {2, 2, 0}}, 2, 2), t) == 1.0);
}

TEST_CASE("bounds by hand: all subsets, singletons only, and a list of sets") {
  const auto t = choices({{1, 1, 0, 0, 2.0}, {1, 2, 0, 0, 3.0}, {1, 3, 0, 0, 5.0}}, 1, 3);
  const auto all =
      judicious::bound_items(t, judicious::set_bounds({}, 3, {1}), InvalidPolicy::exclude);
  CHECK(all.set_low == std::vector<double>{0.2, 0.3, 0.5});
  CHECK(all.set_high == std::vector<double>{1.0, 1.0, 1.0});
  CHECK(all.p_low[0] == doctest::Approx(0.2));
  CHECK(all.p_high[0] == doctest::Approx(1.0));
  const auto one =
      judicious::bound_items(t, judicious::set_bounds({1, 2, 4}, 3, {1}), InvalidPolicy::exclude);
  CHECK(one.set_low == one.set_high);
  CHECK(one.set_low == std::vector<double>{0.2, 0.3, 0.5});
  // {A}, {A, B}, {C}: B is chosen only with A; C stands alone.
  const auto some =
      judicious::bound_items(t, judicious::set_bounds({1, 4, 3}, 3, {1}), InvalidPolicy::exclude);
  CHECK(some.set_low == std::vector<double>{0.5, 0.3, 0.5});
  CHECK(some.set_high == std::vector<double>{0.5, 0.5, 0.5});
}

TEST_CASE("every translation stays within the bounds, which are reached") {
  std::mt19937_64 rng(12);
  const auto sets = judicious::all_sets(3, 3);
  const auto t = choices({{1, 1, 0, 0, 2.0}, {1, 2, 0, 0, 3.0}, {1, 3, 0, 0, 5.0}}, 1, 3);
  const judicious::PositiveOptions positive{3, judicious::PositiveRule::any};
  const auto bounds =
      judicious::bound_items(t, judicious::set_bounds(sets, 3, positive), InvalidPolicy::exclude);
  for (int trial = 0; trial < 300; ++trial) {
    judicious::Translation random;
    random.sets = sets;
    random.inverse = MatrixXd::Zero(7, 3);
    for (Eigen::Index k = 0; k < 3; ++k) {
      // Sparse columns come close to the ends.
      const VectorXd weights = judicious::dirichlet_variate(rng, 7, 0.05);
      for (Eigen::Index v = 0; v < 7; ++v) {
        const bool member =
            judicious::contains(sets[static_cast<std::size_t>(v)], static_cast<std::size_t>(k));
        random.inverse(v, k) = member ? weights[v] + 1e-12 : 0.0;
      }
      random.inverse.col(k) /= random.inverse.col(k).sum();
    }
    const auto p =
        judicious::reconstruct_pooled(t, random, positive, InvalidPolicy::exclude).profiles;
    for (std::size_t k = 0; k < 3; ++k) {
      REQUIRE(p.omega[k] >= bounds.set_low[k] - 1e-12);
      REQUIRE(p.omega[k] <= bounds.set_high[k] + 1e-12);
    }
    REQUIRE(p.p_positive[0] >= bounds.p_low[0] - 1e-12);
    REQUIRE(p.p_positive[0] <= bounds.p_high[0] + 1e-12);
  }
}

TEST_CASE("bounds over invalid answers hold every way to fill them in") {
  const auto fit = judicious::fit_translation(pairs.view(), 2, binary_sets, 1, 0.5);
  const auto t = choices({{1, 1, 0, 0, 4.0}, {1, 2, 0, 0, 4.0}, {1, 0, 0, 1, 2.0}}, 1, 2);
  const auto p =
      judicious::reconstruct_pooled(t, fit.translation, {1}, InvalidPolicy::bounds).profiles;
  for (int a = 0; a <= 2; ++a) {
    const auto filled = choices({{1, 1, 0, 0, 4.0 + a}, {1, 2, 0, 0, 6.0 - a}}, 1, 2);
    const auto q =
        judicious::reconstruct_pooled(filled, fit.translation, {1}, InvalidPolicy::exclude)
            .profiles;
    for (std::size_t k = 0; k < 2; ++k) {
      CHECK(q.omega[k] >= p.omega_low[k] - 1e-15);
      CHECK(q.omega[k] <= p.omega_high[k] + 1e-15);
    }
    if (a == 0) CHECK(q.omega[0] == doctest::Approx(p.omega_low[0]));
    if (a == 2) CHECK(q.omega[0] == doctest::Approx(p.omega_high[0]));
  }
  CHECK_THROWS_AS(judicious::reconstruct_items(t, fit.translation, {1}, InvalidPolicy::bounds,
                                               judicious::serial_executor()),
                  std::invalid_argument);
}

#include <doctest/doctest.h>

#include <cmath>
#include <judicious/simulate/coverage.hpp>
#include <numeric>
#include <random>

namespace {

using Rng = std::mt19937_64;
using judicious::IntervalType;
using judicious::LabelDraw;

// Runs the tasks from the last to the first: results must not care.
judicious::Executor backwards() {
  return [](std::size_t n, const judicious::Task& task) {
    for (std::size_t i = n; i > 0; --i) task(i - 1);
  };
}

// A judge of weight 0.
judicious::CoverageMethod labels_only(std::vector<IntervalType> intervals) {
  judicious::CoverageMethod method;
  method.judges = {0};
  method.options.tuning.rule = judicious::TuningRule::fixed;
  method.options.tuning.fixed = judicious::Vector::Zero(1);
  method.intervals = std::move(intervals);
  return method;
}

judicious::CoverageStudy binary_study(std::size_t n_labelled) {
  judicious::CoverageStudy study;
  study.model = judicious::BinaryRows{judicious::binary_model(0.3, {0.3}, {0.5}), 200};
  study.labels.n = {n_labelled};
  study.conf_levels = {0.8, 0.95};
  study.truth = 0.3;
  return study;
}

double binomial_probability(int n, int k, double p) {
  const double log_choose = std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
  return std::exp(log_choose + k * std::log(p) + (n - k) * std::log1p(-p));
}

// Of labels alone: the probability that Clopper and Pearson's interval holds p.
double exact_coverage(int n, double p, double conf_level) {
  const double alpha = 0.5 * (1 - conf_level);
  double out = 0.0;
  for (int k = 0; k <= n; ++k) {
    const double low = k == 0 ? 0.0 : judicious::beta_quantile(alpha, k, n - k + 1);
    const double high = k == n ? 1.0 : judicious::beta_quantile(1 - alpha, k + 1, n - k);
    if (low <= p && p <= high) out += binomial_probability(n, k, p);
  }
  return out;
}

}  // namespace

TEST_CASE("labels alone: the beta interval covers as Clopper and Pearson's does") {
  auto study = binary_study(25);
  study.methods = {labels_only({IntervalType::beta})};
  const double n = 4000;
  const auto tally = judicious::count_coverage<Rng>(study, 1, 0, static_cast<std::size_t>(n),
                                                    judicious::serial_executor())[0];
  for (std::size_t l = 0; l < 2; ++l) {
    const double expected = exact_coverage(25, 0.3, study.conf_levels[l]);
    CHECK(expected > study.conf_levels[l]);
    const double error = std::sqrt(expected * (1 - expected) / n);
    CHECK(std::abs(tally.levels[l].hits / n - expected) < 5 * error);
  }
  CHECK(std::abs(tally.error / n) < 5 * std::sqrt(0.21 / 25 / n));
  CHECK(tally.squared_error / n == doctest::Approx(0.21 / 25).epsilon(0.1));
}

TEST_CASE("tallies depend neither on the executor nor on how replicates are batched") {
  auto study = binary_study(25);
  judicious::CoverageMethod judge;
  judge.judges = {0};
  judge.intervals = {IntervalType::beta, IntervalType::t, IntervalType::bootstrap};
  judge.n_boot = 50;
  study.methods = {judge, labels_only({IntervalType::normal})};
  const auto run = judicious::serial_executor();
  const auto once = judicious::count_coverage<Rng>(study, 7, 0, 100, run);
  const auto other = judicious::count_coverage<Rng>(study, 7, 0, 100, backwards());
  auto parts = judicious::count_coverage<Rng>(study, 7, 0, 33, run);
  const auto rest = judicious::count_coverage<Rng>(study, 7, 33, 67, run);
  REQUIRE(once.size() == 4);
  for (std::size_t k = 0; k < once.size(); ++k) {
    CHECK(once[k].error == other[k].error);
    CHECK(once[k].levels[1].width == other[k].levels[1].width);
    parts[k].merge(rest[k]);
    CHECK(once[k].levels[0].hits == parts[k].levels[0].hits);
    CHECK(once[k].squared_error == doctest::Approx(parts[k].squared_error).epsilon(1e-12));
  }
  CHECK(once[0].error == once[1].error);  // two intervals of one fit
  CHECK(once[0].levels[1].width != once[1].levels[1].width);
}

TEST_CASE("a replicate without an answer fails and hits nothing") {
  auto study = binary_study(1);  // one label: no variance
  study.methods = {labels_only({IntervalType::beta, IntervalType::t})};
  const auto tallies =
      judicious::count_coverage<Rng>(study, 1, 0, 40, judicious::serial_executor());
  for (const auto& tally : tallies) {
    CHECK(tally.n_failed == 40);
    CHECK(tally.levels[0].hits == 0);
    REQUIRE(tally.failures.size() == 1);
    CHECK(tally.failures.begin()->second == 40);
  }
}

TEST_CASE("an interval of an unbounded metric that needs bounds fails alone") {
  judicious::CoverageStudy study;
  study.model = judicious::GaussianRows{{1.0, 2.0, {{0.0, 1.0, 0.5}}}, 100};
  study.labels.n = {20};
  study.conf_levels = {0.9};
  study.truth = 1.0;
  study.methods = {labels_only({IntervalType::beta, IntervalType::t})};
  const auto tallies =
      judicious::count_coverage<Rng>(study, 3, 0, 50, judicious::serial_executor());
  CHECK(tallies[0].n_failed == 50);
  CHECK(tallies[1].n_failed == 0);
  CHECK(tallies[1].levels[0].hits > 30);
  const auto& level = tallies[1].levels[0];
  CHECK(level.hits + level.above + level.below == 50);
}

TEST_CASE("labels are drawn as planned in every design") {
  judicious::SimulatedRows rows;
  const auto labelled = [&] {
    return std::accumulate(rows.selected.begin(), rows.selected.end(), 0);
  };
  const auto model = judicious::binary_model(0.3, {0.3}, {0.5});

  judicious::simulate_rows<Rng>(judicious::BinaryStrataRows{{model, model}, {60, 40}},
                                {LabelDraw::rows, {6, 5}}, 1, rows);
  CHECK(std::accumulate(rows.selected.begin(), rows.selected.begin() + 60, 0) == 6);
  CHECK(labelled() == 11);
  CHECK(rows.prob[0] == doctest::Approx(0.1));
  CHECK(rows.prob[99] == doctest::Approx(0.125));
  CHECK(rows.stratum[59] == 1);
  CHECK(rows.stratum[60] == 2);

  judicious::simulate_rows<Rng>(judicious::BinaryClusterRows{model, 100, 20, 0.8},
                                {LabelDraw::clusters, {4}}, 2, rows);
  std::vector<int> sizes(21, 0), chosen(21, 0);
  for (std::size_t i = 0; i < 100; ++i) {
    ++sizes[static_cast<std::size_t>(rows.cluster[i])];
    chosen[static_cast<std::size_t>(rows.cluster[i])] += rows.selected[i];
  }
  int whole = 0;
  for (std::size_t j = 1; j <= 20; ++j) {
    CHECK((chosen[j] == 0 || chosen[j] == sizes[j]));
    whole += chosen[j] > 0 ? 1 : 0;
  }
  CHECK(whole == 4);

  judicious::LabelPlan plan{LabelDraw::pivotal, {15}};
  plan.oversample = 3.0;
  judicious::simulate_rows<Rng>(judicious::BinaryRows{model, 100}, plan, 3, rows);
  CHECK(labelled() == 15);
  for (std::size_t i = 0; i < 100; ++i) {
    CHECK(rows.uncertainty[i] == (rows.y_proxy[0][i] == 1.0 ? 3.0 : 1.0));
    CHECK(std::isnan(rows.human[i]) == (rows.selected[i] != 1));
  }
  CHECK(std::accumulate(rows.prob.begin(), rows.prob.end(), 0.0) == doctest::Approx(15.0));

  plan.draw = LabelDraw::poisson;
  judicious::simulate_rows<Rng>(judicious::BinaryActiveRows{0.3, 0.3, 0.5, 100}, plan, 4, rows);
  int drawn = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    CHECK(std::isnan(rows.prob[i]) == (rows.selected[i] != 0 && rows.selected[i] != 1));
    drawn += rows.selected[i] == 1 ? 1 : 0;
  }
  CHECK(drawn <= 15);
}

TEST_CASE("a data set depends on its seed, not on what the memory held before") {
  const judicious::RowModel model =
      judicious::BinaryRows{judicious::binary_model(0.3, {0.3, 0.4}, {0.5, 0.2}), 50};
  const judicious::LabelPlan plan{LabelDraw::rows, {10}};
  judicious::SimulatedRows fresh, used;
  judicious::simulate_rows<Rng>(judicious::BinaryActiveRows{0.3, 0.3, 0.5, 80},
                                {LabelDraw::poisson, {20}}, 9, used);
  judicious::simulate_rows<Rng>(model, plan, 5, fresh);
  judicious::simulate_rows<Rng>(model, plan, 5, used);
  CHECK(fresh.y_true == used.y_true);
  CHECK(fresh.y_proxy == used.y_proxy);
  CHECK(fresh.selected == used.selected);
  judicious::simulate_rows<Rng>(model, plan, 6, used);
  CHECK(fresh.y_true != used.y_true);
}

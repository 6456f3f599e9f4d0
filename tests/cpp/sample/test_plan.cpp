#include <doctest/doctest.h>

#include <cmath>
#include <judicious/estimate/mean.hpp>
#include <judicious/sample/plan.hpp>
#include <judicious/sample/second_round.hpp>
#include <vector>

namespace {

using judicious::PlanAssumptions;
using judicious::PlanTest;
using judicious::Prediction;
using judicious::QuadratureRule;

double moment(const QuadratureRule& rule, double centre, int power) {
  double sum = 0.0;
  for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
    sum += rule.weights[k] * std::pow(rule.nodes[k] - centre, power);
  }
  return sum;
}

PlanAssumptions rate(double p, double correlation, double n_total) {
  PlanAssumptions out;
  out.mean = out.proxy_mean = p;
  out.variance = p * (1.0 - p);
  out.correlation = correlation;
  out.n_total = n_total;
  return out;
}

PlanAssumptions score(double mean, double sd, double correlation, double n_total) {
  PlanAssumptions out;
  out.binary = false;
  out.mean = mean;
  out.variance = sd * sd;
  out.correlation = correlation;
  out.n_total = n_total;
  return out;
}

PlanTest against(double mu, judicious::Alternative side = judicious::Alternative::two_sided) {
  PlanTest out;
  out.mu = mu;
  out.alternative = side;
  return out;
}

Prediction at(const PlanAssumptions& a, const PlanTest& test, double n) {
  return judicious::predict(a, test, judicious::uniform_point(a, n));
}

}  // namespace

TEST_CASE("binomial quadrature has the binomial's moments") {
  const double n = 40.5, p = 0.3, v = n * p * (1.0 - p);
  const auto rule = judicious::binomial_rule(n, p, 3);
  CHECK(rule.nodes.size() == 3);
  CHECK(moment(rule, 0.0, 0) == doctest::Approx(1.0));
  CHECK(moment(rule, n * p, 1) == doctest::Approx(0.0).epsilon(1e-10));
  CHECK(moment(rule, n * p, 2) == doctest::Approx(v));
  CHECK(moment(rule, n * p, 3) == doctest::Approx(v * (1.0 - 2.0 * p)));
  CHECK(moment(rule, n * p, 4) == doctest::Approx(3.0 * v * v + v * (1.0 - 6.0 * p * (1.0 - p))));
}

TEST_CASE("few outcomes are summed one by one") {
  const auto rule = judicious::outcomes_or_nodes(2.0, 0.3, 10, 3);
  CHECK(rule.every_outcome);
  REQUIRE(rule.nodes == std::vector<double>{0.0, 1.0, 2.0});
  CHECK(rule.weights[0] == doctest::Approx(0.49));
  CHECK(rule.weights[1] == doctest::Approx(0.42));
  CHECK(rule.weights[2] == doctest::Approx(0.09));
  CHECK_FALSE(judicious::outcomes_or_nodes(500.0, 0.3, 10, 3).every_outcome);
  CHECK(judicious::outcomes_or_nodes(7.0, 1.0, 10, 3).nodes == std::vector<double>{7.0});
}

TEST_CASE("gamma quadrature has the gamma's moments") {
  const auto rule = judicious::gamma_rule(4.5, 16);
  CHECK(moment(rule, 0.0, 0) == doctest::Approx(1.0));
  CHECK(moment(rule, 0.0, 1) == doctest::Approx(4.5));
  CHECK(moment(rule, 4.5, 2) == doctest::Approx(4.5));
  CHECK(moment(rule, 4.5, 3) == doctest::Approx(9.0));
}

TEST_CASE("a table of counts gives what the estimator makes of the rows") {
  // hits, misses, false alarms, rest; then flagged and unflagged unlabelled rows.
  const int counts[] = {9, 3, 4, 24, 35, 125};
  const double labels[] = {1.0, 1.0, 0.0, 0.0, std::nan(""), std::nan("")};
  const double answers[] = {1.0, 0.0, 1.0, 0.0, 1.0, 0.0};
  std::vector<double> y, f;
  for (int cell = 0; cell < 6; ++cell) {
    y.insert(y.end(), static_cast<std::size_t>(counts[cell]), labels[cell]);
    f.insert(f.end(), static_cast<std::size_t>(counts[cell]), answers[cell]);
  }
  judicious::Rows rows;
  rows.n = y.size();
  rows.y.real = y.data();
  rows.proxies.resize(1);
  rows.proxies[0].real = f.data();
  const judicious::MeanOptions options;
  const auto run = judicious::serial_executor();
  judicious::MeanEstimation estimation(rows, options, 1, run);
  REQUIRE(estimation.can_estimate());
  estimation.estimate();
  const auto& expected = estimation.result;

  const auto fit = judicious::fit_table({40.0, 12.0, 9.0, 4.0, 160.0, 35.0 / 160.0});
  CHECK(fit.estimate == doctest::Approx(expected.fit.estimate).epsilon(1e-12));
  CHECK(fit.labels_only == doctest::Approx(expected.p0).epsilon(1e-12));
  CHECK(fit.variance == doctest::Approx(expected.fit.variance).epsilon(1e-12));
  CHECK(fit.hc2 == doctest::Approx(expected.fit.hc2).epsilon(1e-12));
  CHECK(fit.variance_labels_only == doctest::Approx(expected.labels_only.variance).epsilon(1e-12));
}

TEST_CASE("without a judge a rate's width and power are exact binomial sums") {
  const double n = 30.0, p = 0.15, mu = 0.4;
  double width = 0.0, power = 0.0;
  for (double k = 0.0; k <= n; k += 1.0) {
    const double weight = std::exp(judicious::log_binomial(k, n, p));
    const double low = k > 0.0 ? judicious::beta_quantile(0.025, k, n - k + 1.0) : 0.0;
    const double high = k < n ? judicious::beta_quantile(0.975, k + 1.0, n - k) : 1.0;
    width += weight * (high - low);
    power += low > mu || high < mu ? weight : 0.0;
  }
  const auto found = at(rate(p, 0.0, 1000.0), against(mu), n);
  CHECK(found.width == doctest::Approx(width).epsilon(1e-6));
  CHECK(found.power == doctest::Approx(power).epsilon(1e-6));
  CHECK(found.n_effective == doctest::Approx(n));
}

TEST_CASE("flipping labels, judge and hypothesis changes nothing") {
  const auto p = at(rate(0.2, 0.7, 900.0), against(0.3), 80.0);
  const auto q = at(rate(0.8, 0.7, 900.0), against(0.7), 80.0);
  CHECK(p.width == doctest::Approx(q.width).epsilon(1e-10));
  CHECK(p.power == doctest::Approx(q.power).epsilon(1e-10));
  CHECK(p.n_effective == doctest::Approx(q.n_effective).epsilon(1e-10));
  using judicious::Alternative;
  CHECK(at(rate(0.2, 0.7, 900.0), against(0.1, Alternative::greater), 80.0).power ==
        doctest::Approx(at(rate(0.8, 0.7, 900.0), against(0.9, Alternative::less), 80.0).power));
  const auto anti = at(rate(0.2, -0.7, 900.0), against(0.3), 80.0);
  CHECK(anti.width == doctest::Approx(p.width).epsilon(1e-10));
}

TEST_CASE("one-sided power belongs to its side") {
  using judicious::Alternative;
  const auto a = rate(0.2, 0.6, 900.0);
  CHECK(at(a, against(0.1, Alternative::greater), 100.0).power > 0.7);
  CHECK(at(a, against(0.1, Alternative::less), 100.0).power < 0.01);
  CHECK(at(a, against(0.1, Alternative::greater), 100.0).power > at(a, against(0.1), 100.0).power);
  CHECK(std::isnan(at(a, PlanTest{}, 100.0).power));
}

TEST_CASE("without a judge a score's power is that of the t test") {
  // power.t.test(n = 20, delta = 0.5, sd = 1, type = "one.sample", strict = TRUE), R 4.2.2
  CHECK(at(score(0.5, 1.0, 0.0, 1e9), against(0.0), 20.0).power ==
        doctest::Approx(0.564504418).epsilon(1e-7));
  // n = 12, delta = 0.6, alternative = "one.sided", sig.level = 0.1
  PlanTest greater = against(0.0, judicious::Alternative::greater);
  greater.conf_level = 0.9;
  CHECK(at(score(0.6, 1.0, 0.0, 1e9), greater, 12.0).power ==
        doctest::Approx(0.763324454).epsilon(1e-7));
}

TEST_CASE("a judge of scores saves what its correlation says") {
  const double inf = std::numeric_limits<double>::infinity();
  const auto alone = at(score(0.0, 2.0, 0.0, inf), PlanTest{}, 1000.0);
  const auto both = at(score(0.0, 2.0, 0.8, inf), PlanTest{}, 1000.0);
  CHECK(alone.width == doctest::Approx(2.0 * 1.9623 * 2.0 / std::sqrt(1000.0)).epsilon(1e-3));
  CHECK(both.width == doctest::Approx(0.6 * alone.width).epsilon(2e-3));
  CHECK(both.n_effective == doctest::Approx(1000.0 / 0.36).epsilon(5e-3));
  // Half of the pool labelled: half of the gain.
  const auto half = at(score(0.0, 2.0, 0.8, 2000.0), PlanTest{}, 1000.0);
  CHECK(half.width == doctest::Approx(std::sqrt(1.0 - 0.32) * alone.width).epsilon(2e-3));
}

TEST_CASE("a fully labelled pool leaves nothing to the judge") {
  const auto both = at(rate(0.3, 0.9, 200.0), against(0.2), 200.0);
  const auto alone = at(rate(0.3, 0.0, 200.0), against(0.2), 200.0);
  CHECK(both.width == doctest::Approx(alone.width).epsilon(1e-3));
  CHECK(both.power == doctest::Approx(alone.power).epsilon(1e-2));
}

TEST_CASE("active sampling by hand") {
  const auto a = rate(0.1, 0.6, 400.0);
  const Eigen::VectorXd equal = Eigen::VectorXd::Constant(400, 0.7);
  const auto same = judicious::active_point(a, equal, 50.0);
  CHECK(same.base == doctest::Approx(50.0));
  CHECK(same.variance_ratio == doctest::Approx(1.0));
  // Half of the items is twice as uncertain: prob 1/12 and 1/6 for 50 of 400.
  Eigen::VectorXd two = Eigen::VectorXd::Constant(400, 1.0);
  two.tail(200).setConstant(2.0);
  Eigen::VectorXd prob(400);
  judicious::active_probabilities(two, 50.0, prob);
  const judicious::ActiveDesigns designs(two, prob);
  const auto alone = designs.moments(designs.mixed(0.0), 400.0, 1.0);
  CHECK(alone.base == doctest::Approx(400.0 / 12.0));  // rows worth three labels
  CHECK(alone.error == doctest::Approx((11.0 * 1.0 + 5.0 * 4.0) / (5.0 * 400.0)));
  CHECK(alone.known_prob);
  const auto useless = designs.moments(designs.mixed(0.0), 400.0, 0.0);
  CHECK(useless.error == doctest::Approx((11.0 + 5.0) / 2.0 / 400.0));
  // Raised to .9 of the mean, .1125: the others share what is left.
  const Eigen::ArrayXd raised = designs.raised(0.9);
  CHECK(raised[0] == doctest::Approx(0.1125));
  CHECK(raised[399] == doctest::Approx(0.1375));
  // That little is not worth the loss in base size: all at random.
  CHECK(judicious::choose_mix(designs, 400.0).mix == 1.0);
  CHECK(judicious::active_point(a, two, 50.0).variance_ratio == 1.0);
  // A tenth of the items holds nearly all errors.
  Eigen::VectorXd few = Eigen::VectorXd::Constant(4000, 0.1);
  few.tail(400).setConstant(1.0);
  prob.resize(4000);
  judicious::active_probabilities(few, 300.0, prob);
  const judicious::ActiveDesigns uneven(few, prob);
  const auto choice = judicious::choose_mix(uneven, 4000.0);
  CHECK(choice.mix < 1.0);
  CHECK(choice.width_ratio < 0.97);
  CHECK(choice.width_ratio_useless > 1.0);
  CHECK(choice.width_ratio_useless <= 1.01);
  const auto point = judicious::active_point(rate(0.1, 0.6, 4000.0), few, 300.0);
  const auto mixed = uneven.moments(uneven.raised(choice.mix), 4000.0, 1.0);
  const double uniform = 1.0 / 300.0 - 1.0 / 4000.0;
  CHECK(point.base == doctest::Approx(mixed.base));
  CHECK(point.known_prob);
  CHECK(point.variance_ratio ==
        doctest::Approx((0.64 * mixed.error + 1.0 / 4000.0) / (0.64 * uniform + 1.0 / 4000.0)));
  uneven.raise(few, choice.mix, prob);
  CHECK(prob.sum() == doctest::Approx(300.0));
  CHECK(prob.maxCoeff() <= 1.0);
  CHECK(prob.minCoeff() == doctest::Approx(choice.mix * 300.0 / 4000.0));
  judicious::mix_probabilities(0.5, prob);
  CHECK(prob.sum() == doctest::Approx(300.0));
}

TEST_CASE("what first labels say of uncertainties") {
  // Squared errors, from labels beside a judge that never varies: 0 and 4 around 1.
  judicious::FirstLabels first{Eigen::ArrayXd(4), Eigen::ArrayXd(4), Eigen::ArrayXd::Zero(4)};
  first.label << 1.0, 1.0, 3.0, -1.0;
  first.square << 0.0, 0.0, 2.0, 2.0;
  CHECK(judicious::learned_share(first) == doctest::Approx(1.0));
  first.square << 2.0, 2.0, 0.0, 0.0;
  CHECK(judicious::learned_share(first) == 0.0);
  first.square.setConstant(1.0);
  CHECK(judicious::learned_share(first) == 0.0);
  // Two labels of four items are there; of the others the first is to get all.
  Eigen::VectorXi labelled(4);
  labelled << 1, 0, 0, 1;
  Eigen::VectorXd both(4);
  both << 0.5, 1.0, 0.5, 0.5;
  const Eigen::VectorXd second = judicious::second_probabilities(labelled, 1.0, both);
  CHECK(second[0] == 1.0);
  CHECK(second[1] == 1.0);
  CHECK(second[2] == 0.0);
  CHECK(both[1] == 1.0);
  CHECK(both[2] == 0.5);
}

TEST_CASE("cluster effects by hand") {
  const auto one = judicious::cluster_effect(Eigen::VectorXd::Ones(1), 0.3, 0.6, 5.0);
  CHECK(one.design_effect == 1.0);
  CHECK(one.correlation == doctest::Approx(0.6));
  CHECK(one.unit_kurtosis == doctest::Approx(8.0));
  CHECK(one.unequal_bias == 0.0);

  // Sizes 2 and 4: mean 3, mean square 10; (1 + cv^2) m = 10/3.
  const Eigen::VectorXd sizes = (Eigen::VectorXd(2) << 2.0, 4.0).finished();
  const auto e = judicious::cluster_effect(sizes, 0.3, 0.5, 0.0);
  const double others = 10.0 / 3.0 - 1.0;
  CHECK(e.design_effect == doctest::Approx(1.0 + 0.3 * others));
  CHECK(e.correlation * e.correlation ==
        doctest::Approx(0.25 * (1.0 + 0.3 * others) / (1.0 + 0.3 * others * 0.25)));
  CHECK(e.rows_per_unit == doctest::Approx(10.0 / 3.0));
  CHECK(e.unit_share == doctest::Approx(1.0 / 3.0));
  // Variances of totals 2 * 1.3 and 4 * 1.9; mean cube 36.
  const double v1 = 2.6, v2 = 7.6, mean = 0.5 * (v1 + v2);
  CHECK(e.unit_kurtosis == doctest::Approx(1.5 * (v1 * v1 + v2 * v2) / (mean * mean)));
  CHECK(e.unequal_bias == doctest::Approx(2.0 * (36.0 / 30.0 - 1.0) - 3.0 * (10.0 / 9.0 - 1.0)));
}

TEST_CASE("the mean root of a gamma variable") {
  // X = chi-squared(1): E sqrt(X) = sqrt(2 / pi); its variance is 2.
  CHECK(judicious::squared_mean_root(2.0) == doctest::Approx(2.0 / 3.14159265358979));
  CHECK(judicious::squared_mean_root(0.0) == 1.0);
}

TEST_CASE("the smallest number that reaches") {
  const auto from = [](double first) { return [first](double n) { return n >= first; }; };
  CHECK(judicious::smallest_number(10, 5000, from(237)) == 237.0);
  CHECK(judicious::smallest_number(10, 5000, from(3)) == 10.0);
  CHECK(judicious::smallest_number(10, 5000, from(5000)) == 5000.0);
  CHECK_FALSE(judicious::smallest_number(10, 5000, from(5001)).has_value());
  CHECK(judicious::smallest_number(10, 10, from(10)) == 10.0);
  // A single tooth of a saw is no answer.
  CHECK(judicious::smallest_number(10, 5000, [](double n) { return n == 13 || n >= 400; }) ==
        400.0);
}

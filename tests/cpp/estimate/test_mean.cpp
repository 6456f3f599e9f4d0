#include <doctest/doctest.h>

#include "naive_mean.hpp"

namespace {

using designs::Design;
using designs::fit;
using designs::Labels;
using designs::missing;
using designs::Shape;
using judicious::MeanFit;
using judicious::MeanOptions;
using judicious::MeanResult;
using judicious::Pooling;
using judicious::TuningRule;
using judicious::Vector;

doctest::Approx near(double value, double tolerance = 1e-10) {
  return doctest::Approx(value).epsilon(tolerance).scale(1e-6);
}

MeanOptions tuned_by(TuningRule rule, double fixed = 0.0) {
  MeanOptions out;
  out.tuning.rule = rule;
  out.tuning.fixed = Vector::Constant(1, fixed);
  return out;
}

MeanOptions translated(const naive::Options& from) {
  MeanOptions out;
  out.influence.center = from.center;
  if (from.mean_of_clusters) out.influence.estimand = judicious::Estimand::clusters;
  out.tuning.rule = from.rule == naive::Rule::optimal ? TuningRule::optimal
                    : from.rule == naive::Rule::ppi   ? TuningRule::ppi
                                                      : TuningRule::fixed;
  out.tuning.fixed = from.fixed;
  out.tuning.pooling = from.pooled ? Pooling::pooled : Pooling::own;
  out.tuning.shrink = from.shrink;
  out.tuning.guard = false;
  out.skew = true;
  return out;
}

// Six rows worked by hand: see the first test.
Design six_rows() {
  Design d;
  d.y = {1.0, 0.0, 1.0, missing, missing, missing};
  d.f = {{1.0, 0.0, 0.0, 1.0, 1.0, 0.0}};
  return d;
}

double lambda(const MeanResult& r) { return r.design.strata[0].lambda[0]; }

// A finite population needs clusters that were drawn whole.
bool finite_available(const Design& d, const Shape& shape) {
  return d.clusters.empty() || shape.labels == Labels::whole_clusters;
}

void check_fit(const MeanFit& found, const naive::Estimate& e) {
  CHECK(found.estimate == near(e.estimate));
  CHECK(found.variance == near(e.variance));
  CHECK(found.hc2 == near(e.hc2));
  CHECK(found.hc3 == near(e.hc3));
  CHECK(found.df == near(e.df));
}

void check_against_naive(const Design& d, const Shape& shape, const naive::Options& options) {
  const naive::Estimate e = naive::estimate(d, options);
  MeanOptions core = translated(options);
  const MeanResult result = fit(d, core);
  REQUIRE(result.identified);
  check_fit(result.fit, e);
  CHECK(result.fit.skewness == near(e.cubes / std::pow(e.variance, 1.5)));
  CHECK(result.p0 == near(e.p0));
  CHECK(result.base_rows == near(e.base_rows));
  CHECK(result.base_units == near(e.base_units));
  for (int h = 0; h < e.lambda.rows(); ++h) {
    const Vector& found = result.design.strata[static_cast<std::size_t>(h)].lambda;
    for (int k = 0; k < e.lambda.cols(); ++k) CHECK(found[k] == near(e.lambda(h, k), 1e-8));
  }
  Design no_judge = d;
  no_judge.f.clear();
  naive::Options alone = options;
  alone.fixed.resize(0);
  check_fit(result.labels_only, naive::estimate(no_judge, alone));
  if (!finite_available(d, shape)) return;
  core.finite_population = true;
  const MeanFit finite = fit(d, core).fit;
  CHECK(finite.variance == near(e.variance_finite));
  CHECK(finite.hc2 == near(e.hc2 * e.variance_finite / e.variance));
}

// All rules, one and three strata, own and pooled weights, up to five judges.
void check_design(Shape shape, bool mean_of_clusters = false) {
  unsigned seed = 1;
  for (int judges : {0, 1, 2, 5}) {
    for (int strata : {1, 3}) {
      shape.judges = judges;
      shape.strata = strata;
      const Design d = designs::random_design(shape, seed++);
      for (auto rule : {naive::Rule::optimal, naive::Rule::ppi, naive::Rule::fixed}) {
        for (bool flag : {false, true}) {
          naive::Options options;
          options.mean_of_clusters = mean_of_clusters;
          options.rule = rule;
          options.fixed = Vector::LinSpaced(judges, 0.1, 0.4);
          options.center = flag;
          options.shrink = flag && rule == naive::Rule::optimal;
          options.pooled = flag && strata > 1;
          CAPTURE(judges);
          CAPTURE(strata);
          check_against_naive(d, shape, options);
        }
      }
    }
  }
}

Shape clustered(Labels labels, bool known_prob) {
  Shape shape;
  shape.clusters = 90;
  shape.labels = labels;
  shape.known_prob = known_prob;
  return shape;
}

Shape with_known_prob() {
  Shape shape;
  shape.known_prob = true;
  return shape;
}

}  // namespace

TEST_CASE("six rows by hand: PPI++") {
  // Means 2/3 and 1/3 among labelled, judge 2/3 elsewhere; covariance 1/6; judge variances
  // 1/3 (labelled), 1/3 (others), 3/10 (all).
  const Design d = six_rows();
  const MeanResult ppi = fit(d, tuned_by(TuningRule::ppi));
  CHECK(lambda(ppi) == near((1.0 / 18.0) / (0.3 * 2.0 / 3.0)));  // 5/18
  CHECK(ppi.fit.estimate == near(2.0 / 3.0 + 5.0 / 54.0));
  const double l = 5.0 / 18.0;
  CHECK(ppi.fit.variance == near(1.0 / 9.0 - 2.0 * l / 18.0 + l * l * 2.0 / 9.0));

  const MeanResult plain = fit(d, tuned_by(TuningRule::fixed, 1.0));
  CHECK(plain.fit.estimate == near(1.0));
  CHECK(plain.fit.variance == near(2.0 / 9.0));
  CHECK(plain.labels_only.estimate == near(2.0 / 3.0));
  CHECK(plain.labels_only.variance == near(1.0 / 9.0));
}

TEST_CASE("six rows by hand: smallest variance, leverage-corrected variances and df") {
  const MeanResult r = fit(six_rows(), tuned_by(TuningRule::optimal));
  const double l = 5.0 / 19.0;  // (1/18) / (1/9 + 3/10/3)
  CHECK(lambda(r) == near(l));
  CHECK(r.fit.estimate == near(43.0 / 57.0));
  const double v_rest = l * l / 9.0;
  const double v_labelled = 1.0 / 9.0 - 2.0 * l / 18.0 + l * l / 9.0;
  CHECK(r.fit.variance == near(v_labelled + v_rest));
  // Residuals y - l f about their mean, and the leverages of the three labelled rows.
  const double residual[] = {1.0 / 3.0 - l * 2.0 / 3.0, -2.0 / 3.0 + l / 3.0, 1.0 / 3.0 + l / 3.0};
  const double leverage[] = {20.0 / 57.0, 5.0 / 57.0, 5.0 / 57.0};
  double hc2 = v_rest, hc3 = v_rest, cubes = 0.0;
  for (int i = 0; i < 3; ++i) {
    const double psi = residual[i] * std::sqrt(1.5) / 3.0;
    const double q3 = leverage[i] * 1.5;
    hc2 += psi * psi / (1.0 - leverage[i]);
    hc3 += 1.5 * psi * psi / ((1.0 - q3) * (1.0 - q3));
    cubes += psi * psi * psi;
  }
  CHECK(r.fit.hc2 == near(hc2));
  CHECK(r.fit.hc3 == near(hc3));
  const double v = v_labelled + v_rest;  // three labels, one weight: one degree of freedom
  CHECK(r.fit.df == near(v * v / (v_labelled * v_labelled + v_rest * v_rest / 2.0)));
  CHECK(r.base_rows == 3.0);
  CHECK(r.p0 == near(2.0 / 3.0));
  MeanOptions skewed = tuned_by(TuningRule::optimal);
  skewed.skew = true;
  CHECK(fit(six_rows(), skewed).fit.skewness == near(cubes / std::pow(v, 1.5)));
}

TEST_CASE("four rows by hand: known prob, centred and not") {
  Design d;
  d.y = {1.0, 0.0, missing, missing};
  d.f = {{1.0, 0.0, 1.0, 1.0}};
  d.prob = {0.5, 0.5, 0.5, 0.5};
  MeanOptions options;
  options.tuning.guard = false;
  const MeanResult hajek = fit(d, options);
  CHECK(lambda(hajek) == near(4.0 / 3.0));
  CHECK(hajek.fit.estimate == near(5.0 / 6.0));
  CHECK(hajek.fit.variance == near(1.0 / 18.0));
  CHECK(hajek.p0 == near(0.5));
  CHECK(hajek.base_rows == near(2.0));
  options.influence.center = false;
  const MeanResult published = fit(d, options);
  CHECK(lambda(published) == near(10.0 / 11.0));
  CHECK(published.fit.estimate == near(8.0 / 11.0));
}

TEST_CASE("rows labelled uniformly equal the estimator written out") { check_design(Shape()); }

TEST_CASE("rows with known prob equal the estimator written out") {
  check_design(with_known_prob());
}

TEST_CASE("clusters equal the estimator written out") {
  for (bool mean_of_clusters : {false, true}) {
    check_design(clustered(Labels::whole_clusters, false), mean_of_clusters);
    check_design(clustered(Labels::whole_clusters, true), mean_of_clusters);
    check_design(clustered(Labels::rows, true), mean_of_clusters);
  }
  check_design(clustered(Labels::rows, false));
}

TEST_CASE("0/1 labels equal the estimator written out") {
  Shape shape;
  shape.binary = true;
  shape.judges = 1;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    check_against_naive(designs::random_design(shape, seed), shape, naive::Options());
  }
}

TEST_CASE("singleton clusters are no clusters") {
  for (bool known_prob : {false, true}) {
    Shape shape;
    shape.known_prob = known_prob;
    shape.judges = 2;
    shape.strata = 2;
    const Design d = designs::random_design(shape, 5);
    Design single = d;
    for (std::size_t i = 0; i < d.n(); ++i) single.clusters.push_back(static_cast<int>(i));
    const MeanResult a = fit(d, MeanOptions()), b = fit(single, MeanOptions());
    CHECK(b.fit.estimate == near(a.fit.estimate, 1e-13));
    CHECK(b.fit.hc2 == near(a.fit.hc2, 1e-12));
    CHECK(b.fit.hc3 == near(a.fit.hc3, 1e-12));
    CHECK(b.fit.df == near(a.fit.df, 1e-12));
    CHECK(b.base_units == near(a.base_units, 1e-13));
  }
}

TEST_CASE("no digits are lost far from zero") {
  for (Shape shape : {Shape(), with_known_prob(), clustered(Labels::whole_clusters, false),
                      clustered(Labels::rows, true)}) {
    shape.judges = 2;
    shape.strata = 2;
    Design d = designs::random_design(shape, 7);
    // Multiples of 1/64, so that the shifted values are exact.
    for (double& y : d.y) y = std::round(64.0 * y) / 64.0;
    for (auto& f : d.f) {
      for (double& x : f) x = std::round(64.0 * x) / 64.0;
    }
    Design far = d;
    for (double& y : far.y) y += 1e8;
    for (double& x : far.f[0]) x -= 1e9;
    const MeanResult a = fit(d, MeanOptions()), b = fit(far, MeanOptions());
    CHECK(b.fit.estimate - 1e8 == doctest::Approx(a.fit.estimate).epsilon(1e-6));
    CHECK(b.fit.variance == near(a.fit.variance, 1e-6));
    CHECK(b.fit.hc3 == near(a.fit.hc3, 1e-6));
    CHECK(b.fit.df == near(a.fit.df, 1e-6));
    for (int k = 0; k < 2; ++k) {
      CHECK(b.design.strata[1].lambda[k] == near(a.design.strata[1].lambda[k], 1e-6));
    }
  }
}

TEST_CASE("given strata weights replace the shares") {
  Shape shape;
  shape.strata = 2;
  shape.judges = 0;
  const Design d = designs::random_design(shape, 8);
  MeanOptions options;
  options.weights = {0.9, 0.1};
  const auto equal = fit(d, MeanOptions());
  const auto& strata = equal.design.strata;
  CHECK(equal.fit.estimate == near(0.5 * strata[0].theta + 0.5 * strata[1].theta));
  const MeanFit given = fit(d, options).fit;
  CHECK(given.estimate == near(0.9 * strata[0].theta + 0.1 * strata[1].theta));
  CHECK(given.variance == near(0.81 * strata[0].variance() + 0.01 * strata[1].variance()));
}

TEST_CASE("a stratum with one labelled row borrows the others' mean variance") {
  Design d;
  d.y = {1.0, 2.0, 4.0, 3.0, 5.0, 10.0, missing, missing};
  d.strata = {0, 0, 0, 1, 1, 2, 2, 2};
  CHECK_FALSE(fit(d, MeanOptions()).identified);
  MeanOptions options;
  options.lonely_pool = true;
  const MeanResult r = fit(d, options);
  REQUIRE(r.identified);
  const double v0 = 7.0 / 3.0, v1 = 2.0;  // sample variances
  CHECK(r.design.strata[2].lonely);
  CHECK(r.design.strata[2].variance() == near(0.5 * (v0 + v1)));
  const double expected = (9.0 * v0 / 3.0 + 4.0 * v1 / 2.0 + 9.0 * 0.5 * (v0 + v1)) / 64.0;
  CHECK(r.fit.variance == near(expected));
  CHECK(r.fit.hc2 == near(expected));
}

TEST_CASE("too few labels for the judges: labels alone, unless asked not to look") {
  Shape shape;
  shape.n = 60;
  shape.judges = 3;
  Design d = designs::random_design(shape, 9);
  std::size_t n_true = 0;
  for (double& y : d.y) {
    if (!std::isnan(y) && ++n_true > 4) y = missing;
  }
  MeanOptions options;
  const MeanResult guarded = fit(d, options);
  CHECK(guarded.design.strata[0].too_few_labels);
  CHECK(guarded.design.strata[0].lambda.isZero(0.0));
  CHECK(guarded.fit.estimate == guarded.labels_only.estimate);
  options.tuning.guard = false;
  CHECK_FALSE(fit(d, options).design.strata[0].lambda.isZero(0.1));
}

TEST_CASE("weights are pooled unless every stratum has 50 labels, and 10 per judge") {
  const auto pooled = [](std::size_t labels_in_smaller, int judges) {
    Shape shape;
    shape.n = 600;
    shape.strata = 2;
    shape.judges = judges;
    shape.share = 1.0;
    Design d = designs::random_design(shape, 10);
    std::size_t labelled[] = {0, 0};
    for (std::size_t i = 0; i < d.n(); ++i) {
      const std::size_t limit = d.strata[i] == 0 ? labels_in_smaller : 200;
      if (++labelled[d.strata[i]] > limit) d.y[i] = missing;
    }
    return fit(d, MeanOptions()).design.pooled;
  };
  CHECK(pooled(49, 1));
  CHECK_FALSE(pooled(50, 1));
  CHECK_FALSE(pooled(60, 6));
  CHECK(pooled(59, 6));
}

TEST_CASE("facts about the data") {
  const auto facts = [](const Design& d) { return fit(d, MeanOptions()).facts; };
  Design d = six_rows();
  CHECK(facts(d).labels.binary);
  CHECK(facts(d).labels.lowest == 0.0);
  CHECK(facts(d).labels.highest == 1.0);
  d.y[1] = 0.5;
  CHECK_FALSE(facts(d).labels.binary);
  d.f[0][4] = missing;
  CHECK_FALSE(facts(d).finite);
  CHECK_FALSE(fit(d, MeanOptions()).identified);

  d = six_rows();
  d.clusters = {0, 0, 1, 1, 2, 2};
  CHECK(facts(d).mixed);
  d.clusters = {0, 0, 1, 2, 2, 2};
  CHECK_FALSE(facts(d).mixed);
  d.strata = {0, 0, 0, 1, 1, 0};  // cluster 2 is in both
  CHECK_FALSE(facts(d).nested);
  CHECK_FALSE(fit(d, MeanOptions()).identified);
}

TEST_CASE("facts about prob") {
  const auto with_prob = [](std::vector<double> prob) {
    Design d = six_rows();
    d.prob = std::move(prob);
    return fit(d, MeanOptions()).facts;
  };
  const auto good = with_prob({0.5, 0.25, 1.0, 0.0, missing, 0.5});
  CHECK(good.prob_valid);
  CHECK(good.n_dropped == 2.0);
  CHECK(good.prob.lowest == 0.25);
  CHECK(good.prob.highest == 1.0);
  CHECK(good.highest_weight_share == near(4.0 / 7.0));
  CHECK_FALSE(with_prob({0.0, 0.5, 0.5, 0.5, 0.5, 0.5}).prob_valid);      // labelled
  CHECK_FALSE(with_prob({missing, 0.5, 0.5, 0.5, 0.5, 0.5}).prob_valid);  // labelled
  CHECK_FALSE(with_prob({0.5, 0.5, 0.5, 1.0, 0.5, 0.5}).prob_valid);      // not labelled
  CHECK_FALSE(with_prob({0.5, 0.5, 1.1, 0.5, 0.5, 0.5}).prob_valid);
  CHECK_FALSE(with_prob({0.5, 0.5, 0.5, -0.1, 0.5, 0.5}).prob_valid);
}

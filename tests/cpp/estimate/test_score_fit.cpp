#include <doctest/doctest.h>

#include <judicious/estimate/score_fit.hpp>
#include <random>

#include "estimate/designs.hpp"

namespace {

using designs::missing;
using judicious::LabelSummary;
using judicious::Matrix;
using judicious::MeanOptions;
using judicious::Rows;
using judicious::ScoreFit;
using judicious::Vector;

judicious::Column column(const std::vector<double>& x) {
  judicious::Column out;
  out.real = x.data();
  return out;
}

// The mean of labels as a regression on a constant: its score is y less its value, the leverage of
// each of n labels 1/n.
struct Mean {
  std::vector<double> y, leverage, f, g;

  explicit Mean(unsigned seed, std::size_t labelled = 40) {
    std::mt19937_64 rng(seed);
    std::normal_distribution<double> normal;
    for (std::size_t i = 0; i < 400; ++i) {
      const double x = normal(rng);
      y.push_back(i < labelled ? x + 0.5 * normal(rng) : missing);
      leverage.push_back(i < labelled ? 1.0 / static_cast<double>(labelled) : missing);
      f.push_back(x);
      g.push_back(x + normal(rng));
    }
  }
  std::shared_ptr<const LabelSummary> summary(int judges) const {
    Rows rows;
    rows.n = y.size();
    rows.y = column(y);
    rows.more_y = {column(leverage)};
    if (judges > 0) rows.proxies.push_back(column(f));
    if (judges > 1) rows.proxies.push_back(column(g));
    return std::make_shared<LabelSummary>(
        judicious::summarise(rows, 1, judicious::serial_executor()));
  }
};

}  // namespace

TEST_CASE("without a judge HC2 of a mean is its unbiased variance") {
  const Mean data(1);
  const ScoreFit fit(data.summary(0), {1, 0}, std::nullopt, MeanOptions());
  const double v = fit.joint().vcov()(0, 0);
  CHECK(fit.hc2()(0, 0) == doctest::Approx(v * 40.0 / 39.0));
  CHECK(fit.hc3()(0, 0) == doctest::Approx(v * 1600.0 / 1521.0));
  CHECK(fit.df(Vector::Ones(1)) == doctest::Approx(39.0));
}

TEST_CASE("one judge and one coefficient: nearly the weight of the mean") {
  for (unsigned seed = 1; seed < 6; ++seed) {
    const Mean data(seed);
    const auto summary = data.summary(1);
    const ScoreFit fit(summary, {1, 1}, std::nullopt, MeanOptions());
    const judicious::JointFit mean(summary, {{0, {0, {0}}}}, MeanOptions());
    // The spread of the judge is that of either part here, of all rows there.
    CHECK(fit.lambda()[0] == doctest::Approx(mean.fits()[0].lambda(0, 0)).epsilon(0.02));
    CHECK(std::fabs(fit.joint().fits()[0].estimate - mean.fits()[0].estimate) < 0.005);
  }
}

TEST_CASE("given weights are kept, and leverages only widen") {
  const Mean data(7);
  const ScoreFit fit(data.summary(2), {1, 2}, Vector::Constant(2, 0.4), MeanOptions());
  CHECK(fit.lambda()[0] == 0.4);
  CHECK(fit.lambda()[1] == 0.4);
  CHECK(fit.hc2()(0, 0) > fit.joint().vcov()(0, 0));
  CHECK(fit.hc3()(0, 0) > fit.hc2()(0, 0));
}

TEST_CASE("a copy of a judge adds nothing") {
  Mean data(9);
  data.g = data.f;
  const ScoreFit one(data.summary(1), {1, 1}, std::nullopt, MeanOptions());
  const ScoreFit two(data.summary(2), {1, 2}, std::nullopt, MeanOptions());
  CHECK(two.joint().fits()[0].estimate ==
        doctest::Approx(one.joint().fits()[0].estimate).epsilon(1e-9));
  CHECK(two.hc3()(0, 0) == doctest::Approx(one.hc3()(0, 0)).epsilon(1e-9));
}

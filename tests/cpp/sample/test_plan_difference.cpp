#include <doctest/doctest.h>

#include <judicious/sample/plan_difference.hpp>

namespace {

using judicious::DifferenceAssumptions;
using judicious::PlanTest;
using judicious::predict_difference;

DifferenceAssumptions rates(double p, double q, double pair, double judge, double n_total = 2000) {
  DifferenceAssumptions out;
  out.first = {p, p * (1.0 - p), judge};
  out.second = {q, q * (1.0 - q), judge};
  out.covariance = pair * std::sqrt(out.first.variance * out.second.variance);
  out.n_total = n_total;
  return out;
}

PlanTest test_of(double mu) {
  PlanTest out;
  out.mu = mu;
  return out;
}

}  // namespace

TEST_CASE("the judge's correlation with a difference: its own without pairing, less with it") {
  CHECK(rates(0.3, 0.3, 0.0, 0.7).correlation() == doctest::Approx(0.7));
  CHECK(rates(0.3, 0.2, 0.8, 0.7).correlation() < 0.5);
  CHECK(rates(0.3, 0.2, 0.8, 0.0).correlation() == 0.0);
  CHECK(rates(0.3, 0.2, 0.8, 1.0).correlation() == doctest::Approx(1.0));
}

TEST_CASE("widths fall with labels, with pairing and with the judge") {
  const PlanTest test = test_of(0.0);
  double last = 3.0;
  for (const double n : {20.0, 50.0, 200.0, 800.0}) {
    const double width = predict_difference(rates(0.2, 0.1, 0.3, 0.6), test, n, true).width;
    CHECK(width < last);
    last = width;
  }
  const auto width = [&](double pair, double judge, bool paired) {
    return predict_difference(rates(0.2, 0.15, pair, judge), test, 150.0, paired).width;
  };
  CHECK(width(0.6, 0.6, true) < width(0.6, 0.6, false));
  CHECK(width(0.6, 0.8, true) < width(0.6, 0.0, true));
  CHECK(width(0.0, 0.8, false) < width(0.0, 0.0, false));
}

TEST_CASE("power is near the level where there is nothing to find, and near 1 far from it") {
  for (const bool paired : {true, false}) {
    CHECK(predict_difference(rates(0.3, 0.3, 0.2, 0.5), test_of(0.0), 200.0, paired).power < 0.06);
    CHECK(predict_difference(rates(0.5, 0.2, 0.2, 0.5), test_of(0.0), 200.0, paired).power > 0.99);
  }
}

TEST_CASE("systems change places with the sign of the difference") {
  PlanTest greater = test_of(0.02), less = test_of(-0.02);
  greater.alternative = judicious::Alternative::greater;
  less.alternative = judicious::Alternative::less;
  const auto a = predict_difference(rates(0.3, 0.2, 0.4, 0.6), greater, 120.0, true);
  const auto b = predict_difference(rates(0.2, 0.3, 0.4, 0.6), less, 120.0, true);
  CHECK(a.power == doctest::Approx(b.power).epsilon(0.02));
  CHECK(a.width == doctest::Approx(b.width).epsilon(0.01));
}

TEST_CASE("paired scores are planned as scores of the differences") {
  DifferenceAssumptions x;
  x.binary = false;
  x.first = {5.2, 1.0, 0.7};
  x.second = {5.0, 1.0, 0.7};
  x.covariance = 0.5;
  x.n_total = 1000.0;
  judicious::PlanAssumptions one;
  one.binary = false;
  one.mean = 0.2;
  one.variance = 1.0;
  one.correlation = x.correlation();
  one.n_total = 1000.0;
  const auto a = predict_difference(x, test_of(0.0), 60.0, true);
  const auto b = judicious::predict_score(one, test_of(0.0), {60.0, 60.0});
  CHECK(a.width == doctest::Approx(b.width));
  CHECK(a.power == doctest::Approx(b.power));
  CHECK(predict_difference(x, test_of(0.0), 60.0, false).width > a.width);
}

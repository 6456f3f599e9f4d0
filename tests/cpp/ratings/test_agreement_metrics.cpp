#include <doctest/doctest.h>

#include <cmath>
#include <judicious/ratings/agreement_metrics.hpp>

namespace {

using judicious::Metric;
using judicious::RatedItems;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Two options; the positive one is the first.
RatedItems source(std::vector<double> o, std::vector<double> omega) {
  RatedItems out;
  out.profile.n_options = 2;
  out.profile.n_items = o.size() / 2;
  for (std::size_t i = 0; i < out.profile.n_items; ++i) {
    out.profile.p_positive.push_back(omega[2 * i]);
  }
  out.profile.o = std::move(o);
  out.profile.omega = std::move(omega);
  out.n_choices.assign(out.profile.n_items, 10.0);
  return out;
}

double value(Metric metric, const RatedItems& human, const RatedItems& judge, double tau = 0.5) {
  const auto scores = judicious::AgreementScorer(human, judge, tau, 0.5).score(metric);
  return judicious::item_metric(scores).value(judicious::Counts(human.profile.n_items, 1.0));
}

judicious::Interval bounds(Metric metric, const RatedItems& human, const RatedItems& judge) {
  const auto scores = judicious::AgreementScorer(human, judge, 0.5, 0.5).score(metric);
  const auto of_items = judicious::item_metric(scores);
  const judicious::Counts once(human.profile.n_items, 1.0);
  return {of_items.low(once), of_items.high(once)};
}

const RatedItems human = source({0.7, 0.3, 0.4, 0.6, missing, missing, 0.5, 0.5},
                                {0.9, 0.6, 0.5, 1.0, 0.2, 0.9, missing, missing});
const RatedItems judge =
    source({0.2, 0.8, 0.1, 0.9, 1.0, 0.0, 1.0, 0.0}, {0.4, 1.0, 0.5, 1.0, 1.0, 0.0, 0.5, 0.7});

}  // namespace

TEST_CASE("metrics by hand, of the items that have what they need") {
  CHECK(value(Metric::hit_rate, human, judge) == doctest::Approx(2.0 / 3.0));  // a tie: the first
  CHECK(value(Metric::mse_h, human, judge) == doctest::Approx(2.0 / 3.0));
  CHECK(value(Metric::mse_s, human, judge) == doctest::Approx((0.5 + 0.18 + 0.5) / 3.0));
  CHECK(value(Metric::mse_srs, human, judge) == doctest::Approx((0.41 + 0.0 + 1.45) / 3.0));
  CHECK(value(Metric::mse_hrs, human, judge) == doctest::Approx((1.0 + 0.0 + 2.0) / 3.0));
  CHECK(value(Metric::coverage, human, judge) == doctest::Approx(2.0 / 3.0));
  CHECK(value(Metric::coverage_srs, human, judge) == doctest::Approx((0.6 + 1.0 + 0.2) / 3.0));
  // Decisions: yes, no, no against no, no, yes; 0.5 does not exceed 0.5.
  CHECK(value(Metric::consistency, human, judge) == doctest::Approx(1.0 / 3.0));
  CHECK(value(Metric::bias, human, judge) == 0.0);
  CHECK(value(Metric::bias, human, judge, 0.3) == doctest::Approx(1.0 / 3.0));
  CHECK(value(Metric::bias, human, judge, 0.45) == 0.0);
  CHECK(value(Metric::bias, human, judge, 0.95) == doctest::Approx(1.0 / 3.0));
  CHECK(value(Metric::bias_squared, human, judge, 0.95) == doctest::Approx(1.0 / 9.0));
}

TEST_CASE("an item without any use is NaN, not zero") {
  const RatedItems none = source({missing, missing}, {missing, missing});
  const RatedItems one = source({1.0, 0.0}, {1.0, 0.0});
  for (const Metric metric : {Metric::hit_rate, Metric::cohen_kappa, Metric::mse_srs,
                              Metric::js_divergence, Metric::bias_abs}) {
    CHECK(std::isnan(value(metric, none, one)));
  }
}

TEST_CASE("answers that name no option agree with nothing") {
  const RatedItems refuses = source({0.2, 0.1}, {0.2, 0.1});
  const RatedItems answers = source({1.0, 0.0}, {1.0, 0.0});
  CHECK(value(Metric::hit_rate, refuses, answers) == 0.0);
  CHECK(value(Metric::hit_rate, refuses, refuses) == 0.0);
  CHECK(value(Metric::cohen_kappa, refuses, refuses) == 0.0);
  CHECK(value(Metric::js_divergence, answers, refuses) > 0.3);
}

TEST_CASE("bounds hold what shares might have been") {
  RatedItems open = source({0.7, 0.3}, {0.6, 0.5});
  open.profile.o_low = {0.3, 0.1};
  open.profile.o_high = {0.9, 0.6};
  open.profile.omega_low = {0.4, 0.2};
  open.profile.omega_high = {0.8, 0.9};
  open.profile.p_low = {0.4};
  open.profile.p_high = {0.8};
  const RatedItems fixed = source({1.0, 0.0}, {1.0, 0.0});
  const auto hit = bounds(Metric::hit_rate, open, fixed);
  CHECK(hit.low == 0.0);
  CHECK(hit.high == 1.0);
  const auto mse = bounds(Metric::mse_srs, open, fixed);
  CHECK(mse.low == doctest::Approx(0.04 + 0.04));
  CHECK(mse.high == doctest::Approx(0.36 + 0.81));
  const auto sets = bounds(Metric::mse_hrs, open, fixed);
  CHECK(sets.low == 0.0);
  CHECK(sets.high == 2.0);
  const auto bias = bounds(Metric::bias, open, fixed);
  CHECK(bias.low == 0.0);
  CHECK(bias.high == 1.0);
  const auto size = bounds(Metric::bias_squared, open, fixed);
  CHECK(size.low == 0.0);
  CHECK(size.high == 1.0);
  CHECK(value(Metric::hit_rate, open, fixed) == 1.0);
}

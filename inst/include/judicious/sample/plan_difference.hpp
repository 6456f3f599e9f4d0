// Expected width and power for the difference of two systems, whose answers to the same items are
// labelled (paired) or to different ones (separate).
#pragma once

#include <judicious/estimate/several.hpp>
#include <judicious/sample/plan_rate.hpp>
#include <judicious/sample/plan_score.hpp>

namespace judicious {

// Of one system: its labels, and the judge's correlation with them.
struct PlannedSystem {
  double mean = 0.5, variance = 0.25, correlation = 0.0;
};

struct DifferenceAssumptions {
  bool binary = true;
  PlannedSystem first, second;
  double covariance = 0.0;                                   // of both systems' labels of one item
  double n_total = std::numeric_limits<double>::infinity();  // items of the pool, per system

  double mean() const { return first.mean - second.mean; }
  double variance() const { return first.variance + second.variance - 2.0 * covariance; }
  // Of the difference of the judge's answers with that of the labels. The judge is as often
  // positive as people and its errors are its own: it depends on its row's label only.
  double correlation() const {
    const double judged = first.variance + second.variance -
                          2.0 * first.correlation * second.correlation * covariance;
    const double shared = first.correlation * first.variance +
                          second.correlation * second.variance -
                          (first.correlation + second.correlation) * covariance;
    const double scale = variance() * judged;
    return scale > 0.0 ? std::clamp(shared / std::sqrt(scale), -1.0, 1.0) : 0.0;
  }
  // What the judge leaves of a variance: n labels of the pool.
  double left(double judge, double n) const {
    const double rest = std::isinf(n_total) ? 1.0 : std::max(1.0 - n / n_total, 0.0);
    return 1.0 - judge * judge * rest;
  }
};

// Tables of labels, each with the estimate and variance that they lead to.
class DifferencePrediction {
 public:
  DifferencePrediction(const DifferenceAssumptions& a, const PlanTest& test, double n, bool paired)
      : a_(a), test_(test), n_(n), base_(difference_base(n, n, paired ? 1.0 : 0.0)) {}

  Prediction paired() {
    const double d = a_.mean(), discordant = a_.variance() + d * d;
    const double first = discordant > 0.0 ? 0.5 * (1.0 + d / discordant) : 0.5;
    const double left = a_.left(a_.correlation(), n_);
    for_outcomes(n_, discordant, [&](double m, double weight) {
      for_outcomes(m, first, [&](double k, double share) {
        const double seen = (2.0 * k - m) / n_;
        add(d + std::sqrt(left) * (seen - d), seen,
            left * (m - n_ * seen * seen) / (n_ * (n_ - 1.0)), weight * share);
      });
    });
    return finish(left);
  }

  Prediction separate() {
    const PlannedSystem &one = a_.first, &two = a_.second;
    const double left[2] = {a_.left(one.correlation, n_), a_.left(two.correlation, n_)};
    for_outcomes(n_, one.mean, [&](double i, double weight) {
      for_outcomes(n_, two.mean, [&](double j, double share) {
        const double p = i / n_, q = j / n_;
        const double estimate =
            a_.mean() + std::sqrt(left[0]) * (p - one.mean) - std::sqrt(left[1]) * (q - two.mean);
        const double variance = (left[0] * p * (1.0 - p) + left[1] * q * (1.0 - q)) / (n_ - 1.0);
        add(estimate, p - q, variance, weight * share);
      });
    });
    return finish((left[0] * one.variance + left[1] * two.variance) /
                  (one.variance + two.variance));
  }

 private:
  template <class Visit>
  static void for_outcomes(double size, double p, const Visit& visit) {
    const QuadratureRule rule = outcomes_or_nodes(size, p, 40, 12);
    for (std::size_t k = 0; k < rule.nodes.size(); ++k) visit(rule.nodes[k], rule.weights[k]);
  }

  void add(double estimate, double seen, double variance, double weight) {
    BoundedMean m{
        estimate, seen, std::max(variance, 0.0), base_, std::numeric_limits<double>::infinity(),
        -1.0,     1.0};
    m.guard_share = difference_guard;
    const BetaBounds beta = beta_bounds(m, test_.conf_level);
    const double tail = 0.5 * (1.0 - test_.conf_level);
    out_.width += 2.0 * weight * (beta.high(tail) - beta.low(tail));
    if (!test_.mu) return;
    const double share = 0.5 * (*test_.mu + 1.0);
    if (test_.tail_greater() > 0.0) {
      greater_.add(weight, rejection_score(beta.greater(share), test_.tail_greater()));
    }
    if (test_.tail_less() > 0.0) {
      less_.add(weight, rejection_score(beta.less(share), test_.tail_less()));
    }
  }

  Prediction finish(double left) {
    out_.n_effective = n_ / left;
    if (test_.mu) out_.power = greater_.weight_positive() + less_.weight_positive();
    return out_;
  }

  DifferenceAssumptions a_;
  PlanTest test_;
  double n_, base_;
  Prediction out_;
  ScoreMoments greater_, less_;
};

// Real-valued labels under normal theory: differences are labels themselves, separate systems add
// up as in Welch's test.
inline Prediction predict_score_difference(const DifferenceAssumptions& a, const PlanTest& test,
                                           double n, bool paired) {
  PlanAssumptions one;
  one.binary = false;
  one.n_total = a.n_total;
  one.mean = a.mean();
  if (paired) {
    one.variance = a.variance();
    one.correlation = a.correlation();
    return predict_score(one, test, {n, n});
  }
  std::array<ScoreVariance, 2> v;
  for (std::size_t s = 0; s < 2; ++s) {
    const PlannedSystem& system = s == 0 ? a.first : a.second;
    one.variance = system.variance;
    one.correlation = system.correlation;
    v[s] = score_variance(one, {n, n});
  }
  const auto square = [](double x) { return x * x; };
  const double hc3 = v[0].hc3 + v[1].hc3;
  const double df = square(hc3) / (square(v[0].hc3) / v[0].df + square(v[1].hc3) / v[1].df);
  return predict_score_from({v[0].sampling + v[1].sampling, hc3, df, 0.5 * (v[0].gain + v[1].gain)},
                            a.mean(), 2.0 / df, 0.0, n, test);
}

// With n labels of each system.
inline Prediction predict_difference(const DifferenceAssumptions& a, const PlanTest& test, double n,
                                     bool paired) {
  if (!a.binary) return predict_score_difference(a, test, n, paired);
  DifferencePrediction prediction(a, test, n, paired);
  return paired ? prediction.paired() : prediction.separate();
}

}  // namespace judicious

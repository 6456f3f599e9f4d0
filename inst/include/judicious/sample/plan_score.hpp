// Expected width and power for real-valued labels: the t interval under normal
// theory.
#pragma once

#include <judicious/numeric/distributions.hpp>
#include <judicious/numeric/gauss.hpp>
#include <judicious/sample/plan_assumptions.hpp>

namespace judicious {

// Moments of the t interval at a number of labels: sampling variance, expected
// HC3 variance and degrees of freedom (Satterthwaite).
struct ScoreVariance {
  double sampling, hc3, df;
  double gain;  // expected ratio of the estimated variances without and with judge
};

// Mean of 1 / (1 - R^2) in a simple regression, where that is total over residual
// sum of squares and the residual one is chi-squared.
inline double expected_gain(double r2, double n) {
  const double residual = 1.0 - r2;
  return 1.0 + (residual + r2 * (n - 1.0)) / (residual * std::max(n - 4.0, 1.0));
}

// Normal labels. With s = u / N the judge's weight is s times the regression
// slope; terms in 1 / units are what estimating it costs and what HC3 adds.
inline ScoreVariance score_variance(const PlanAssumptions& a, const PlanPoint& point) {
  const double units = std::max(point.n * a.unit_share, 2.0);
  const double rest_units = (a.n_total - point.n) * a.unit_share;
  const bool tuned = a.has_judge() && rest_units > 1.0;
  const double s = !tuned ? 0.0 : std::isinf(a.n_total) ? 1.0 : 1.0 - point.n / a.n_total;
  const double r2 = a.correlation * a.correlation;
  const double v0 = a.variance / point.n;
  const double labelled = v0 * (1.0 - 2.0 * r2 * s + r2 * s * s);
  const double rest = v0 * r2 * s * (1.0 - s);
  const double v = labelled + rest;
  const double df_labelled = std::max(units - (tuned ? 2.0 : 1.0), 1.0);
  const double df =
      v * v / (labelled * labelled / df_labelled + rest * rest / std::max(rest_units - 1.0, 1.0));
  const double slope = s * s / std::max(units - 3.0, 1.0);
  const double leverage = tuned ? (1.0 + s) / units + 6.0 * s / (units * units) : 0.0;
  return {point.variance_ratio * (labelled * (1.0 + slope) + rest),
          point.variance_ratio * (labelled * (1.0 + leverage) + rest), std::max(df, 1.0),
          tuned ? expected_gain(r2 * s, units) / point.variance_ratio : 1.0};
}

// From these moments, the relative variance of the estimated variance, and how much too small few
// clusters make it look.
inline Prediction predict_score_from(const ScoreVariance& v, double mean, double noise,
                                     double too_small, double n, const PlanTest& test) {
  const auto quantile = [&](double tail) { return t_quantile(1.0 - tail, v.df); };
  Prediction out;
  const double shrink = std::sqrt(squared_mean_root(noise) * (1.0 - too_small));
  out.width = 2.0 * quantile(0.5 * (1.0 - test.conf_level)) * std::sqrt(v.hc3) * shrink;
  out.n_effective = n * v.gain;
  if (!test.mu) return out;
  // Noncentral t: normal given the variance estimate, which is averaged over.
  const double shift = (mean - *test.mu) / std::sqrt(v.sampling);
  const double scale = std::sqrt(v.hc3 / v.sampling);
  const auto rule = gamma_rule(0.5 * v.df, 16);
  const auto side = [&](double tail, double sign) {
    double power = 0.0;
    if (tail <= 0.0) return power;
    for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
      const double critical = quantile(tail) * scale * std::sqrt(2.0 * rule.nodes[k] / v.df);
      power += rule.weights[k] * normal_cdf(sign * shift - critical);
    }
    return power;
  };
  out.power = side(test.tail_greater(), 1.0) + side(test.tail_less(), -1.0);
  return out;
}

inline Prediction predict_score(const PlanAssumptions& a, const PlanTest& test,
                                const PlanPoint& point) {
  const ScoreVariance v = score_variance(a, point);
  const double units = point.n * a.unit_share;
  const double noise = std::max(2.0 / v.df, (a.unit_kurtosis - 1.0) / units);
  return predict_score_from(v, a.mean, noise, a.unequal_bias / units, point.n, test);
}

}  // namespace judicious

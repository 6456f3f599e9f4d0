// Tests of a mean against a value, by the same rules as the intervals: the two-sided
// p-value is below alpha where the value lies outside the 1 - alpha interval.
#pragma once

#include <judicious/estimate/inference.hpp>

namespace judicious {

struct MeanTest {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  double statistic = 0.0;
  double parameter = none;           // degrees of freedom, or labels
  double greater = 1.0, less = 1.0;  // one-sided p-values
  double two_sided = none;           // where it is not twice the smaller of them
};

// Skewness moves the statistic as it moves the bound on its side.
inline double skewed_statistic(double z, double skewness) {
  const bool moved = skewness * z < 0.0;
  return moved ? std::copysign(skew_quantile(std::fabs(z), skewness), z) : z;
}

inline MeanTest symmetric_test(IntervalType type, const Inference& x, double mu) {
  const double z = (x.fit.estimate - mu) / std_error(type, x);
  if (type == IntervalType::normal) return {z, MeanTest::none, normal_cdf(-z), normal_cdf(z)};
  const double t = skewed_statistic(z, x.fit.skewness);
  return {t, x.fit.df, t_upper_tail(t, x.fit.df), t_upper_tail(-t, x.fit.df)};
}

inline MeanTest wilson_test(const Inference& x, double mu, double size_level) {
  const BoundedMean m = bounded_mean(x);
  const auto [n, events] = effective_counts(m, size_level);
  const double p0 = m.scaled(mu), p = events / n;
  const double z = p == p0 ? 0.0 : (p - p0) / std::sqrt(p0 * (1.0 - p0) / n);
  return {z, n, normal_cdf(-z), normal_cdf(z)};
}

// Of scores the statistic is their mean: no number of events describes them.
inline MeanTest beta_test(const Inference& x, double mu, double size_level) {
  const BoundedMean m = bounded_mean(x);
  const BetaBounds beta = beta_bounds(m, size_level);
  const double share = m.scaled(mu);
  MeanTest out{reported_estimate(IntervalType::beta, x), x.n_base, beta.greater(share),
               beta.less(share)};
  if (m.prediction) return out;
  const auto [n, events] = effective_counts(m, size_level);
  out.statistic = events;
  out.parameter = n;
  return out;
}

// The inverse of the adjustment of a BCa bound.
inline double bca_level(double share, const Inference& x) {
  const auto n = static_cast<double>(x.replicates.size());
  double low = 0.0;
  for (const double r : x.replicates) low += r < x.centre ? 1.0 : r == x.centre ? 0.5 : 0.0;
  const double z0 = normal_quantile(std::min(std::max(low, 0.5), n - 0.5) / n);
  const double w = normal_quantile(share) - z0;
  if (std::isinf(w)) return share;
  return normal_cdf(w / (1.0 + x.acceleration * w) - z0);
}

// The levels at which a bound reaches mu. The published two-sided p-value is the
// share of replicates further from the estimate.
inline MeanTest bootstrap_test(const Inference& x, double mu) {
  const auto n = static_cast<double>(x.replicates.size());
  const double distance = std::fabs(mu - x.fit.estimate);
  double below = 0.0, above = 0.0, far = 0.0;
  for (const double r : x.replicates) {
    below += r <= mu ? 1.0 / n : 0.0;
    above += r >= mu ? 1.0 / n : 0.0;
    far += std::fabs(r - x.fit.estimate) >= distance ? 1.0 / n : 0.0;
  }
  below = std::min(below, 1.0);
  if (!std::isnan(x.acceleration)) {
    below = bca_level(below, x);
    above = 1.0 - below;
  }
  return {x.fit.estimate - mu, MeanTest::none, below, std::min(above, 1.0),
          x.published ? std::min(far, 1.0) : MeanTest::none};
}

// The level of the interval whose bound is mu gives the p-value.
inline MeanTest mover_test(const Inference& x, double mu) {
  const bool above = x.fit.estimate > mu;
  double inside = 1.0 - 1e-12, outside = 1e-6;
  for (int step = 0; step < 60; ++step) {
    const double level = 0.5 * (inside + outside);
    const Interval at = mover_interval(*x.pair, level);
    ((above ? at.low > mu : at.high < mu) ? outside : inside) = level;
  }
  const double tail = 0.5 * (1.0 - inside);
  return {x.fit.estimate - mu, MeanTest::none, above ? tail : 1.0 - tail,
          above ? 1.0 - tail : tail};
}

inline MeanTest fieller_test(const Inference& x, double mu) {
  const double t = fieller_statistic(*x.pair, mu);
  return {t, x.fit.df, t_upper_tail(t, x.fit.df), t_upper_tail(-t, x.fit.df)};
}

inline MeanTest exact_test(const Inference& x, double mu) {
  return {x.fit.estimate - mu, MeanTest::none, x.fit.estimate <= mu ? 1.0 : 0.0,
          x.fit.estimate >= mu ? 1.0 : 0.0};
}

// `type` is a resolved one; effective sizes are those of `size_level`, the fit's own.
inline MeanTest test_mean(IntervalType type, const Inference& x, double mu, double size_level) {
  switch (type) {
    case IntervalType::beta:
      return beta_test(x, mu, size_level);
    case IntervalType::wilson:
      return wilson_test(x, mu, size_level);
    case IntervalType::bootstrap:
      return bootstrap_test(x, mu);
    case IntervalType::mover:
      return mover_test(x, mu);
    case IntervalType::fieller:
      return fieller_test(x, mu);
    case IntervalType::exact:
      return exact_test(x, mu);
    case IntervalType::t:
    case IntervalType::normal:
      return symmetric_test(type, x, mu);
    default:
      throw std::domain_error("The labels do not vary: there is nothing to test.");
  }
}

// Both bounds at a one-sided level, at the effective size of `size_level`.
inline Interval one_sided_bounds(IntervalType type, const Inference& x, double level,
                                 double size_level) {
  if (type == IntervalType::beta) {
    const BoundedMean m = bounded_mean(x);
    const BetaBounds beta = beta_bounds(m, size_level);
    return {m.unscaled(beta.low(1.0 - level)), m.unscaled(beta.high(1.0 - level))};
  }
  if (type == IntervalType::wilson) {
    const BoundedMean m = bounded_mean(x);
    return wilson_interval(m, effective_counts(m, size_level), normal_quantile(level));
  }
  if (type == IntervalType::t) {
    const double t = t_quantile(level, x.fit.df);
    return clipped(t_interval_at(x.fit.estimate, std_error(type, x), t, x.fit.skewness), type, x);
  }
  const Interval two_sided = bounds(type, x, std::fabs(2.0 * level - 1.0));
  return level < 0.5 ? Interval{two_sided.high, two_sided.low} : two_sided;
}

}  // namespace judicious

// Intervals of the difference and of the ratio of two estimates, from both estimates' own
// intervals or variances (many.md of the design, sections 4 and 6; statistics vignette).
#pragma once

#include <judicious/estimate/intervals.hpp>

namespace judicious {

// Two estimates whose difference or ratio is reported, and their covariance.
struct PairParts {
  BoundedMean first, second;
  double hc2 = 0.0, hc3 = 0.0;
};

// A few lucky labels may show no variance: as in the effective size, that is not believed.
inline double guarded_variance(const BoundedMean& m, double conf_level) {
  const double range = m.high - m.low;
  const double base = std::max(m.n_base, 1.0);
  return m.variance / (range * range) +
         size_guard(conf_level, base, m.known_prob) / (base * std::max(base - 1.0, 1.0));
}

// Method of variance estimates recovery (Newcombe 1998; Zou and Donner 2008): the distances of
// both estimates from their own bounds, added like standard errors.
inline Interval mover_interval(const PairParts& x, double conf_level) {
  const Interval a = beta_interval(x.first, conf_level), b = beta_interval(x.second, conf_level);
  const double range = x.first.high - x.first.low;
  const double first = x.first.unscaled(x.first.clipped(x.first.estimate));
  const double second = x.second.unscaled(x.second.clipped(x.second.estimate));
  const double scale =
      std::sqrt(guarded_variance(x.first, conf_level) * guarded_variance(x.second, conf_level));
  const double rho = std::clamp(x.hc2 / (range * range * scale), -1.0, 1.0);
  const auto together = [rho](double u, double v) {
    const double p = std::max(u, 0.0), q = std::max(v, 0.0);
    return std::sqrt(std::max(p * p - 2.0 * rho * p * q + q * q, 0.0));
  };
  const double d = first - second;
  return {std::max(d - together(first - a.low, b.high - second), -range),
          std::min(d + together(a.high - first, second - b.low), range)};
}

// All ratios r for which first - r second is not told apart from 0 (Fieller 1954). NaN where the
// second is not told apart from 0 itself: the set is then no interval.
inline Interval fieller_interval(const PairParts& x, double df, double conf_level) {
  const double t = t_quantile(0.5 + 0.5 * conf_level, df);
  const double a = x.first.estimate, b = x.second.estimate;
  const double square = b * b - t * t * x.second.high_variance;
  const double linear = a * b - t * t * x.hc3;
  const double constant = a * a - t * t * x.first.high_variance;
  const double root = linear * linear - square * constant;
  if (!(square > 0.0 && root >= 0.0)) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    return {none, none};
  }
  return {(linear - std::sqrt(root)) / square, (linear + std::sqrt(root)) / square};
}

// Of the ratio being r.
inline double fieller_statistic(const PairParts& x, double r) {
  const double variance = x.first.high_variance - 2.0 * r * x.hc3 + r * r * x.second.high_variance;
  const double sign = x.second.estimate < 0.0 ? -1.0 : 1.0;
  return sign * (x.first.estimate - r * x.second.estimate) / std::sqrt(variance);
}

}  // namespace judicious

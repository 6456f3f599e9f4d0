// Confidence intervals for a mean, from an estimate, its variance and the number
// of labels the data are worth (section 6 of the statistics vignette).
#pragma once

#include <algorithm>
#include <judicious/numeric/distributions.hpp>
#include <judicious/numeric/interval.hpp>

namespace judicious {

// What a bounded interval needs, on the metric's own scale [low, high].
struct BoundedMean {
  double estimate, labels_only;
  double variance;  // leverage-corrected (HC2)
  double n_base;    // labels the data are worth without a judge
  double n_cap;     // the effective size never exceeds this
  double low, high;
  double high_variance = 0.0;  // HC3
  bool known_prob = false;

  // Above 95% a single label that was not met weighs more.
  double variance_at(double conf_level) const {
    return conf_level > 0.95 + 1e-9 ? std::max(variance, high_variance) : variance;
  }
};

inline double two_sided_z(double conf_level) { return normal_quantile(0.5 + 0.5 * conf_level); }

// Guard of the effective size: a judge that looks perfect on a handful of events
// cannot drive the width to zero (rule of three).
inline double size_guard(double conf_level) {
  const double z = two_sided_z(conf_level);
  return std::max(2.0, 0.5 * z * z);
}

// Where labels stand for different numbers of rows, a few of them may speak for
// most: the guard is larger for small base sizes.
inline double size_guard(double conf_level, double base, bool known_prob) {
  return size_guard(conf_level) + (known_prob ? 10.0 / base : 0.0);
}

// base * (base * v0 + guard) / (base * (base - 1) * v + guard): how many plain
// labels a variance v is worth, given the labels' own v0.
inline double guarded_size(double base, double v0, double v, double guard) {
  return base * (base * v0 + guard) / (base * (base - 1.0) * v + guard);
}

// How many labels one of variance v0 is worth if the variance becomes v, both as
// shares of the squared range.
inline double effective_ratio(double base, double v0, double v, double conf_level) {
  const double pairs = base * (base - 1.0);
  const double guard = size_guard(conf_level);
  return (pairs * v0 + guard) / (pairs * v + guard);
}

// Effective number of labels and of events among them.
struct EffectiveCounts {
  double size, events;
};

inline EffectiveCounts effective_counts(const BoundedMean& m, double conf_level) {
  const double range = m.high - m.low;
  const auto scaled = [&](double x) { return std::clamp((x - m.low) / range, 0.0, 1.0); };
  const double p0 = scaled(m.labels_only);
  const double base = std::max(m.n_base, 1.0);
  const double size =
      guarded_size(base, p0 * (1.0 - p0), m.variance_at(conf_level) / (range * range),
                   size_guard(conf_level, base, m.known_prob));
  const double capped = std::min(std::max(size, 1.0), std::max(m.n_cap, 1.0));
  return {capped, scaled(m.estimate) * capped};
}

// Clopper and Pearson (1934) at the effective counts.
inline Interval beta_interval(const BoundedMean& m, double conf_level) {
  const double alpha = 0.5 * (1.0 - conf_level);
  const auto [n, x] = effective_counts(m, conf_level);
  const double low = x > 0.0 ? beta_quantile(alpha, x, n - x + 1.0) : 0.0;
  const double high = x < n ? beta_quantile(1.0 - alpha, x + 1.0, n - x) : 1.0;
  const double range = m.high - m.low;
  return {m.low + range * low, m.low + range * high};
}

// Wilson (1927) at the effective counts.
inline Interval wilson_interval(const BoundedMean& m, double conf_level) {
  const double z = two_sided_z(conf_level);
  const auto [n, x] = effective_counts(m, conf_level);
  const double p = x / n;
  const double centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
  const double half = z / (1.0 + z * z / n) * std::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
  const double range = m.high - m.low;
  return {m.low + range * std::max(centre - half, 0.0),
          m.low + range * std::min(centre + half, 1.0)};
}

inline Interval symmetric_interval(double estimate, double std_error, double quantile) {
  return {estimate - quantile * std_error, estimate + quantile * std_error};
}

inline Interval normal_interval(double estimate, double std_error, double conf_level) {
  return symmetric_interval(estimate, std_error, two_sided_z(conf_level));
}

// Student t; with skewness gamma, Hall's (1992) cubic transformation of the
// studentised mean is inverted.
inline Interval t_interval(double estimate, double std_error, double df, double skewness,
                           double conf_level) {
  const double t = t_quantile(0.5 + 0.5 * conf_level, df);
  if (skewness == 0.0) return symmetric_interval(estimate, std_error, t);
  const auto inverse = [&](double x) {
    return 3.0 / skewness * (std::cbrt(1.0 + skewness * (x - skewness / 6.0)) - 1.0);
  };
  return {estimate - std_error * inverse(t), estimate - std_error * inverse(-t)};
}

}  // namespace judicious

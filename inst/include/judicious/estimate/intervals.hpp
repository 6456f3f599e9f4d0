// Confidence intervals for a mean, from an estimate, its variance and the number
// of labels the data are worth (section 6 of the statistics vignette).
#pragma once

#include <algorithm>
#include <judicious/numeric/distributions.hpp>
#include <judicious/numeric/interval.hpp>
#include <optional>

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
  double guard_share = 1.0;  // of the guard: one event may weigh less than the whole range
  // Range of the predictions of the rows: set for scores, that is labels that lie
  // between low and high.
  std::optional<Interval> prediction{};

  // Above 99 % a single label that was not met weighs more.
  double variance_at(double conf_level) const {
    return conf_level > 0.99 + 1e-9 ? std::max(variance, high_variance) : variance;
  }
  double scaled(double x) const { return (x - low) / (high - low); }
  double clipped(double x) const { return std::clamp(scaled(x), 0.0, 1.0); }
  double unscaled(double share) const { return low + (high - low) * share; }
};

inline double two_sided_z(double conf_level) { return normal_quantile(0.5 + 0.5 * conf_level); }

// Guard of the effective size: a judge that looks perfect on a handful of events
// cannot drive the width to zero. Without any event or judge error seen, n labels
// bound a rate by -log(alpha) / n; at this guard the interval is no narrower.
inline double size_guard(double conf_level) {
  const double ratio = std::log1p(-conf_level) / two_sided_z(conf_level);
  return ratio * ratio;
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
inline double effective_ratio(double base, double v0, double v, double guard) {
  const double pairs = base * (base - 1.0);
  return (pairs * v0 + guard) / (pairs * v + guard);
}

// Effective number of labels and of events among them.
struct EffectiveCounts {
  double size, events;
};

inline EffectiveCounts effective_counts(const BoundedMean& m, double conf_level) {
  const double range = m.high - m.low;
  const double p0 = m.clipped(m.labels_only);
  const double base = std::max(m.n_base, 1.0);
  const double size =
      guarded_size(base, p0 * (1.0 - p0), m.variance_at(conf_level) / (range * range),
                   m.guard_share * size_guard(conf_level, base, m.known_prob));
  const double capped = std::min(std::max(size, 1.0), std::max(m.n_cap, 1.0));
  return {capped, m.clipped(m.estimate) * capped};
}

struct BetaShape {
  double a, b;
};

// Two beta distributions between which the mean lies: the lower bound is a quantile
// of the first, the upper one of the second, and tests are their tails. A shape that
// is not positive stands for the end of the range.
struct BetaBounds {
  BetaShape lower, upper;

  double low(double tail) const {
    return has_lower() ? beta_quantile(tail, lower.a, lower.b) : 0.0;
  }
  double high(double tail) const {
    return has_upper() ? beta_quantile(1.0 - tail, upper.a, upper.b) : 1.0;
  }
  // One-sided p-values of the mean being `share`.
  double greater(double share) const {
    return has_lower() ? beta_tails(share, 1.0 - share, lower.a, lower.b).lower : 1.0;
  }
  double less(double share) const {
    return has_upper() ? beta_tails(share, 1.0 - share, upper.a, upper.b).upper : 1.0;
  }

 private:
  bool has_lower() const { return lower.a > 0.0; }
  bool has_upper() const { return upper.b > 0.0; }
};

// Clopper and Pearson (1934) at the effective counts.
inline BetaBounds count_bounds(const EffectiveCounts& c) {
  return {{c.events, c.size - c.events + 1.0}, {c.events + 1.0, c.size - c.events}};
}

// The beta distribution with the moments of a mean to which `up` pseudo-labels at the
// top of the range and `down` at its bottom were added, each as far from its
// prediction as any row allows.
inline BetaShape augmented_shape(const BoundedMean& m, double conf_level, double up, double down) {
  constexpr double farthest = 1.2, inside = 1e-12;
  const double range = m.high - m.low;
  const double above = std::clamp(1.0 - m.scaled(m.prediction->low), 0.0, farthest);
  const double below = std::clamp(m.scaled(m.prediction->high), 0.0, farthest);
  const double base = std::max(m.n_base, 1.0);
  const double total = base + up + down;
  const double shift = (up * above - down * below) / total;
  const double mean = std::clamp(m.clipped(m.estimate) + shift, inside, 1.0 - inside);
  const double squares = base * (base - 1.0) * m.variance_at(conf_level) / (range * range) +
                         up * above * above + down * below * below - total * shift * shift;
  const double variance = squares / (total * (total + 1.0));
  // An estimate is worth one label at least.
  const double size = std::max(mean * (1.0 - mean) / variance - 1.0, 1.0);
  return {mean * size, (1.0 - mean) * size};
}

// One pseudo-label, most of it at the end that the bound looks at.
inline BetaBounds score_bounds(const BoundedMean& m, double conf_level) {
  constexpr double share = 0.75;
  const double estimate = m.scaled(m.estimate);
  BetaBounds out{{0.0, 1.0}, {1.0, 0.0}};
  if (estimate > 0.0) out.lower = augmented_shape(m, conf_level, 1.0 - share, share);
  if (estimate < 1.0) out.upper = augmented_shape(m, conf_level, share, 1.0 - share);
  return out;
}

inline BetaBounds beta_bounds(const BoundedMean& m, double conf_level) {
  return m.prediction ? score_bounds(m, conf_level) : count_bounds(effective_counts(m, conf_level));
}

inline Interval beta_interval(const BoundedMean& m, double conf_level) {
  const double tail = 0.5 * (1.0 - conf_level);
  const BetaBounds beta = beta_bounds(m, conf_level);
  return {m.unscaled(beta.low(tail)), m.unscaled(beta.high(tail))};
}

// Wilson (1927) at effective counts, for the z of any level.
inline Interval wilson_interval(const BoundedMean& m, const EffectiveCounts& counts, double z) {
  const auto [n, x] = counts;
  const double p = x / n, z2 = z * z / n;
  const double centre = p + 0.5 * z2;
  const double half = z * std::sqrt((p * (1.0 - p) + 0.25 * z2) / n);
  return {m.unscaled(std::max((centre - half) / (1.0 + z2), 0.0)),
          m.unscaled(std::min((centre + half) / (1.0 + z2), 1.0))};
}

inline Interval wilson_interval(const BoundedMean& m, double conf_level) {
  return wilson_interval(m, effective_counts(m, conf_level), two_sided_z(conf_level));
}

inline Interval symmetric_interval(double estimate, double std_error, double quantile) {
  return {estimate - quantile * std_error, estimate + quantile * std_error};
}

inline Interval normal_interval(double estimate, double std_error, double conf_level) {
  return symmetric_interval(estimate, std_error, two_sided_z(conf_level));
}

// How far the bound on the long tail's side moves, in standard errors, at the
// quantile t: Johnson's (1978) correction for twice the skewness seen, which few
// labels understate. The other bound stays, so the interval is the hull of both.
inline double skew_shift(double t, double skewness) {
  return t > 0.0 ? 2.0 * std::fabs(skewness) * (1.0 / 6.0 + t * t / 3.0) : 0.0;
}

// The quantile at which the moved bound is `distance` standard errors off.
inline double skew_quantile(double distance, double skewness) {
  const double twice = 2.0 * std::fabs(skewness);
  const double left = std::max(distance - twice / 6.0, 0.0);
  return 2.0 * left / (1.0 + std::sqrt(1.0 + 4.0 / 3.0 * twice * left));
}

// Bounds at the quantile t, which is negative for one-sided levels below a half.
inline Interval t_interval_at(double estimate, double std_error, double t, double skewness) {
  Interval out = symmetric_interval(estimate, std_error, t);
  const double shift = std_error * skew_shift(t, skewness);
  (skewness > 0.0 ? out.high : out.low) += skewness > 0.0 ? shift : -shift;
  return out;
}

inline Interval t_interval(double estimate, double std_error, double df, double skewness,
                           double conf_level) {
  return t_interval_at(estimate, std_error, t_quantile(0.5 + 0.5 * conf_level, df), skewness);
}

}  // namespace judicious

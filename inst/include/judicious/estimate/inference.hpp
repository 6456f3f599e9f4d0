// From a fit to what a reader is told: which interval, its bounds at any level,
// and how many labels the data are worth (section 6 of the statistics vignette).
#pragma once

#include <judicious/estimate/bootstrap.hpp>
#include <judicious/estimate/intervals.hpp>
#include <judicious/estimate/mean.hpp>

namespace judicious {

enum class IntervalType { automatic, beta, wilson, t, normal, bootstrap, none };

// How estimates are reported: published numbers are not clipped to the range, and
// their effective size is the plain ratio of variances.
struct Reporting {
  bool published = false;
  bool skew = false;              // the t interval is corrected for skewness
  std::optional<Interval> range;  // of the metric, as declared by the user
};

struct Inference {
  MeanFit fit, labels_only;
  double p0 = 0.0;      // labels-only mean that centres the bounded interval
  double n_true = 0.0;  // labelled rows
  double n_base = 0.0;  // labels the data are worth without a judge
  double n_cap = 0.0;   // the effective size never exceeds this
  bool known_prob = false;
  LabelRange labels;
  bool published = false;
  std::optional<Interval> range;  // of the metric, where it is bounded
  // Bootstrap only: replicates, the estimate at their weights, and the BCa
  // interval's acceleration (NaN: percentiles).
  std::vector<double> replicates;
  double centre = 0.0;
  double acceleration = std::numeric_limits<double>::quiet_NaN();
};

// 0/1 labels imply their range.
inline Inference infer(const MeanResult& result, bool clustered, const Reporting& reporting) {
  Inference out;
  out.fit = result.fit;
  if (!reporting.skew) out.fit.skewness = 0.0;
  out.published = reporting.published;
  out.labels_only = result.labels_only;
  out.p0 = result.p0;
  out.n_base = clustered ? std::sqrt(result.base_rows * result.base_units) : result.base_rows;
  for (const auto& s : result.moments) {
    out.n_true += s.n_true;
    out.n_cap += s.n_rows;
  }
  out.known_prob = result.facts.prob.highest > 0.0;
  out.labels = result.facts.labels;
  out.range = reporting.range;
  if (!out.range && out.labels.binary) out.range = Interval{0.0, 1.0};
  if (out.range && (out.labels.lowest < out.range->low || out.labels.highest > out.range->high)) {
    throw std::domain_error("A label lies outside the declared range.");
  }
  return out;
}

// The published bootstrap estimate is the mean of the replicates, ours the plug-in
// at the weights they found.
inline Inference with_bootstrap(Inference x, BootstrapResult boot, double acceleration) {
  const auto n = static_cast<double>(boot.replicates.size());
  double mean = 0.0, squares = 0.0;
  for (const double r : boot.replicates) mean += r / n;
  for (const double r : boot.replicates) squares += (r - mean) * (r - mean);
  x.fit.variance = squares / (n - 1.0);
  x.fit.estimate = x.published ? mean : boot.estimate;
  x.centre = boot.estimate;
  x.acceleration = acceleration;
  x.replicates = std::move(boot.replicates);
  return x;
}

inline BoundedMean bounded_mean(const Inference& x) {
  return {x.fit.estimate, x.p0,          x.fit.hc2, x.n_base,    x.n_cap,
          x.range->low,   x.range->high, x.fit.hc3, x.known_prob};
}

// Too few events for the symmetric intervals.
inline bool is_sparse(const Inference& x) {
  const double p0 = (x.p0 - x.range->low) / (x.range->high - x.range->low);
  const bool unit = x.range->low == 0.0 && x.range->high == 1.0;
  return (x.labels.binary && unit) || x.labels.lowest == x.labels.highest ||
         x.n_base * std::min(p0, 1.0 - p0) < 20.0;
}

// The interval that fits the data: "automatic" becomes one, and without any
// variation the symmetric ones give way to "beta", or to none.
inline IntervalType resolve(IntervalType wanted, const Inference& x) {
  const bool bounded = x.range.has_value();
  if (!bounded && (wanted == IntervalType::beta || wanted == IntervalType::wilson)) {
    throw std::domain_error("This interval needs a bounded metric.");
  }
  if (wanted == IntervalType::automatic) {
    wanted = bounded && is_sparse(x) ? IntervalType::beta : IntervalType::t;
  }
  if (x.fit.variance > 0.0) return wanted;
  if (!bounded) return IntervalType::none;
  return wanted == IntervalType::wilson ? wanted : IntervalType::beta;
}

// Published numbers and the normal interval are reported as they are.
inline bool is_clipped(IntervalType type, const Inference& x) {
  return x.range.has_value() && !x.published && type != IntervalType::normal;
}

inline double reported_estimate(IntervalType type, const Inference& x) {
  if (!is_clipped(type, x)) return x.fit.estimate;
  return std::clamp(x.fit.estimate, x.range->low, x.range->high);
}

inline Interval raw_bounds(IntervalType type, const Inference& x, double conf_level) {
  switch (type) {
    case IntervalType::beta:
      return beta_interval(bounded_mean(x), conf_level);
    case IntervalType::wilson:
      return wilson_interval(bounded_mean(x), conf_level);
    case IntervalType::t:
      return t_interval(x.fit.estimate, std::sqrt(x.fit.hc3), x.fit.df, x.fit.skewness, conf_level);
    case IntervalType::normal:
      return normal_interval(x.fit.estimate, std::sqrt(x.fit.variance), conf_level);
    case IntervalType::bootstrap:
      return bootstrap_interval(x.replicates, x.centre, x.acceleration, conf_level);
    default:
      throw std::domain_error("The labels do not vary: there is no interval.");
  }
}

// `type` is a resolved one.
inline Interval bounds(IntervalType type, const Inference& x, double conf_level) {
  const Interval raw = raw_bounds(type, x, conf_level);
  if (!is_clipped(type, x)) return raw;
  return {std::clamp(raw.low, x.range->low, x.range->high),
          std::clamp(raw.high, x.range->low, x.range->high)};
}

// How many human labels alone would be as precise; NaN where that is undefined.
// The published figure is the plain ratio of variances; ours is guarded where the
// metric is bounded.
inline double effective_size(const Inference& x, double conf_level) {
  const double v0 = x.labels_only.variance;
  const double v = x.fit.variance;
  if (x.published || !x.range) {
    return v > 0.0 ? x.n_true * v0 / v : std::numeric_limits<double>::quiet_NaN();
  }
  const double scale = (x.range->high - x.range->low) * (x.range->high - x.range->low);
  return x.n_true * effective_ratio(x.n_base, v0 / scale, v / scale, conf_level);
}

}  // namespace judicious

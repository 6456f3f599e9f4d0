// From a fit to what a reader is told: which interval, its bounds at any level,
// and how many labels the data are worth (section 6 of the statistics vignette).
// The only place that decides this; estimates, tests, coverage and planning ask it.
#pragma once

#include <judicious/estimate/bootstrap.hpp>
#include <judicious/estimate/intervals.hpp>
#include <judicious/estimate/mean.hpp>

namespace judicious {

// "exact": the whole population is labelled. "none": nothing can be said.
enum class IntervalType { automatic, beta, wilson, t, normal, bootstrap, exact, none };

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
  bool known_prob = false;  // and not the same for all rows
  bool census = false;  // of a finite population: nothing is uncertain
  LabelRange labels;
  bool published = false;
  std::optional<Interval> range;  // of the metric, where it is bounded
  Interval prediction{0.0, 0.0};  // lowest and highest over the rows
  // Bootstrap only: replicates, the estimate at their weights, and the BCa
  // interval's acceleration (NaN: percentiles).
  std::vector<double> replicates;
  double centre = 0.0;
  double acceleration = std::numeric_limits<double>::quiet_NaN();

  // Labels at the ends of the range only: a number of events describes them.
  bool is_rate() const {
    const auto is_end = [&](double y) { return y == range->low || y == range->high; };
    return range && labels.two_valued && is_end(labels.lowest) && is_end(labels.highest);
  }
  bool constant() const { return labels.lowest == labels.highest; }
};

inline bool labels_in_range(const LabelRange& labels, const std::optional<Interval>& range) {
  return !range || (labels.lowest >= range->low && labels.highest <= range->high);
}

// All units of all strata are labelled.
inline bool is_census(const std::vector<StratumMoments>& moments) {
  return std::all_of(moments.begin(), moments.end(), [](const StratumMoments& s) {
    return s.unlabelled.n == 0.0 && s.n_true == s.n_rows;
  });
}

// 0/1 labels imply their range.
inline Inference infer(const MeanResult& result, const MeanOptions& options,
                       const Reporting& reporting) {
  Inference out;
  out.fit = result.fit;
  out.labels_only = result.labels_only;
  if (!reporting.skew) out.fit.skewness = 0.0;
  out.labels_only.skewness = 0.0;
  out.published = reporting.published;
  out.p0 = result.p0;
  for (const auto& s : result.moments) {
    out.n_true += s.n_true;
    out.n_cap += s.n_rows;
  }
  if (options.finite_population) out.n_cap = std::numeric_limits<double>::infinity();
  out.census = options.finite_population && is_census(result.moments);
  out.known_prob = result.facts.prob.lowest < result.facts.prob.highest;
  out.labels = result.facts.labels;
  if (!labels_in_range(out.labels, reporting.range)) {
    throw std::domain_error("A label lies outside the declared range.");
  }
  out.range = reporting.range;
  if (!out.range && out.labels.binary) out.range = Interval{0.0, 1.0};
  const bool clustered = options.influence.clustered;
  out.n_base =
      base_size(result.bases, {clustered, out.is_rate(), out.range.value_or(Interval{0, 1})});
  out.prediction = prediction_range(result.bases, true);
  return out;
}

// The same data as if there were no judge.
inline Inference without_judges(const Inference& x) {
  Inference out = x;
  out.fit = x.labels_only;
  out.prediction = {x.p0, x.p0};
  out.replicates.clear();
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
  BoundedMean out{x.fit.estimate, x.p0,          x.fit.hc2, x.n_base,    x.n_cap,
                  x.range->low,   x.range->high, x.fit.hc3, x.known_prob};
  if (!x.is_rate() && !x.constant()) out.prediction = x.prediction;
  return out;
}

// The interval that fits the data: "automatic" becomes one, and without any
// variation the symmetric ones give way to "beta", or to none.
inline IntervalType resolve(IntervalType wanted, const Inference& x) {
  const bool bounded = x.range.has_value();
  const bool counts = wanted == IntervalType::beta || wanted == IntervalType::wilson;
  if (!bounded && counts) throw std::domain_error("This interval needs a bounded metric.");
  if (x.census) return IntervalType::exact;
  if (wanted == IntervalType::automatic) wanted = bounded ? IntervalType::beta : IntervalType::t;
  if (x.fit.variance > 0.0) return wanted;
  if (!bounded) return IntervalType::none;
  return wanted == IntervalType::wilson ? wanted : IntervalType::beta;
}

// The interval of the labels alone beside one of this type: they have no replicates.
inline IntervalType labels_only_type(IntervalType type, const Inference& x) {
  if (type != IntervalType::bootstrap) return type;
  if (x.published) return IntervalType::normal;
  return x.range ? IntervalType::beta : IntervalType::t;
}

// Published numbers and the normal interval are reported as they are.
inline bool is_clipped(IntervalType type, const Inference& x) {
  return x.range.has_value() && !x.published && type != IntervalType::normal;
}

inline double reported_estimate(IntervalType type, const Inference& x) {
  if (!is_clipped(type, x)) return x.fit.estimate;
  return std::clamp(x.fit.estimate, x.range->low, x.range->high);
}

inline double std_error(IntervalType type, const Inference& x) {
  switch (type) {
    case IntervalType::beta:
    case IntervalType::wilson:
      return std::sqrt(x.fit.hc2);
    case IntervalType::t:
      return std::sqrt(x.fit.hc3);
    case IntervalType::exact:
      return 0.0;
    case IntervalType::none:
      return std::numeric_limits<double>::quiet_NaN();
    default:
      return std::sqrt(x.fit.variance);
  }
}

inline Interval raw_bounds(IntervalType type, const Inference& x, double conf_level) {
  switch (type) {
    case IntervalType::beta:
      return beta_interval(bounded_mean(x), conf_level);
    case IntervalType::wilson:
      return wilson_interval(bounded_mean(x), conf_level);
    case IntervalType::t:
      return t_interval(x.fit.estimate, std_error(type, x), x.fit.df, x.fit.skewness, conf_level);
    case IntervalType::normal:
      return normal_interval(x.fit.estimate, std_error(type, x), conf_level);
    case IntervalType::bootstrap:
      return bootstrap_interval(x.replicates, x.centre, x.acceleration, conf_level);
    case IntervalType::exact:
      return {x.fit.estimate, x.fit.estimate};
    default:
      throw std::domain_error("The labels do not vary: there is no interval.");
  }
}

inline Interval clipped(const Interval& raw, IntervalType type, const Inference& x) {
  if (!is_clipped(type, x)) return raw;
  return {std::clamp(raw.low, x.range->low, x.range->high),
          std::clamp(raw.high, x.range->low, x.range->high)};
}

// `type` is a resolved one.
inline Interval bounds(IntervalType type, const Inference& x, double conf_level) {
  return clipped(raw_bounds(type, x, conf_level), type, x);
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
  const double guard = size_guard(conf_level, x.n_base, x.known_prob);
  return x.n_true * effective_ratio(x.n_base, v0 / scale, v / scale, guard);
}

}  // namespace judicious

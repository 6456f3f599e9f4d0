// What the intervals need to know of every stratum: how many labels it is worth
// without a judge, and how far predictions reach (sections 5 and 6 of the
// statistics vignette).
#pragma once

#include <judicious/estimate/robust.hpp>
#include <judicious/numeric/interval.hpp>

namespace judicious {

struct StratumBase {
  double weight = 0.0;             // W_h
  double rows = 0.0, units = 0.0;  // base sizes that count rows, and clusters
  double labels_only = 0.0;        // weighted mean of the labels
  double hc2_labels_only = 0.0;    // HC2 variance of the labels-only mean
  // Lowest and highest ybar + lambda'(f - fbar) over the rows, as a bound if there
  // are several judges.
  Interval prediction{0.0, 0.0};
};

// Means of the judges over the labelled rows, weighted if prob is known.
inline Vector labelled_proxy_means(const StratumMoments& s) {
  const auto m = static_cast<int>(s.sum_weighted_proxies.size());
  const Vector origin = s.origin.tail(m);
  if (s.sum_weight > 0.0 && s.prob.highest > 0.0) {
    return origin + s.sum_weighted_proxies / s.sum_weight;
  }
  const Vector total = s.labelled.sum();
  return origin + total.segment(Layout{m, false}.labelled_proxies(), m) / total[Layout::labelled];
}

inline Interval prediction_range(const StratumMoments& s, const TunedStratum& tuned) {
  const Vector centre = labelled_proxy_means(s);
  Interval out{tuned.influence.labels_only, tuned.influence.labels_only};
  for (int k = 0; k < tuned.lambda.size(); ++k) {
    const double at_low = tuned.lambda[k] * (s.proxy_low[k] - centre[k]);
    const double at_high = tuned.lambda[k] * (s.proxy_high[k] - centre[k]);
    out.low += std::min(at_low, at_high);
    out.high += std::max(at_low, at_high);
  }
  return out;
}

inline StratumBase stratum_base(const StratumMoments& s, const TunedStratum& tuned,
                                const RobustSums& sums) {
  const StratumInfluence& in = tuned.influence;
  const double w2 = tuned.weight * tuned.weight;
  const bool plain = tuned.lonely || !(w2 > 0.0);
  return {tuned.weight,
          in.base_rows,
          in.base_units,
          in.labels_only,
          plain ? tuned.variance_labels_only : in.rest(0, 0) + sums.hc2_labels_only / w2,
          prediction_range(s, tuned)};
}

inline std::vector<StratumBase> stratum_bases(const std::vector<StratumMoments>& moments,
                                              const TunedDesign& design,
                                              const std::vector<RobustSums>& sums) {
  std::vector<StratumBase> out;
  for (std::size_t h = 0; h < moments.size(); ++h) {
    out.push_back(stratum_base(moments[h], design.strata[h], sums[h]));
  }
  return out;
}

// By how much clustering inflates the variance of a rate of 0/1 labels, at most by
// the rows of a cluster, m. Few events say little about it: two clusters full of
// events are added to what was seen, and two rows' worth of them without clustering.
inline double guarded_design_effect(double rows, double units, double p0, double hc2) {
  const double m = std::max(rows / units, 1.0);
  const double alone = rows * p0 * (1.0 - p0);
  const double seen = rows * std::max(rows - 1.0, 0.0) * hc2;
  return std::clamp((seen + 2.0 * m * m) / (alone + 2.0 * m), 1.0, m);
}

// What a base size depends on besides the strata.
struct BaseRule {
  bool clustered = false;
  bool binary = true;  // labels are 0 or 1 on [low, high]
  Interval range{0.0, 1.0};
};

// Labels that one stratum is worth. How alike scores within a cluster are is not
// told by their distance from 0 and 1, so clusters of scores count once.
inline double base_size(const StratumBase& s, const BaseRule& rule) {
  if (!rule.clustered) return s.rows;
  if (!rule.binary) return std::min(s.rows, s.units);
  const double range = rule.range.high - rule.range.low;
  const double p0 = std::clamp((s.labels_only - rule.range.low) / range, 0.0, 1.0);
  return s.rows / guarded_design_effect(s.rows, s.units, p0, s.hc2_labels_only / (range * range));
}

inline double base_size(const std::vector<StratumBase>& strata, const BaseRule& rule) {
  double inverse = 0.0;
  for (const auto& s : strata) inverse += s.weight * s.weight / base_size(s, rule);
  return 1.0 / inverse;
}

inline Interval prediction_range(const std::vector<StratumBase>& strata, bool with_judges) {
  Interval out{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const auto& s : strata) {
    out.low = std::min(out.low, with_judges ? s.prediction.low : s.labels_only);
    out.high = std::max(out.high, with_judges ? s.prediction.high : s.labels_only);
  }
  return out;
}

}  // namespace judicious

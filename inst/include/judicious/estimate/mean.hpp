// A mean from labels and judges, end to end: rows in, numbers out.
#pragma once

#include <judicious/data/summarise.hpp>
#include <judicious/estimate/bases.hpp>
#include <judicious/estimate/verdict.hpp>
#include <memory>

namespace judicious {

struct MeanOptions {
  InfluenceOptions influence;
  Tuning tuning;
  bool finite_population = false;
  bool lonely_pool = false;     // strata with one labelled unit borrow their variance
  bool skew = false;            // third moments are wanted
  bool verdict = false;         // known prob: base sizes trust the judges' verdicts
  std::vector<double> weights;  // of the strata; empty = shares of rows or clusters
};

// An estimate with its three variances and what the intervals need.
struct MeanFit {
  double estimate = 0.0;
  double variance = 0.0, hc2 = 0.0, hc3 = 0.0;
  double df = 0.0;
  double skewness = 0.0;  // sum psi^3 / V^1.5
};

// What was learnt of the data before any estimate: who lacks labels, what is wrong.
struct DesignFacts {
  bool finite = true;  // no infinite or missing judge value
  bool prob_valid = true;
  bool nested = true;  // clusters within strata
  bool mixed = false;  // clusters hold labelled and unlabelled rows
  bool whole_clusters = true;
  double n_dropped = 0.0;  // rows outside the frame
  LabelRange labels;
  ProbRange prob;
  double highest_weight_share = 0.0;
};

struct MeanResult {
  DesignFacts facts;
  std::vector<StratumMoments> moments;
  bool identified = false;  // every stratum has the labelled units it needs
  TunedDesign design;
  MeanFit fit, labels_only;
  double p0 = 0.0;  // labels-only mean that centres the bounded interval
  double base_rows = 0.0, base_units = 0.0;
  std::vector<StratumBase> bases;        // what the intervals ask of the strata
  Vector proxy_spread;                   // largest variance of each judge over the strata
  std::vector<double> stratum_variance;  // of the population asked for
};

inline DesignFacts collect_facts(const std::vector<StratumMoments>& moments) {
  DesignFacts facts;
  double weight = 0.0, highest_weight = 0.0;
  for (const auto& s : moments) {
    facts.finite = facts.finite && s.all_finite();
    facts.mixed = facts.mixed || s.n_mixed > 0.0;
    facts.whole_clusters = facts.whole_clusters && s.whole_clusters;
    facts.labels.merge(s.labels);
    facts.prob.merge(s.prob);
    weight += s.sum_weight;
    highest_weight = std::max(highest_weight, s.highest_weight);
  }
  facts.prob_valid = facts.prob.valid;
  facts.n_dropped = facts.prob.n_dropped;
  facts.highest_weight_share = weight > 0.0 ? highest_weight / weight : 0.0;
  return facts;
}

// Variance of a stratum's estimate when the question is about these rows only; times W_h^2.
inline double finite_variance(const TunedStratum& s, const RobustSums& sums, bool with_judges) {
  const StratumInfluence& in = s.influence;
  if (in.known_prob) return with_judges ? sums.finite : sums.finite_labels_only;
  const Vector beta = with_judges ? Vector(s.lambda * in.inflation) : Vector(0.0 * s.lambda);
  const double correction = 1.0 - in.n_labelled / in.n_units;
  return s.weight * s.weight * correction *
         (s.lonely ? s.variance_labelled : quadratic(in.labelled_part, contrast(beta)));
}

// Estimate and variances of the whole from those of the strata. With
// `with_judges` false: as if there were no judge.
inline MeanFit combine(const TunedDesign& design, const std::vector<RobustSums>& robust,
                       bool finite_population, bool with_judges) {
  MeanFit fit;
  double denominator = 0.0, finite = 0.0, cubes = 0.0;
  for (std::size_t h = 0; h < design.strata.size(); ++h) {
    const TunedStratum& s = design.strata[h];
    const StratumInfluence& in = s.influence;
    const RobustSums& sums = robust[h];
    const double w2 = s.weight * s.weight;
    const double v_rest = w2 * (with_judges ? s.variance_rest : in.rest(0, 0));
    const double v = w2 * (with_judges ? s.variance() : s.variance_labels_only);
    const double v_labelled = v - v_rest;
    const double n = std::max(in.known_prob ? in.base_units : in.n_labelled, 2.0);
    const double hc3_factor = with_judges && design.tuned ? n / (n - 1.0) : 1.0;
    fit.estimate += s.weight * (with_judges ? s.theta : in.zeta);
    fit.variance += v;
    if (s.lonely) {
      fit.hc2 += v;
      fit.hc3 += v;
    } else {
      fit.hc2 += v_rest + (with_judges ? sums.hc2 : sums.hc2_labels_only);
      fit.hc3 += with_judges ? v_rest + hc3_factor * sums.hc3 : v;
    }
    const double spent = with_judges ? s.rank : 0.0;
    const double df_labelled = std::max(in.residual_df - 1.0 - spent, 1.0);
    if (in.known_prob) {
      denominator += v * v / df_labelled;
    } else {
      denominator += v_labelled * v_labelled / df_labelled +
                     v_rest * v_rest / std::max(in.n_unlabelled - 1.0, 1.0);
    }
    finite += finite_variance(s, sums, with_judges);
    cubes += sums.cubes;
  }
  fit.df = 1.0;
  if (fit.variance > 0.0) {
    fit.df = std::max(fit.variance * fit.variance / denominator, 1.0);
    fit.skewness = cubes / std::pow(fit.variance, 1.5);
  }
  if (finite_population && fit.variance > 0.0) {
    const double ratio = finite / fit.variance;
    fit.variance = finite;
    fit.hc2 *= ratio;
    fit.hc3 *= ratio;
  }
  return fit;
}

// Robust sums that the moments already give: no leverage, no skewness wanted.
inline std::vector<RobustSums> plain_sums(const TunedDesign& design) {
  std::vector<RobustSums> out;
  for (const auto& s : design.strata) {
    RobustSums sums;
    const double w2 = s.weight * s.weight;
    sums.hc2 = sums.hc3 = w2 * s.variance_labelled;
    sums.hc2_labels_only = w2 * s.influence.labelled(0, 0);
    out.push_back(sums);
  }
  return out;
}

inline Vector stratum_weights(const std::vector<StratumInfluence>& influences,
                              const std::vector<double>& given) {
  Vector weights(static_cast<int>(influences.size()));
  for (int h = 0; h < weights.size(); ++h) {
    const auto at = static_cast<std::size_t>(h);
    weights[h] = given.empty() ? influences[at].size : given[at];
  }
  return given.empty() ? Vector(weights / weights.sum()) : weights;
}

inline void fill_summary(MeanResult& out) {
  double inverse_rows = 0.0, inverse_units = 0.0;
  out.proxy_spread = Vector::Zero(out.design.strata.front().lambda.size());
  for (const auto& s : out.design.strata) {
    out.p0 += s.weight * s.influence.labels_only;
    inverse_rows += s.weight * s.weight / s.influence.base_rows;
    inverse_units += s.weight * s.weight / s.influence.base_units;
    out.proxy_spread = out.proxy_spread.cwiseMax(s.influence.proxy_spread);
  }
  out.base_rows = 1.0 / inverse_rows;
  out.base_units = 1.0 / inverse_units;
}

// The mean of one group of a summary.
class MeanEstimation {
 public:
  MeanEstimation(std::shared_ptr<const LabelSummary> summary, const MeanOptions& options,
                 std::size_t group = 0)
      : shared_(std::move(summary)), summary_(*shared_), options_(options), group_(group) {
    for (std::size_t h = 0; h < summary_.n_strata; ++h) {
      result.moments.push_back(
          summary_.moments(summary_.at(h, group), options.influence.estimand));
    }
    result.facts = collect_facts(result.moments);
    result.facts.nested = summary_.nested;
  }
  MeanEstimation(const Rows& rows, const MeanOptions& options, std::size_t n_tasks,
                 const Executor& run)
      : MeanEstimation(std::make_shared<LabelSummary>(summarise(rows, n_tasks, run)), options) {
    rows_ = &rows;
  }

  // False where a stratum lacks labelled units, or the data were refused.
  bool can_estimate() const {
    double best = 0.0;
    for (const auto& s : result.moments) {
      // A stratum that is labelled whole leaves nothing uncertain of these rows.
      const bool certain = options_.finite_population && s.labelled.n == s.n_units();
      if (s.labelled.n < (options_.lonely_pool || certain ? 1.0 : 2.0)) return false;
      best = std::max(best, s.labelled.n);
    }
    return best >= 2.0 && result.facts.finite && result.facts.prob_valid && result.facts.nested;
  }

  void estimate() {
    result.identified = true;
    std::vector<StratumInfluence> influences;
    for (const auto& s : result.moments) {
      influences.push_back(influence(s, summary_.layout, options_.influence));
    }
    result.design =
        tune(influences, stratum_weights(influences, options_.weights), options_.tuning);
    const auto sums = visit_units();
    result.fit = combine(result.design, sums, options_.finite_population, true);
    result.labels_only = combine(result.design, sums, options_.finite_population, false);
    for (std::size_t h = 0; h < sums.size(); ++h) {
      const TunedStratum& s = result.design.strata[h];
      const double w2 = s.weight * s.weight;
      const bool finite = options_.finite_population && w2 > 0.0;
      result.stratum_variance.push_back(finite ? finite_variance(s, sums[h], true) / w2
                                               : s.variance());
    }
    fill_summary(result);
    result.bases = stratum_bases(result.moments, result.design, sums);
    if (options_.verdict && summary_.layout.known_prob && summary_.layout.n_proxies > 0) {
      use_verdicts();
    }
  }

  const LabelSummary& summary() const { return summary_; }
  std::size_t group() const { return group_; }
  const MeanOptions& options() const { return options_; }

  MeanResult result;

 private:
  // Leverages vanish where there are too many labels to keep one by one.
  bool has_units() const {
    for (std::size_t h = 0; h < summary_.n_strata; ++h) {
      if (!summary_.cells[summary_.at(h, group_)].units.complete) return false;
    }
    return true;
  }

  std::vector<RobustSums> visit_units() const {
    const bool center = options_.influence.center;
    const bool weighted = summary_.layout.known_prob && (center || options_.finite_population);
    const bool needed = result.design.tuned || weighted || options_.skew;
    if (!needed || !has_units()) return plain_sums(result.design);
    return with_static_size(summary_.layout.n_proxies, [&](auto size) {
      constexpr int M = decltype(size)::value;
      return robust_sums<M>(summary_, group_, options_.influence.estimand, result.design, center);
    });
  }

  // The rows' own verdicts are asked again: what they are to the estimate depends on lambda.
  void use_verdicts() {
    if (rows_ == nullptr) {
      throw std::domain_error("The verdicts of rows are not in a summary.");
    }
    use_verdict_bases(*rows_, options_.influence.estimand, result.moments, result.design,
                      result.bases);
  }

  const Rows* rows_ = nullptr;
  std::shared_ptr<const LabelSummary> shared_;
  const LabelSummary& summary_;
  MeanOptions options_;
  std::size_t group_;
};

}  // namespace judicious

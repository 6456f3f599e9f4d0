// Expected width and power for a rate. The beta interval is a function of the
// 2 x 2 table of labels and judge answers: the number of labelled events is summed
// over exactly, the rest of the table by Gauss quadrature.
#pragma once

#include <judicious/estimate/intervals.hpp>
#include <judicious/estimate/robust.hpp>
#include <judicious/numeric/binary_correlation.hpp>
#include <judicious/numeric/gauss.hpp>
#include <judicious/sample/plan_assumptions.hpp>

namespace judicious {

// Counts of labelled rows and how often the judge flags the others.
struct RateTable {
  double n, events, hits, alarms;
  double rest, rest_share;
};

struct TableFit {
  double estimate, labels_only;
  double variance, hc2, variance_labels_only;
};

namespace plan_detail {

// Variance of the judge's mean among unlabelled rows; `pooled` takes its share of
// flags from all rows, as the optimal lambda does.
inline double rest_variance(const RateTable& t, double flagged, bool pooled) {
  if (std::isinf(t.rest)) return 0.0;
  const double total = t.n + t.rest;
  const double all = (flagged + t.rest_share * t.rest) / total;
  if (pooled) return all * (1.0 - all) * total / (total - 1.0) / t.rest;
  return t.rest_share * (1.0 - t.rest_share) / (t.rest - 1.0);
}

}  // namespace plan_detail

// The estimator of sections 2 and 4 of the statistics vignette for 0/1 labels and
// a 0/1 judge, where its sums over rows are sums over four cells.
inline TableFit fit_table(const RateTable& t) {
  const double p0 = t.events / t.n;
  const double flagged = t.hits + t.alarms;
  const double f = flagged / t.n;
  const double v0 = p0 * (1.0 - p0) / (t.n - 1.0);
  TableFit fit{p0, p0, v0, v0, v0};
  if (!(t.rest > 1.0)) return fit;
  const double c = (t.hits / t.n - p0 * f) / (t.n - 1.0);
  const double G = f * (1.0 - f) / (t.n - 1.0) + plan_detail::rest_variance(t, flagged, true);
  if (!(G > 0.0)) return fit;
  const double lambda = c / G;
  const double v_rest = lambda * lambda * plan_detail::rest_variance(t, flagged, false);
  const double scale = 1.0 / std::sqrt(t.n * (t.n - 1.0));
  fit.estimate = p0 - lambda * (f - t.rest_share);
  fit.variance = fit.hc2 = v_rest;
  const auto add = [&](double count, double label, double answer) {
    const double psi_f = scale * (answer - f);
    const double psi = scale * (label - p0) - lambda * psi_f;
    fit.variance += count * psi * psi;
    fit.hc2 += count * psi * psi / (1.0 - std::min(psi_f * psi_f / G, highest_leverage));
  };
  add(t.hits, 1.0, 1.0);
  add(t.events - t.hits, 1.0, 0.0);
  add(t.alarms, 0.0, 1.0);
  add(t.n - t.events - t.alarms, 0.0, 0.0);
  return fit;
}

// Normal score of a one-sided p-value above that of the level: the test rejects
// where it is positive.
inline double rejection_score(double p_value, double tail) {
  constexpr double least = 1e-6;  // scores are averaged: extreme ones would dominate
  return normal_quantile(tail) - normal_quantile(std::clamp(p_value, least, 1.0 - least));
}

// Weight of the positive scores among normal scores with these moments.
struct ScoreMoments {
  double weight = 0.0, sum = 0.0, squares = 0.0;

  void add(double w, double x) {
    weight += w;
    sum += w * x;
    squares += w * x * x;
  }
  double weight_positive() const {
    if (weight <= 0.0) return 0.0;
    const double mean = sum / weight;
    const double variance = squares / weight - mean * mean;
    if (variance <= 1e-12) return mean > 0.0 ? weight : 0.0;
    return weight * normal_cdf(mean / std::sqrt(variance));
  }
};

// The judge of 0/1 labels with this mean and correlation or, where they cannot go
// together (design effects change correlations), the one with the labels' own mean.
inline BinaryJudge planned_judge(double rate, double proxy_mean, double correlation) {
  const Range feasible = binary_correlation_range(rate, proxy_mean);
  const bool possible = correlation >= feasible.low && correlation <= feasible.high;
  // Judge and 1 - judge are equally good.
  if (!possible) return binary_judge(rate, rate, std::fabs(correlation));
  return binary_judge(rate, proxy_mean, correlation);
}

// What the estimated variance of a clustered rate typically is, against the truth.
// It is skewed where clusters are few and unequal; widths go with its root. The
// tables of `size` independent labels hold their own share of that noise.
inline double seen_variance(const PlanAssumptions& a, double n, double size) {
  if (a.unit_kurtosis == 0.0) return 1.0;
  const double units = n * a.unit_share;
  const double spread = a.mean * (1.0 - a.mean);
  const double in_tables = (1.0 - 4.0 * spread) / (spread * size);
  const double noise = (a.unit_kurtosis - 1.0) / units - in_tables;
  return (1.0 - a.unequal_bias / units) * squared_mean_root(std::max(noise, 0.0));
}

// The same question about 1 - label.
inline PlanAssumptions flipped(PlanAssumptions a) {
  a.mean = 1.0 - a.mean;
  a.proxy_mean = 1.0 - a.proxy_mean;
  return a;
}

inline PlanTest flipped(PlanTest test) {
  if (test.mu) test.mu = 1.0 - *test.mu;
  if (test.alternative != Alternative::two_sided) {
    const bool greater = test.alternative == Alternative::greater;
    test.alternative = greater ? Alternative::less : Alternative::greater;
  }
  return test;
}

// Expectations for a rate, at most 1/2. A design with design effect d is seen as n / d
// independent labels from a pool of N / d rows.
class RatePrediction {
 public:
  RatePrediction(const PlanAssumptions& a, const PlanTest& test, const PlanPoint& point)
      : assumptions_(a), test_(test), point_(point) {
    const double effect = a.variance / (a.mean * (1.0 - a.mean));
    size_ = std::max(point.n / effect, 2.0);
    rest_ = (a.n_total - point.n) / effect;
    estimated_ = point.variance_ratio * seen_variance(a, point.n, size_);
    if (!a.has_judge()) return;
    judge_ = planned_judge(a.mean, a.proxy_mean, a.correlation);
    const double flag_rate =
        a.mean * judge_->sensitivity + (1.0 - a.mean) * judge_->false_positive_rate;
    rest_flags_ = {{flag_rate}, {1.0}, false};
    if (std::isinf(rest_) || rest_ <= 1.0) return;
    rest_flags_ = binomial_rule(rest_, flag_rate, 2);
    for (double& flags : rest_flags_.nodes) flags /= rest_;
  }

  Prediction run() {
    const Lattice events = event_lattice();
    double total = 0.0;
    for (double k = events.first; k <= events.last; k += events.step) {
      const double weight = std::exp(log_binomial(k, size_, assumptions_.mean));
      total += weight;
      add_events(k, weight);
    }
    out_.width /= total;
    out_.n_effective /= total;
    out_.power = test_.mu ? power_ / total : out_.power;
    return out_;
  }

 private:
  struct Lattice {
    double first, last, step;
  };

  // The numbers of events that matter: five standard deviations either side. Wide
  // distributions are summed in steps small enough for the judge's own noise, of
  // |correlation| standard deviations, to even out.
  Lattice event_lattice() const {
    const double p = assumptions_.mean;
    const double centre = size_ * p;
    const double reach = 5.0 * std::sqrt(centre * (1.0 - p)) + 5.0;
    const double noise = std::fabs(assumptions_.correlation);
    const double most = judge_ ? std::clamp(16.0 / noise, 40.0, 300.0) : 1500.0;
    const double first = std::max(0.0, std::floor(centre - reach));
    const double last = std::min(size_, centre + reach);
    return {first, last, std::max(1.0, std::ceil((last - first) / most))};
  }

  void add_events(double k, double weight) {
    if (!judge_) {
      add_table({size_, k, 0.0, 0.0, 0.0, 0.0}, weight);
      return add_power();
    }
    constexpr int n_outcomes = 10, n_nodes = 3;
    const auto hits = outcomes_or_nodes(k, judge_->sensitivity, n_outcomes, n_nodes);
    const auto alarms =
        outcomes_or_nodes(size_ - k, judge_->false_positive_rate, n_outcomes, n_nodes);
    for (std::size_t h = 0; h < hits.nodes.size(); ++h) {
      for (std::size_t a = 0; a < alarms.nodes.size(); ++a) {
        const double at = weight * hits.weights[h] * alarms.weights[a];
        for (std::size_t u = 0; u < rest_flags_.nodes.size(); ++u) {
          add_table({size_, k, hits.nodes[h], alarms.nodes[a], rest_, rest_flags_.nodes[u]},
                    at * rest_flags_.weights[u]);
        }
        if (hits.every_outcome && alarms.every_outcome) add_power();
      }
      if (hits.every_outcome) add_power();
    }
    add_power();
  }

  // Rejections among the tables since the last call.
  void add_power() {
    power_ += greater_.weight_positive() + less_.weight_positive();
    greater_ = less_ = {};
  }

  void add_table(const RateTable& table, double weight) {
    const TableFit fit = fit_table(table);
    const double p = assumptions_.mean, ratio = point_.variance_ratio;
    const double estimate = p + std::sqrt(ratio) * (fit.estimate - p);
    const BoundedMean m{estimate,
                        fit.labels_only,
                        estimated_ * fit.hc2,
                        point_.base,
                        assumptions_.n_total,
                        0.0,
                        1.0,
                        0.0,
                        point_.known_prob};
    const Interval interval = beta_interval(m, test_.conf_level);
    const double guard = size_guard(test_.conf_level, point_.base, point_.known_prob);
    out_.width += weight * (interval.high - interval.low);
    out_.n_effective +=
        weight * point_.n *
        effective_ratio(point_.base, fit.variance_labels_only, ratio * fit.variance, guard);
    if (test_.mu) add_scores(m, weight);
  }

  // The two one-sided tests of test_mean(): tails of Clopper and Pearson.
  void add_scores(const BoundedMean& m, double weight) {
    const auto [n, x] = effective_counts(m, test_.conf_level);
    const double mu = *test_.mu;
    if (test_.tail_greater() > 0.0) {
      const double p = x > 0.0 ? beta_tails(mu, 1.0 - mu, x, n - x + 1.0).lower : 1.0;
      greater_.add(weight, rejection_score(p, test_.tail_greater()));
    }
    if (test_.tail_less() > 0.0) {
      const double p = x < n ? beta_tails(mu, 1.0 - mu, x + 1.0, n - x).upper : 1.0;
      less_.add(weight, rejection_score(p, test_.tail_less()));
    }
  }

  PlanAssumptions assumptions_;
  PlanTest test_;
  PlanPoint point_;
  std::optional<BinaryJudge> judge_;
  double size_ = 0.0, rest_ = 0.0;
  double estimated_ = 1.0;     // typical estimated variance against that of the table
  QuadratureRule rest_flags_;  // as shares of the unlabelled rows
  Prediction out_;
  ScoreMoments greater_, less_;
  double power_ = 0.0;
};

// Summed over the rarer of the two labels.
inline Prediction predict_rate(const PlanAssumptions& a, const PlanTest& test,
                               const PlanPoint& point) {
  return a.mean <= 0.5 ? RatePrediction(a, test, point).run()
                       : RatePrediction(flipped(a), flipped(test), point).run();
}

}  // namespace judicious

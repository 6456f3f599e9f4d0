// Agreement metrics of a judge with humans, item by item, from the profiles of
// both. Where profiles have bounds (invalid answers might have been anything),
// scores have them too: intervals that hold the score for every completion.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <judicious/ratings/divergence.hpp>
#include <judicious/ratings/item_metric.hpp>
#include <judicious/ratings/rating_profiles.hpp>
#include <vector>

namespace judicious {

enum class Metric {
  hit_rate,
  cohen_kappa,
  fleiss_kappa,
  krippendorff_alpha,
  kl_human_judge,
  kl_judge_human,
  cross_entropy_human_judge,
  cross_entropy_judge_human,
  js_divergence,
  js_distance,
  coverage,
  coverage_srs,
  mse_h,
  mse_s,
  mse_hrs,
  mse_srs,
  consistency,
  bias,
  bias_abs,
  bias_squared
};

// What one source says of every item, and in how many choices.
struct RatedItems {
  ItemProfiles profile;
  std::vector<double> n_choices;

  std::size_t n_options() const { return profile.n_options; }
  bool has_bounds() const { return !profile.o_low.empty(); }
};

namespace agreement_detail {

// Shares of options in one item, lowest and highest; the same where they are known.
struct ShareRange {
  const double *low, *high;
  bool known() const { return low == high; }
  bool missing() const { return std::isnan(*low); }
};

// One source seen as it is, or with the bounds of its shares.
class SourceView {
 public:
  SourceView(const RatedItems& source, bool bounds)
      : source_(source), bounds_(bounds && source.has_bounds()) {}

  ShareRange choice(std::size_t i) const {
    const ItemProfiles& p = source_.profile;
    return range(p.o, p.o_low, p.o_high, i * p.n_options);
  }
  ShareRange set(std::size_t i) const {
    const ItemProfiles& p = source_.profile;
    return range(p.omega, p.omega_low, p.omega_high, i * p.n_options);
  }
  ShareRange positive(std::size_t i) const {
    const ItemProfiles& p = source_.profile;
    return range(p.p_positive, p.p_low, p.p_high, i);
  }

  // The options that have the most choices, or might have; none if answers that
  // name no option lead.
  OptionSet leaders(std::size_t i) const {
    const ShareRange share = choice(i);
    const std::size_t n = source_.n_options();
    if (share.known() || std::equal(share.low, share.low + n, share.high)) {
      const int leader = hard_choice(share.low, n);
      return leader < 0 ? 0 : singleton(static_cast<std::size_t>(leader));
    }
    OptionSet out = 0;
    for (std::size_t k = 0; k < n; ++k) {
      bool beaten = false;
      for (std::size_t l = 0; l < n; ++l) {
        beaten = beaten || (l != k && exceeds(share.low[l], share.high[k]));
      }
      if (!beaten) out |= singleton(k);
    }
    return out;
  }

 private:
  ShareRange range(const std::vector<double>& value, const std::vector<double>& low,
                   const std::vector<double>& high, std::size_t at) const {
    if (!bounds_) return {&value[at], &value[at]};
    return {&low[at], &high[at]};
  }

  const RatedItems& source_;
  bool bounds_;
};

struct Pair {
  SourceView human, judge;
  std::size_t n_options;
  double tau;
};

inline Interval both(double value) { return {value, value}; }

// hit if both have the same leader, miss if they differ or one has none.
inline Interval hit_or_miss(const Pair& x, std::size_t i, double hit, double miss) {
  const OptionSet h = x.human.leaders(i), j = x.judge.leaders(i);
  const bool always = h == j && set_size(h) == 1, never = (h & j) == 0;
  if (always) return both(hit);
  return never ? both(miss) : Interval{std::min(hit, miss), std::max(hit, miss)};
}

inline Interval covered(const Pair& x, std::size_t i) {
  const ShareRange share = x.human.set(i);
  const OptionSet certain = hard_set(share.low, x.n_options, x.tau);
  const OptionSet possible = hard_set(share.high, x.n_options, x.tau);
  const OptionSet j = x.judge.leaders(i);
  return {j != 0 && (j & ~certain) == 0 ? 1.0 : 0.0, (j & possible) != 0 ? 1.0 : 0.0};
}

// The share of human sets that hold the judge's choice.
inline Interval covered_share(const Pair& x, std::size_t i) {
  const ShareRange share = x.human.set(i);
  const OptionSet j = x.judge.leaders(i);
  Interval out{j == 0 ? 0.0 : 1.0, 0.0};
  for (std::size_t k = 0; k < x.n_options; ++k) {
    if (!contains(j, k)) continue;
    out.low = std::min(out.low, share.low[k]);
    out.high = std::max(out.high, share.high[k]);
  }
  return out;
}

// Sum over options of the squared difference of two shares within ranges.
inline Interval squared_distance(ShareRange a, ShareRange b, std::size_t n_options) {
  Interval out{0.0, 0.0};
  for (std::size_t k = 0; k < n_options; ++k) {
    const double gap = std::max({0.0, a.low[k] - b.high[k], b.low[k] - a.high[k]});
    const double reach = std::max(a.high[k] - b.low[k], b.high[k] - a.low[k]);
    out.low += gap * gap;
    out.high += reach * reach;
  }
  return out;
}

// The same of thresholded sets: options that one of both holds.
inline Interval set_distance(const Pair& x, std::size_t i) {
  const ShareRange h = x.human.set(i), j = x.judge.set(i);
  const OptionSet h_in = hard_set(h.low, x.n_options, x.tau);
  const OptionSet h_may = hard_set(h.high, x.n_options, x.tau);
  const OptionSet j_in = hard_set(j.low, x.n_options, x.tau);
  const OptionSet j_may = hard_set(j.high, x.n_options, x.tau);
  return {static_cast<double>(set_size((h_in & ~j_may) | (j_in & ~h_may))),
          static_cast<double>(set_size((h_may & ~j_in) | (j_may & ~h_in)))};
}

inline Interval decision(const SourceView& x, std::size_t i, double tau) {
  const ShareRange share = x.positive(i);
  return {exceeds(*share.low, tau) ? 1.0 : 0.0, exceeds(*share.high, tau) ? 1.0 : 0.0};
}

inline Interval same_decision(const Pair& x, std::size_t i) {
  const Interval h = decision(x.human, i, x.tau), j = decision(x.judge, i, x.tau);
  const bool certain = h.low == h.high && j.low == j.high;
  return {certain && h.low == j.low ? 1.0 : 0.0, h.low <= j.high && j.low <= h.high ? 1.0 : 0.0};
}

inline Interval decision_difference(const Pair& x, std::size_t i) {
  const Interval h = decision(x.human, i, x.tau), j = decision(x.judge, i, x.tau);
  return {j.low - h.high, j.high - h.low};
}

// Choices of one item as a distribution. Answers that name no option are an
// outcome of their own, where they count.
inline Eigen::ArrayXd choice_distribution(const double* o, std::size_t n_options, bool with_rest,
                                          double n_choices, double smooth) {
  const auto n = static_cast<Eigen::Index>(n_options);
  Eigen::ArrayXd out(n + (with_rest ? 1 : 0));
  out.head(n) = Eigen::Map<const Eigen::ArrayXd>(o, n);
  if (with_rest) out[n] = std::max(0.0, 1.0 - out.head(n).sum());
  if (smooth > 0.0) out = out * n_choices + smooth;
  return out / out.sum();
}

}  // namespace agreement_detail

// Scores of the items of a human source and a judge, metric by metric.
class AgreementScorer {
 public:
  // `smooth` is added to every count of choices for KL divergence and cross-entropy.
  AgreementScorer(const RatedItems& human, const RatedItems& judge, double tau, double smooth)
      : human_(human), judge_(judge), tau_(tau), smooth_(smooth) {}

  ItemScores score(Metric metric) const {
    namespace d = agreement_detail;
    switch (metric) {
      case Metric::cohen_kappa:
        return choices(Summary::cohen);
      case Metric::fleiss_kappa:
        return choices(Summary::fleiss);
      case Metric::krippendorff_alpha:
        return choices(Summary::krippendorff);
      case Metric::kl_human_judge:
        return diverge(Divergence::kl, human_, judge_, smooth_);
      case Metric::kl_judge_human:
        return diverge(Divergence::kl, judge_, human_, smooth_);
      case Metric::cross_entropy_human_judge:
        return diverge(Divergence::cross_entropy, human_, judge_, smooth_);
      case Metric::cross_entropy_judge_human:
        return diverge(Divergence::cross_entropy, judge_, human_, smooth_);
      case Metric::js_divergence:
        return diverge(Divergence::js_divergence, human_, judge_, 0.0);
      case Metric::js_distance:
        return diverge(Divergence::js_distance, human_, judge_, 0.0);
      case Metric::coverage:
        return means(&Side::set, &Side::choice, d::covered);
      case Metric::coverage_srs:
        return means(&Side::set, &Side::choice, d::covered_share);
      case Metric::consistency:
        return means(&Side::positive, &Side::positive, d::same_decision);
      case Metric::bias:
        return decision_bias(Summary::mean);
      case Metric::bias_abs:
        return decision_bias(Summary::absolute_mean);
      case Metric::bias_squared:
        return decision_bias(Summary::squared_mean);
      default:
        return distances(metric);
    }
  }

 private:
  using Side = agreement_detail::SourceView;
  using Pair = agreement_detail::Pair;
  using Shares = agreement_detail::ShareRange (Side::*)(std::size_t) const;

  ItemScores distances(Metric metric) const {
    namespace d = agreement_detail;
    switch (metric) {
      case Metric::hit_rate:
        return means(&Side::choice, &Side::choice,
                     [](const Pair& x, std::size_t i) { return d::hit_or_miss(x, i, 1.0, 0.0); });
      case Metric::mse_h:
        return means(&Side::choice, &Side::choice,
                     [](const Pair& x, std::size_t i) { return d::hit_or_miss(x, i, 0.0, 2.0); });
      case Metric::mse_s:
        return means(&Side::choice, &Side::choice, [](const Pair& x, std::size_t i) {
          return d::squared_distance(x.human.choice(i), x.judge.choice(i), x.n_options);
        });
      case Metric::mse_hrs:
        return means(&Side::set, &Side::set, d::set_distance);
      default:
        return means(&Side::set, &Side::set, [](const Pair& x, std::size_t i) {
          return d::squared_distance(x.human.set(i), x.judge.set(i), x.n_options);
        });
    }
  }

  ItemScores decision_bias(Summary summary) const {
    ItemScores out = means(&Side::positive, &Side::positive, agreement_detail::decision_difference);
    out.summary = summary;
    return out;
  }

  // score(pair, i) for items in which both sides have the shares it needs.
  template <class Score>
  ItemScores means(Shares of_human, Shares of_judge, const Score& score) const {
    const auto fill = [&](bool bounds, std::vector<double>& low, std::vector<double>& high) {
      const Pair pair{Side(human_, bounds), Side(judge_, bounds), human_.n_options(), tau_};
      low.assign(n_items(), missing());
      high = low;
      for (std::size_t i = 0; i < n_items(); ++i) {
        if ((pair.human.*of_human)(i).missing() || (pair.judge.*of_judge)(i).missing()) continue;
        const Interval range = score(pair, i);
        low[i] = range.low;
        high[i] = range.high;
      }
    };
    ItemScores out;
    fill(false, out.score, out.high);
    out.high.clear();
    if (human_.has_bounds() || judge_.has_bounds()) fill(true, out.low, out.high);
    return out;
  }

  ItemScores choices(Summary summary) const {
    const Side human(human_, false), judge(judge_, false);
    const auto n = static_cast<int>(human_.n_options());
    ItemScores out;
    out.summary = summary;
    out.n_codes = human_.n_options() + 2;
    out.human.assign(n_items(), -1);
    out.judge.assign(n_items(), -1);
    for (std::size_t i = 0; i < n_items(); ++i) {
      if (human.choice(i).missing() || judge.choice(i).missing()) continue;
      const int h = hard_choice(human.choice(i).low, human_.n_options());
      const int j = hard_choice(judge.choice(i).low, human_.n_options());
      // Answers that name no option agree with nothing, nor with each other.
      out.human[i] = h < 0 ? n : h;
      out.judge[i] = j < 0 ? n + 1 : j;
    }
    return out;
  }

  ItemScores diverge(Divergence kind, const RatedItems& p, const RatedItems& q,
                     double smooth) const {
    const std::size_t n = human_.n_options();
    const auto has_rest = [n](const double* o) {
      return exceeds(1.0, std::accumulate(o, o + n, 0.0));
    };
    ItemScores out;
    out.score.assign(n_items(), missing());
    for (std::size_t i = 0; i < n_items(); ++i) {
      const double *a = &p.profile.o[i * n], *b = &q.profile.o[i * n];
      if (std::isnan(*a) || std::isnan(*b)) continue;
      const bool rest = has_rest(a) || has_rest(b);
      using agreement_detail::choice_distribution;
      out.score[i] = divergence(kind, choice_distribution(a, n, rest, p.n_choices[i], smooth),
                                choice_distribution(b, n, rest, q.n_choices[i], smooth));
    }
    return out;
  }

  std::size_t n_items() const { return human_.profile.n_items; }
  static double missing() { return std::numeric_limits<double>::quiet_NaN(); }

  const RatedItems& human_;
  const RatedItems& judge_;
  double tau_, smooth_;
};

}  // namespace judicious

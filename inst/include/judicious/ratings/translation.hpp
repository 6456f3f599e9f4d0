// Translation between forced choices and response sets (Guerdan et al. 2025,
// arXiv:2503.05965): F[k, v] = P(choice k | set v) and its inverse
// F'[v, k] = P(set v | choice k), from ratings that gave both answers.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <judicious/ratings/rating_tallies.hpp>
#include <limits>
#include <map>
#include <vector>

namespace judicious {

// Support: only sets in `sets` have probability.
struct Translation {
  std::vector<OptionSet> sets;
  Eigen::MatrixXd forward;   // F, options x sets; empty where it depends on the item
  Eigen::MatrixXd inverse;   // F', sets x options
  Eigen::VectorXd set_prob;  // of the population; empty if unknown

  std::size_t n_options() const { return static_cast<std::size_t>(inverse.cols()); }
  Eigen::Index n_sets() const { return inverse.rows(); }
};

// An estimated proportion with its standard error.
struct Proportion {
  double estimate, std_error;
};

// Joint counts of paired ratings.
struct PairedCounts {
  Eigen::MatrixXd joint;  // options x sets
  double n_pairs = 0.0, n_items = 0.0;
  double n_contradictory = 0.0;  // the choice is not in the set: left out
};

struct TranslationFit {
  Translation translation;
  PairedCounts counts;
  Eigen::MatrixXd forward_se, inverse_se;
  Proportion sensitivity{0.0, 0.0};  // P(set is positive | choice is negative)
};

namespace translation_detail {

inline double square(double x) { return x * x; }

// A paired rating in the rows and columns of the joint counts.
struct Pair {
  std::size_t item;
  Eigen::Index choice, set;
  double weight;
};

inline Eigen::Index position_of(const std::vector<OptionSet>& sets, OptionSet set) {
  const auto found = std::lower_bound(sets.begin(), sets.end(), set, comes_before);
  if (found == sets.end() || *found != set) {
    throw std::invalid_argument("A response set is not among the admissible ones.");
  }
  return found - sets.begin();
}

// In the order of items, so that the pairs of an item follow one another.
inline std::vector<Pair> consistent_pairs(const RatingColumns& x,
                                          const std::vector<OptionSet>& sets) {
  std::vector<Pair> pairs;
  for (std::size_t row = 0; row < x.size; ++row) {
    if (!x.is_pair(row) || !contains(x.option_set(row), x.choice_index(row))) continue;
    pairs.push_back({x.item_index(row), static_cast<Eigen::Index>(x.choice_index(row)),
                     position_of(sets, x.option_set(row)), x.weight(row)});
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.item < b.item; });
  return pairs;
}

inline double contradictory_pairs(const RatingColumns& x) {
  double n = 0.0;
  for (std::size_t row = 0; row < x.size; ++row) {
    if (x.is_pair(row) && !contains(x.option_set(row), x.choice_index(row))) n += x.weight(row);
  }
  return n;
}

inline PairedCounts count_pairs(const std::vector<Pair>& pairs, std::size_t n_options,
                                std::size_t n_sets) {
  PairedCounts out;
  out.joint = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(n_options),
                                    static_cast<Eigen::Index>(n_sets));
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    out.joint(pairs[i].choice, pairs[i].set) += pairs[i].weight;
    out.n_pairs += pairs[i].weight;
    if (i == 0 || pairs[i].item != pairs[i - 1].item) out.n_items += 1.0;
  }
  return out;
}

// Adds `smooth` to every cell whose option is in its set.
inline Eigen::MatrixXd smoothed(const Eigen::MatrixXd& joint, const std::vector<OptionSet>& sets,
                                double smooth) {
  Eigen::MatrixXd out = joint;
  for (Eigen::Index v = 0; v < out.cols(); ++v) {
    for (Eigen::Index k = 0; k < out.rows(); ++k) {
      if (contains(sets[static_cast<std::size_t>(v)], static_cast<std::size_t>(k))) {
        out(k, v) += smooth;
      }
    }
  }
  return out;
}

// Columns divided by their sums; NaN where a sum is 0.
inline Eigen::MatrixXd column_shares(const Eigen::MatrixXd& counts) {
  return counts.array().rowwise() / counts.colwise().sum().array();
}

// How much more the shares of outcomes given a group vary than if all pairs were
// independent, because pairs of one item are alike: the sum over all cells of the
// variance between items, over that of independent pairs; at least 1. `group` and
// `outcome` say what conditions on what.
template <class Group, class Outcome>
double design_effect(const std::vector<Pair>& pairs, const Eigen::MatrixXd& counts, Group group,
                     Outcome outcome) {
  const Eigen::MatrixXd shares = column_shares(counts);
  const Eigen::RowVectorXd sizes = counts.colwise().sum();
  double independent = 0.0;
  for (Eigen::Index g = 0; g < sizes.size(); ++g) {
    if (sizes[g] > 0.0) independent += sizes[g] * (1.0 - shares.col(g).squaredNorm());
  }
  double between = 0.0;
  for (std::size_t i = 0; i < pairs.size();) {
    std::map<Eigen::Index, Eigen::VectorXd> residuals;
    const std::size_t item = pairs[i].item;
    for (; i < pairs.size() && pairs[i].item == item; ++i) {
      const Eigen::Index g = group(pairs[i]);
      auto& residual = residuals.try_emplace(g, Eigen::VectorXd::Zero(counts.rows())).first->second;
      residual -= pairs[i].weight * shares.col(g);
      residual[outcome(pairs[i])] += pairs[i].weight;
    }
    for (const auto& entry : residuals) between += entry.second.squaredNorm();
  }
  return independent > 0.0 ? std::max(1.0, between / independent) : 1.0;
}

// Standard errors of column shares: the posterior spread under a Dirichlet prior
// of the pseudo-counts, which is above 0 also where a count is 0.
inline Eigen::MatrixXd share_errors(const Eigen::MatrixXd& counts, double effect) {
  const Eigen::ArrayXXd shares = column_shares(counts).array();
  const Eigen::ArrayXXd spread = effect * shares * (1.0 - shares);
  return (spread.rowwise() / (counts.colwise().sum().array() + 1.0)).sqrt();
}

// Pairs split by two questions; the share of yes to the second among yes to the
// first. Half a pair on either side keeps the error above 0.
template <class First, class Second>
Proportion conditional_share(const std::vector<Pair>& pairs, First first, Second second) {
  std::vector<Pair> chosen;
  for (Pair pair : pairs) {
    if (!first(pair)) continue;
    pair.set = second(pair) ? 1 : 0;
    pair.choice = 0;
    chosen.push_back(pair);
  }
  Eigen::MatrixXd counts = Eigen::MatrixXd::Zero(2, 1);
  for (const Pair& pair : chosen) counts(pair.set, 0) += pair.weight;
  const double effect = design_effect(
      chosen, counts, [](const Pair& p) { return p.choice; }, [](const Pair& p) { return p.set; });
  const double n = counts.sum();
  const double middle = (counts(1, 0) + 0.5) / (n + 1.0);
  return {counts(1, 0) / n, std::sqrt(effect * middle * (1.0 - middle) / n)};
}

}  // namespace translation_detail

// Shares of the smoothed joint counts; `sets` is sorted and holds every set that
// occurs. With smooth = 0, columns without a pair are NaN.
inline TranslationFit fit_translation(const RatingColumns& x, std::size_t n_options,
                                      const std::vector<OptionSet>& sets, OptionSet positive,
                                      double smooth) {
  namespace detail = translation_detail;
  const auto pairs = detail::consistent_pairs(x, sets);
  const auto choice = [](const detail::Pair& p) { return p.choice; };
  const auto set = [](const detail::Pair& p) { return p.set; };
  TranslationFit out;
  out.counts = detail::count_pairs(pairs, n_options, sets.size());
  out.counts.n_contradictory = detail::contradictory_pairs(x);
  const Eigen::MatrixXd& raw = out.counts.joint;
  const Eigen::MatrixXd joint = detail::smoothed(raw, sets, smooth);
  out.translation.sets = sets;
  out.translation.forward = detail::column_shares(joint);
  out.translation.inverse = detail::column_shares(joint.transpose());
  out.translation.set_prob = joint.colwise().sum().transpose() / joint.sum();
  out.forward_se = detail::share_errors(joint, detail::design_effect(pairs, raw, set, choice));
  out.inverse_se = detail::share_errors(joint.transpose(),
                                        detail::design_effect(pairs, raw.transpose(), choice, set));
  out.sensitivity = detail::conditional_share(
      pairs,
      [&](const detail::Pair& p) {
        return !contains(positive, static_cast<std::size_t>(p.choice));
      },
      [&](const detail::Pair& p) {
        return (sets[static_cast<std::size_t>(p.set)] & positive) != 0U;
      });
  return out;
}

// The sets that pairs show, and all singletons.
inline std::vector<OptionSet> observed_sets(const RatingColumns& x, std::size_t n_options) {
  std::vector<OptionSet> sets;
  for (std::size_t k = 0; k < n_options; ++k) sets.push_back(singleton(k));
  for (std::size_t row = 0; row < x.size; ++row) {
    if (x.is_pair(row)) sets.push_back(x.option_set(row));
  }
  sort_sets(sets);
  return sets;
}

// What a rater who chose a negative option means with probability beta.
enum class BetaTarget {
  both,          // the chosen and the positive option
  positive_only  // the positive option alone, as published; the choice is not in the set
};

// Forced choices mean their own option, except that with probability beta a
// choice of a negative option hides a positive one, `added`.
inline Translation translation_beta(std::size_t n_options, OptionSet positive, std::size_t added,
                                    double beta, BetaTarget to) {
  const auto target = [&](std::size_t k) {
    return to == BetaTarget::both ? singleton(k) | singleton(added) : singleton(added);
  };
  Translation out;
  for (std::size_t k = 0; k < n_options; ++k) {
    out.sets.push_back(singleton(k));
    if (!contains(positive, k)) out.sets.push_back(target(k));
  }
  sort_sets(out.sets);
  out.inverse = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(out.sets.size()),
                                      static_cast<Eigen::Index>(n_options));
  for (std::size_t k = 0; k < n_options; ++k) {
    const auto column = static_cast<Eigen::Index>(k);
    const double moved = contains(positive, k) ? 0.0 : beta;
    out.inverse(translation_detail::position_of(out.sets, singleton(k)), column) = 1.0 - moved;
    if (moved > 0.0)
      out.inverse(translation_detail::position_of(out.sets, target(k)), column) = moved;
  }
  if (to == BetaTarget::positive_only) return out;
  // Only one choice leads to each set: its negative option, or its only one.
  out.forward = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(n_options), out.n_sets());
  for (Eigen::Index v = 0; v < out.n_sets(); ++v) {
    const OptionSet set = out.sets[static_cast<std::size_t>(v)];
    for (std::size_t k = 0; k < n_options; ++k) {
      const bool leads = set == singleton(k) || (contains(set, k) && k != added);
      if (leads) out.forward(static_cast<Eigen::Index>(k), v) = 1.0;
    }
  }
  return out;
}

}  // namespace judicious

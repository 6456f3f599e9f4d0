// Response-set distributions from forced choices: by a translation, and what
// forced choices alone can say (sharp bounds).
#pragma once

#include <Eigen/Core>
#include <judicious/numeric/parallel.hpp>
#include <judicious/numeric/simplex.hpp>
#include <judicious/ratings/rating_profiles.hpp>
#include <judicious/ratings/translation.hpp>
#include <vector>

namespace judicious {

namespace reconstruct_detail {

using Shares = Eigen::Map<const Eigen::VectorXd>;

inline Shares item_shares(const std::vector<double>& cells, std::size_t width, std::size_t item) {
  return {cells.data() + item * width, static_cast<Eigen::Index>(width)};
}

// weights * o, where options nobody chose do not matter: their column may be NaN.
inline Eigen::VectorXd translate(const Eigen::MatrixXd& weights, const Shares& o) {
  Eigen::VectorXd out = Eigen::VectorXd::Zero(weights.rows());
  for (Eigen::Index k = 0; k < o.size(); ++k) {
    if (o[k] != 0.0) out += o[k] * weights.col(k);
  }
  return out;
}

// Lambda: options, then one row for "the set is positive", x sets.
inline Eigen::MatrixXd set_members(const std::vector<OptionSet>& sets, std::size_t n_options,
                                   const PositiveOptions& positive) {
  Eigen::MatrixXd out(static_cast<Eigen::Index>(n_options) + 1,
                      static_cast<Eigen::Index>(sets.size()));
  for (std::size_t v = 0; v < sets.size(); ++v) {
    const auto column = static_cast<Eigen::Index>(v);
    for (std::size_t k = 0; k < n_options; ++k) {
      out(static_cast<Eigen::Index>(k), column) = contains(sets[v], k) ? 1.0 : 0.0;
    }
    out(static_cast<Eigen::Index>(n_options), column) = positive.holds(sets[v]) ? 1.0 : 0.0;
  }
  return out;
}

// How often two choices of one item, and two choices of different items, agree.
// `defined`: some item has two choices, and there are two items.
struct ChoiceAgreement {
  double within = 0.0, between = 0.0;
  bool defined = false;
};

inline ChoiceAgreement choice_agreement(const ItemTallies& t) {
  Eigen::VectorXd totals = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(t.n_options));
  double n = 0.0, same_cells = 0.0, same_items = 0.0, pairs = 0.0, agreeing = 0.0;
  for (std::size_t item = 0; item < t.n_items; ++item) {
    const Shares counts = item_shares(t.choice, t.n_options, item);
    const double size = t.n_choice[item];
    totals += counts;
    n += size;
    same_cells += counts.squaredNorm();
    same_items += size * size;
    pairs += size * (size - 1.0);
    agreeing += counts.squaredNorm() - size;
  }
  if (pairs <= 0.0 || n * n <= same_items) return {};
  return {agreeing / pairs, (totals.squaredNorm() - same_cells) / (n * n - same_items), true};
}

}  // namespace reconstruct_detail

// Strength alpha of the prior Dirichlet(alpha pi) of an item's set distribution,
// by moments: O = F theta has variance (sum_v pi_v sum_k F_kv^2 - sum_k p_k^2) /
// (alpha + 1), summed over options, which is by how much two choices of one item
// agree more than two of different items. 1 where no item has two choices.
inline double prior_strength(const ItemTallies& tallies, const Translation& translation) {
  constexpr double lowest = 0.1, highest = 1e4;
  const auto agreement = reconstruct_detail::choice_agreement(tallies);
  if (!agreement.defined) return 1.0;
  const double excess = agreement.within - agreement.between;
  const double certain =
      translation.forward.colwise().squaredNorm().dot(translation.set_prob.transpose());
  if (excess <= 0.0) return highest;
  return std::clamp((certain - agreement.between) / excess - 1.0, lowest, highest);
}

// Posterior mean of theta of one item under the prior Dirichlet(strength *
// set_prob), given counts of forced choices. The sets behind the choices are
// latent: an EM-like iteration assigns every choice to sets in proportion to F and
// to what the prior and all *other* choices make of the sets (zero-order collapsed
// variational Bayes, Asuncion et al. 2009). Exact for one choice, where it is the
// pooled translation mixed with the population.
inline Eigen::VectorXd item_posterior(const Translation& translation,
                                      const Eigen::Ref<const Eigen::VectorXd>& counts,
                                      double strength) {
  constexpr int max_steps = 10000;
  constexpr double tolerance = 1e-10;
  const Eigen::VectorXd prior = strength * translation.set_prob;
  Eigen::MatrixXd shares = bayes_inverse(translation.forward, translation.set_prob);
  Eigen::VectorXd assigned = shares * counts;
  for (int step = 0; step < max_steps; ++step) {
    double change = 0.0;
    for (Eigen::Index k = 0; k < counts.size(); ++k) {
      if (counts[k] <= 0.0) continue;
      const Eigen::VectorXd others = assigned - std::min(counts[k], 1.0) * shares.col(k);
      Eigen::VectorXd next = translation.forward.row(k).transpose().cwiseProduct(prior + others);
      next /= next.sum();
      change = std::max(change, (next - shares.col(k)).cwiseAbs().maxCoeff());
      assigned += counts[k] * (next - shares.col(k));
      shares.col(k) = next;
    }
    if (change < tolerance) break;
  }
  return (prior + assigned) / (strength + counts.sum());
}

// Response-set distributions made from forced choices: theta is sets x items, and
// omega and p_positive of the profiles are its.
struct Reconstruction {
  ItemProfiles profiles;
  Eigen::MatrixXd theta;
};

namespace reconstruct_detail {

// omega and p_positive of the distributions in the columns of theta.
inline void fill_profiles(const Eigen::MatrixXd& members, const Eigen::MatrixXd& theta,
                          std::vector<double>& omega, std::vector<double>& p_positive) {
  const Eigen::Index n_options = members.rows() - 1;
  omega.resize(static_cast<std::size_t>(n_options * theta.cols()));
  p_positive.resize(static_cast<std::size_t>(theta.cols()));
  Eigen::Map<Eigen::MatrixXd>(omega.data(), n_options, theta.cols()) =
      members.topRows(n_options) * theta;
  Eigen::Map<Eigen::RowVectorXd>(p_positive.data(), theta.cols()) = members.row(n_options) * theta;
}

// Lowest and highest values: invalid choices, who are what the shares o_low leave,
// might have been those that mean least, or most, for an option.
inline void fill_bounds(const Eigen::MatrixXd& members, const Translation& translation,
                        ItemProfiles& out) {
  const Eigen::MatrixXd weights = members * translation.inverse;
  const Eigen::VectorXd least = weights.rowwise().minCoeff(), most = weights.rowwise().maxCoeff();
  const std::size_t width = out.n_options;
  for (auto* cells : {&out.omega_low, &out.omega_high}) cells->resize(out.o.size());
  for (auto* cells : {&out.p_low, &out.p_high}) cells->resize(out.n_items);
  for (std::size_t item = 0; item < out.n_items; ++item) {
    const Shares o = item_shares(out.o_low, width, item);
    const double left = 1.0 - o.sum();
    const Eigen::VectorXd valid = translate(weights, o);
    const Eigen::VectorXd low = valid + left * least, high = valid + left * most;
    std::copy_n(low.data(), width, out.omega_low.data() + item * width);
    std::copy_n(high.data(), width, out.omega_high.data() + item * width);
    out.p_low[item] = low[low.size() - 1];
    out.p_high[item] = high[high.size() - 1];
  }
}

}  // namespace reconstruct_detail

// One translation for all items: theta = F' O.
inline Reconstruction reconstruct_pooled(const ItemTallies& tallies, const Translation& translation,
                                         const PositiveOptions& positive, InvalidPolicy policy) {
  namespace detail = reconstruct_detail;
  const Eigen::MatrixXd members =
      detail::set_members(translation.sets, tallies.n_options, positive);
  Reconstruction out{
      profile_items(tallies, policy),
      Eigen::MatrixXd(translation.n_sets(), static_cast<Eigen::Index>(tallies.n_items))};
  for (std::size_t item = 0; item < tallies.n_items; ++item) {
    out.theta.col(static_cast<Eigen::Index>(item)) = detail::translate(
        translation.inverse, detail::item_shares(out.profiles.o, tallies.n_options, item));
  }
  detail::fill_profiles(members, out.theta, out.profiles.omega, out.profiles.p_positive);
  if (policy == InvalidPolicy::bounds) detail::fill_bounds(members, translation, out.profiles);
  return out;
}

// The posterior of every item. Under the policy "wrong", theta is scaled to the
// share of valid choices; "bounds" is not defined here.
inline Reconstruction reconstruct_items(const ItemTallies& tallies, const Translation& translation,
                                        const PositiveOptions& positive, InvalidPolicy policy,
                                        const Executor& run) {
  namespace detail = reconstruct_detail;
  if (policy == InvalidPolicy::bounds) {
    throw std::invalid_argument("Item posteriors have no bounds over invalid answers.");
  }
  constexpr std::size_t block = 256;
  const std::size_t width = tallies.n_options;
  const double strength = prior_strength(tallies, translation);
  Reconstruction out{
      profile_items(tallies, policy),
      Eigen::MatrixXd(translation.n_sets(), static_cast<Eigen::Index>(tallies.n_items))};
  run((tallies.n_items + block - 1) / block, [&](std::size_t b) {
    const std::size_t end = std::min(tallies.n_items, (b + 1) * block);
    for (std::size_t item = b * block; item < end; ++item) {
      // NaN where nobody chose: there is nothing to reconstruct from.
      const double valid = detail::item_shares(out.profiles.o, width, item).sum();
      out.theta.col(static_cast<Eigen::Index>(item)) =
          valid *
          item_posterior(translation, detail::item_shares(tallies.choice, width, item), strength);
    }
  });
  detail::fill_profiles(detail::set_members(translation.sets, width, positive), out.theta,
                        out.profiles.omega, out.profiles.p_positive);
  return out;
}

// Sharp bounds of omega and of p_positive given O alone. Any distribution of sets
// that hold the chosen option explains a choice, so an option is in the set for
// sure if all admissible sets with the choice hold it, and possibly if one does.
struct SetBounds {
  Eigen::MatrixXd certain, possible;  // (options + 1) x options, a column per choice
};

// `sets` empty: every non-empty set is admissible.
inline SetBounds set_bounds(const std::vector<OptionSet>& sets, std::size_t n_options,
                            const PositiveOptions& positive) {
  const auto n = static_cast<Eigen::Index>(n_options);
  SetBounds out{Eigen::MatrixXd::Zero(n + 1, n), Eigen::MatrixXd::Zero(n + 1, n)};
  const OptionSet everything = singleton(n_options) - 1U;
  for (std::size_t j = 0; j < n_options; ++j) {
    std::vector<OptionSet> candidates{singleton(j), everything};
    if (!sets.empty()) {
      candidates.clear();
      std::copy_if(sets.begin(), sets.end(), std::back_inserter(candidates),
                   [j](OptionSet set) { return contains(set, j); });
    }
    const Eigen::MatrixXd members =
        reconstruct_detail::set_members(candidates, n_options, positive);
    const auto column = static_cast<Eigen::Index>(j);
    if (candidates.empty()) continue;
    out.certain.col(column) = members.rowwise().minCoeff();
    out.possible.col(column) = members.rowwise().maxCoeff();
  }
  return out;
}

// Bounds per item, in the memory layout of omega and of p_positive.
struct ItemBounds {
  std::vector<double> set_low, set_high, p_low, p_high;
};

inline ItemBounds bound_items(const ItemTallies& tallies, const SetBounds& bounds,
                              InvalidPolicy policy) {
  namespace detail = reconstruct_detail;
  const std::size_t width = tallies.n_options;
  const ItemProfiles profile = profile_items(tallies, policy);
  const bool open = policy == InvalidPolicy::bounds;
  const std::vector<double>& o = open ? profile.o_low : profile.o;
  ItemBounds out{std::vector<double>(o.size()), std::vector<double>(o.size()),
                 std::vector<double>(tallies.n_items), std::vector<double>(tallies.n_items)};
  for (std::size_t item = 0; item < tallies.n_items; ++item) {
    const auto shares = detail::item_shares(o, width, item);
    const double left = open ? 1.0 - shares.sum() : 0.0;  // invalid: may have been anything
    const Eigen::VectorXd low =
        bounds.certain * shares + left * bounds.certain.rowwise().minCoeff();
    const Eigen::VectorXd high =
        bounds.possible * shares + left * bounds.possible.rowwise().maxCoeff();
    std::copy_n(low.data(), width, out.set_low.data() + item * width);
    std::copy_n(high.data(), width, out.set_high.data() + item * width);
    out.p_low[item] = low[static_cast<Eigen::Index>(width)];
    out.p_high[item] = high[static_cast<Eigen::Index>(width)];
  }
  return out;
}

}  // namespace judicious

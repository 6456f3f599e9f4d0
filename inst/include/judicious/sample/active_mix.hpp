// How much of a sample to draw at random when the rest follows the judge's
// uncertainty (Zrnic and Candes 2024 advise to mix; Hesterberg 1995), chosen for the
// width of the interval that will be reported, not for the variance alone: rows with a
// low prob also cost labels in the base size.
//
// A mix that was asked for is prob = (1 - mix) * active + mix * uniform. The chosen one
// spends the other labels on the most uncertain items alone, where they do most:
// prob = max(mix * uniform, c * uncertainty). No prob is below mix * uniform in either.
#pragma once

#include <algorithm>
#include <judicious/data/lowest_prob.hpp>
#include <judicious/estimate/intervals.hpp>
#include <judicious/sample/sampling.hpp>
#include <numeric>

namespace judicious {

// Of the same labels and judge under one design.
struct DesignMoments {
  double base;      // base size n_b
  double error;     // mean of e^2 (1 / prob - 1) over the rows / their number, for mean e^2 = 1
  bool known_prob;  // prob differs between rows
};

// Expected widths against as many random rows: if the squares of the uncertainties are
// proportional to the judge's squared errors, and if they say nothing about them.
struct MixChoice {
  double mix;
  double width_ratio;
  double width_ratio_useless;
};

// `prob` in ascending order, with the squared errors of the same items. `frame`: how many
// items like these take part.
inline DesignMoments design_moments(const Eigen::ArrayXd& prob, const Eigen::ArrayXd& error,
                                    double frame) {
  const auto n = static_cast<double>(prob.size());
  Eigen::Index next = 0;
  const double low = lowest_prob_mean([&] { return prob[next++]; }, n, labels_to_see * n / frame);
  const Eigen::ArrayXd inverse = prob.inverse();
  return {frame * std::min(1.0 / inverse.mean(), low), ((inverse - 1.0) * error).mean() / frame,
          prob[0] < prob[prob.size() - 1]};
}

// The designs for items in the order of their uncertainties.
class ActiveDesigns {
 public:
  // `active`: the probabilities that follow the uncertainty alone.
  ActiveDesigns(const Doubles& uncertainty, const Doubles& active)
      : uncertainty_(sorted(uncertainty)), active_(sorted(active)), sums_(uncertainty.size() + 1) {
    uncertainty_ /= uncertainty_[uncertainty_.size() - 1];
    error_ = uncertainty_.square() / uncertainty_.square().mean();
    sums_[0] = 0.0;
    for (Eigen::Index i = 0; i < active.size(); ++i) sums_[i + 1] = sums_[i] + uncertainty_[i];
  }

  double uniform() const { return active_.mean(); }
  bool is_uniform() const { return !(active_[0] < active_[active_.size() - 1]); }

  Eigen::ArrayXd mixed(double mix) const { return (1.0 - mix) * active_ + mix * uniform(); }
  Eigen::ArrayXd raised(double mix) const {
    if (mix >= 1.0 || is_uniform()) return mixed(1.0);
    return raised(uncertainty_, mix * uniform(), scale(mix));
  }
  // The same for items in any order.
  void raise(const Doubles& uncertainty, double mix, DoublesOut prob) const {
    if (mix >= 1.0 || is_uniform()) return static_cast<void>(prob.setConstant(uniform()));
    const double relative = 1.0 / uncertainty.maxCoeff();
    prob = raised(uncertainty.array() * relative, mix * uniform(), scale(mix));
  }

  // `useful`: the share of the squared error that goes with the squares of the
  // uncertainties, the rest being the same for all items.
  DesignMoments moments(const Eigen::ArrayXd& prob, double frame, double useful) const {
    return design_moments(prob, (1.0 - useful) + useful * error_, frame);
  }

 private:
  static Eigen::ArrayXd sorted(Eigen::VectorXd x) {
    std::sort(x.data(), x.data() + x.size());
    return x.array();
  }
  static Eigen::ArrayXd raised(const Eigen::ArrayXd& u, double least, double c) {
    return (c * u).max(least).min(1.0);
  }

  // max(least, c u), at most 1, summed over the items.
  double sum_at(double c, double least) const {
    const double* first = uncertainty_.data();
    const double* last = first + uncertainty_.size();
    const auto low = std::lower_bound(first, last, least / c) - first;
    const auto open = std::lower_bound(first + low, last, 1.0 / c) - first;
    return least * static_cast<double>(low) + c * (sums_[open] - sums_[low]) +
           static_cast<double>(last - first - open);
  }

  // The c at which the probabilities sum to what the active ones do.
  double scale(double mix) const {
    const double total = active_.sum(), least = mix * uniform();
    double low = 0.0, high = total / sums_[sums_.size() - 1];
    while (sum_at(high, least) < total) high *= 2.0;
    while (high - low > 1e-15 * high) {
      const double middle = 0.5 * (low + high);
      if (middle <= low || middle >= high) break;
      (sum_at(middle, least) < total ? low : high) = middle;
    }
    return high;
  }

  Eigen::ArrayXd uncertainty_, active_, sums_, error_;
};

// Width of the interval of a rate at the expected variance.
inline double expected_width(const DesignMoments& d, double frame, double rate,
                             double correlation) {
  constexpr double conf_level = 0.95;
  const double residual = 1.0 - correlation * correlation;
  const double variance = rate * (1.0 - rate) * (residual * d.error + 1.0 / frame);
  const Interval i =
      beta_interval({rate, rate, variance, d.base, frame, 0.0, 1.0, 0.0, d.known_prob}, conf_level);
  return i.high - i.low;
}

// Mean log width over rates and judges as they are met.
inline double expected_log_width(const DesignMoments& d, double frame) {
  double total = 0.0;
  for (const double rate : {0.05, 0.1, 0.3}) {
    for (const double correlation : {0.5, 0.7, 0.85}) {
      total += std::log(expected_width(d, frame, rate, correlation)) / 9.0;
    }
  }
  return total;
}

// What to expect of designs against random rows.
class MixRating {
 public:
  MixRating(const ActiveDesigns& designs, double frame)
      : designs_(designs),
        frame_(frame),
        random_(expected_log_width(designs.moments(designs.mixed(1.0), frame, 0.0), frame)) {}

  // Expected width with these probabilities, in ascending order.
  double ratio(const Eigen::ArrayXd& prob, double useful) const {
    return std::exp(expected_log_width(designs_.moments(prob, frame_, useful), frame_) - random_);
  }
  MixChoice rate(double mix, const Eigen::ArrayXd& prob) const {
    return {mix, ratio(prob, 1.0), ratio(prob, 0.0)};
  }
  MixChoice raised(double mix) const { return rate(mix, designs_.raised(mix)); }

 private:
  const ActiveDesigns& designs_;
  double frame_, random_;
};

// The best mix if the uncertainties are right, of those that cost next to nothing if they
// are not: no one can tell from uncertainties alone whether they say anything about the
// errors. The less is random the more it can cost.
inline MixChoice choose_mix(const ActiveDesigns& designs, double frame) {
  constexpr double most_lost = 0.01, least_gain = 0.01;
  MixChoice best{1.0, 1.0, 1.0};
  if (designs.is_uniform()) return best;
  const MixRating rating(designs, frame);
  for (int per_cent = 99; per_cent > 0; --per_cent) {
    const MixChoice now = rating.raised(0.01 * per_cent);
    if (now.width_ratio_useless > 1.0 + most_lost || !(now.width_ratio < best.width_ratio)) break;
    best = now;
  }
  if (best.width_ratio > 1.0 - least_gain) return {1.0, 1.0, 1.0};
  return best;
}

// What to expect of a given mix.
inline MixChoice rate_mix(const ActiveDesigns& designs, double frame, double mix) {
  return MixRating(designs, frame).rate(mix, designs.mixed(mix));
}

// Mixes `prob`, the active probabilities, in place. Their sum stays, and none exceeds 1.
inline void mix_probabilities(double mix, DoublesOut prob) {
  const double uniform = prob.mean();
  if (mix > 0.0) prob = (1.0 - mix) * prob.array() + mix * uniform;
  if (mix >= 1.0) prob.setConstant(uniform);
}

}  // namespace judicious

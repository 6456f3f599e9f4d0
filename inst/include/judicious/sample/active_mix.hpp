// How much of a sample to draw at random when the rest follows the judge's
// uncertainty (Zrnic and Candes 2024 advise to mix; Hesterberg 1995):
//   prob = (1 - mix) * active + mix * uniform.
// The mix is chosen for the width of the interval that will be reported, not for the
// variance alone: rows with a low prob also cost labels in the base size.
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

struct MixChoice {
  double mix;
  double width_ratio;  // expected width against as many random rows
};

// The designs that mix, for items in the order of their active probabilities.
class MixedDesigns {
 public:
  // `trust`: the share of the judge's squared error that is taken to follow the
  // uncertainty, the rest being the same for all items. `frame`: how many items like
  // these take part.
  MixedDesigns(const Doubles& uncertainty, const Doubles& active, double frame, double trust)
      : active_(sorted(active)), error_(active_.size()), frame_(frame) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(active.size()));
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](Eigen::Index a, Eigen::Index b) { return uncertainty[a] < uncertainty[b]; });
    const double scale = 1.0 / uncertainty.maxCoeff();
    for (std::size_t i = 0; i < order.size(); ++i) {
      const double u = uncertainty[order[i]] * scale;
      error_[static_cast<Eigen::Index>(i)] = u * u;
    }
    error_ = (1.0 - trust) + trust * error_ / error_.mean();
    uniform_ = active_.mean();
  }

  DesignMoments at(double mix) const {
    const Eigen::ArrayXd prob = (1.0 - mix) * active_ + mix * uniform_;
    const Eigen::ArrayXd inverse = prob.inverse();
    const double share = frame_ / static_cast<double>(prob.size());
    Eigen::Index next = 0;
    const double low = lowest_prob_mean([&] { return prob[next++]; },
                                        static_cast<double>(prob.size()), labels_to_see / share);
    return {frame_ * std::min(1.0 / inverse.mean(), low),
            ((inverse - 1.0) * error_).mean() / frame_,
            mix < 1.0 && prob[0] < prob[prob.size() - 1]};
  }
  double frame() const { return frame_; }

 private:
  static Eigen::ArrayXd sorted(Eigen::VectorXd x) {
    std::sort(x.data(), x.data() + x.size());
    return x.array();
  }
  Eigen::ArrayXd active_, error_;
  double frame_, uniform_ = 0.0;
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

constexpr double trust_in_uncertainty = 0.8;

// The best mix in steps of 1/20; all at random unless the gain is worth the risk that
// the uncertainties say less about errors than is assumed.
inline MixChoice choose_mix(const Doubles& uncertainty, const Doubles& active, double frame) {
  constexpr int n_steps = 20;
  constexpr double least_gain = 0.01;
  const MixedDesigns designs(uncertainty, active, frame, trust_in_uncertainty);
  const double random = expected_log_width(designs.at(1.0), frame);
  MixChoice best{1.0, 1.0};
  for (int k = 0; k < n_steps; ++k) {
    const double mix = static_cast<double>(k) / n_steps;
    const double ratio = std::exp(expected_log_width(designs.at(mix), frame) - random);
    if (ratio < best.width_ratio && ratio < 1.0 - least_gain) best = {mix, ratio};
  }
  return best;
}

// What to expect of a given mix.
inline MixChoice rate_mix(const Doubles& uncertainty, const Doubles& active, double frame,
                          double mix) {
  const MixedDesigns designs(uncertainty, active, frame, trust_in_uncertainty);
  return {mix, std::exp(expected_log_width(designs.at(mix), frame) -
                        expected_log_width(designs.at(1.0), frame))};
}

// Mixes `prob`, the active probabilities, in place. Their sum stays, and none exceeds 1.
inline void mix_probabilities(double mix, DoublesOut prob) {
  const double uniform = prob.mean();
  if (mix > 0.0) prob = (1.0 - mix) * prob.array() + mix * uniform;
  if (mix >= 1.0) prob.setConstant(uniform);
}

}  // namespace judicious

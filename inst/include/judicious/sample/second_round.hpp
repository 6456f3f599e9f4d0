// The rest of a sample after a random first part was labelled: the labels tell how far the
// judge's errors follow its uncertainty, and so how much of the rest may follow it too.
#pragma once

#include <judicious/sample/active_mix.hpp>

namespace judicious {

// Of the first part: uncertainties relative to all items' mean square, labels, judge.
struct FirstLabels {
  Eigen::ArrayXd square, label, judge;
};

inline FirstLabels first_labels(const Doubles& uncertainty, const Integers& labelled,
                                const Doubles& label, const Doubles& judge) {
  const double largest = uncertainty.maxCoeff();
  const Eigen::ArrayXd square = (uncertainty.array() / largest).square();
  FirstLabels out{Eigen::ArrayXd(label.size()), label.array(), judge.array()};
  Eigen::Index next = 0;
  for (Eigen::Index i = 0; i < labelled.size(); ++i) {
    if (labelled[i] == 1) out.square[next++] = square[i] / square.mean();
  }
  return out;
}

// The share of the judge's squared error that follows the square of the uncertainty: the
// slope of one on the other, less half its standard error, against the error at the mean
// square. Errors are what the best weight of the judge leaves. A small share that is not
// there costs little, as the mix then stays close to 1.
inline double learned_share(const FirstLabels& first) {
  constexpr double caution = 0.5;
  const auto n = static_cast<double>(first.label.size());
  const Eigen::ArrayXd y = first.label - first.label.mean();
  const Eigen::ArrayXd f = first.judge - first.judge.mean();
  const double spread = f.square().sum();
  const double weight = spread > 0.0 ? (y * f).sum() / spread : 0.0;
  const Eigen::ArrayXd error = (y - weight * f).square();
  const Eigen::ArrayXd x = first.square - first.square.mean();
  const double squares = x.square().sum(), mean = error.mean();
  if (!(squares > 0.0) || !(mean > 0.0) || n < 3.0) return 0.0;
  const double slope = (x * error).sum() / squares;
  const Eigen::ArrayXd residual = error - mean - slope * x;
  const double noise = std::sqrt((x * residual).square().sum() * n / (n - 2.0)) / squares;
  const double at_mean_square = mean + slope * (1.0 - first.square.mean());
  if (!(at_mean_square > 0.0)) return 0.0;
  return std::clamp((slope - caution * noise) / at_mean_square, 0.0, 1.0);
}

struct LearnedMix {
  double mix, useful;
  double width_ratio;  // expected, against as many random rows
};

// At least `least` of all labels are random already. The width falls and rises again.
inline LearnedMix learn_mix(const ActiveDesigns& designs, double frame, double useful,
                            double least) {
  LearnedMix best{1.0, useful, 1.0};
  if (designs.is_uniform()) return best;
  const MixRating rating(designs, frame);
  for (double mix = 0.99; mix >= least; mix -= 0.01) {
    const double ratio = rating.ratio(designs.raised(mix), useful);
    if (!(ratio < best.width_ratio)) break;
    best = {mix, useful, ratio};
  }
  return best;
}

// Probabilities of the second part, given the first (1: labelled already), such that
// `prob` are those of both together; `prob` is set to what they are after `n` more labels
// were shared out exactly.
inline Eigen::VectorXd second_probabilities(const Integers& labelled, double n, DoublesOut prob) {
  const double share = labelled.cast<double>().mean();
  Eigen::VectorXd second = ((prob.array() - share) / (1.0 - share)).max(0.0).min(1.0);
  std::vector<double> open;
  for (Eigen::Index i = 0; i < prob.size(); ++i) {
    if (labelled[i] == 0) open.push_back(second[i]);
  }
  const auto level = sampling_detail::find_level(open, n);
  for (Eigen::Index i = 0; i < prob.size(); ++i) {
    second[i] = level.prob(second[i]);
    prob[i] = share + (1.0 - share) * second[i];
    if (labelled[i] == 1) second[i] = 1.0;
  }
  return second;
}

}  // namespace judicious

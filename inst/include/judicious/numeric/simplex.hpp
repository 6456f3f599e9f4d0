// Distributions over finitely many outcomes: projection on the simplex, Bayes'
// inverse of a conditional distribution, Dirichlet variates.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <functional>
#include <judicious/numeric/random.hpp>
#include <vector>

namespace judicious {

// The distribution nearest to x in Euclidean distance (Held, Wolfe and Crowder
// 1974; Duchi et al. 2008, Figure 1).
inline Eigen::VectorXd project_simplex(const Eigen::Ref<const Eigen::VectorXd>& x) {
  std::vector<double> sorted(x.data(), x.data() + x.size());
  std::sort(sorted.begin(), sorted.end(), std::greater<double>());
  double sum = 0.0, shift = 0.0;
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    sum += sorted[k];
    const double candidate = (sum - 1.0) / static_cast<double>(k + 1);
    if (sorted[k] > candidate) shift = candidate;
  }
  return (x.array() - shift).max(0.0);
}

// P(cause | outcome) from P(outcome | cause), outcomes x causes, and P(cause).
// The result is causes x outcomes; outcomes that cannot happen have zeros.
inline Eigen::MatrixXd bayes_inverse(const Eigen::Ref<const Eigen::MatrixXd>& likelihood,
                                     const Eigen::Ref<const Eigen::VectorXd>& prior) {
  Eigen::MatrixXd joint = (likelihood * prior.asDiagonal()).transpose();
  for (Eigen::Index k = 0; k < joint.cols(); ++k) {
    const double total = joint.col(k).sum();
    if (total > 0.0) joint.col(k) /= total;
  }
  return joint;
}

// Dirichlet with all parameters equal. Gammas are divided on the log scale: with
// small parameters all of them would underflow.
template <class Generator>
Eigen::VectorXd dirichlet_variate(Generator& rng, Eigen::Index size, double concentration) {
  Eigen::ArrayXd logs(size);
  for (Eigen::Index k = 0; k < size; ++k) logs[k] = log_gamma_variate(rng, concentration);
  const Eigen::ArrayXd gammas = (logs - logs.maxCoeff()).exp();
  return gammas / gammas.sum();
}

// An outcome drawn with the given probabilities, which sum to 1.
template <class Generator, class Probabilities>
std::size_t categorical_variate(Generator& rng, const Probabilities& prob) {
  double left = uniform01(rng);
  Eigen::Index last = 0;
  for (Eigen::Index k = 0; k < prob.size(); ++k) {
    if (prob[k] <= 0.0) continue;
    last = k;  // rounding may leave a sum just below 1
    left -= prob[k];
    if (left < 0.0) break;
  }
  return static_cast<std::size_t>(last);
}

}  // namespace judicious

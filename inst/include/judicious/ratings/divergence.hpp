// How far one distribution over options is from another, in nats.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace judicious {

// Distances of q from p, both non-negative with sum 1. 0 log 0 is 0; where p has
// mass and q has none, KL divergence and cross-entropy are infinite.

template <class P, class Q>
double kl_divergence(const P& p, const Q& q) {
  double sum = 0.0;
  for (Eigen::Index k = 0; k < p.size(); ++k) {
    if (p[k] > 0.0) sum += p[k] * std::log(p[k] / q[k]);
  }
  return std::max(sum, 0.0);
}

template <class P, class Q>
double cross_entropy(const P& p, const Q& q) {
  double sum = 0.0;
  for (Eigen::Index k = 0; k < p.size(); ++k) {
    if (p[k] > 0.0) sum -= p[k] * std::log(q[k]);
  }
  return sum;
}

// In [0, log 2] (Lin 1991).
template <class P, class Q>
double js_divergence(const P& p, const Q& q) {
  double sum = 0.0;
  for (Eigen::Index k = 0; k < p.size(); ++k) {
    // Half of the least double is 0, so the sum is not halved.
    const double both = p[k] + q[k];
    if (p[k] > 0.0) sum += p[k] * std::log(2.0 * (p[k] / both));
    if (q[k] > 0.0) sum += q[k] * std::log(2.0 * (q[k] / both));
  }
  return std::min(std::max(0.5 * sum, 0.0), std::log(2.0));
}

// A metric (Endres and Schindelin 2003): the root of the divergence.
template <class P, class Q>
double js_distance(const P& p, const Q& q) {
  return std::sqrt(js_divergence(p, q));
}

// Columns of weights as distributions, `smooth` added to each weight first.
template <class Weights>
Eigen::MatrixXd distributions(const Weights& weights, double smooth) {
  Eigen::MatrixXd out = weights.array() + smooth;
  for (Eigen::Index i = 0; i < out.cols(); ++i) out.col(i) /= out.col(i).sum();
  return out;
}

enum class Divergence { kl, cross_entropy, js_divergence, js_distance };

template <class P, class Q>
double divergence(Divergence kind, const P& p, const Q& q) {
  switch (kind) {
    case Divergence::kl:
      return kl_divergence(p, q);
    case Divergence::cross_entropy:
      return cross_entropy(p, q);
    case Divergence::js_divergence:
      return js_divergence(p, q);
    default:
      return js_distance(p, q);
  }
}

// Of every item, which is a column.
template <class P, class Q>
std::vector<double> divergence_scores(Divergence kind, const P& p, const Q& q) {
  std::vector<double> out(static_cast<std::size_t>(p.cols()));
  for (Eigen::Index i = 0; i < p.cols(); ++i) {
    out[static_cast<std::size_t>(i)] = divergence(kind, p.col(i), q.col(i));
  }
  return out;
}

}  // namespace judicious

// Gauss quadrature for expectations over a binomial or a gamma variable.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

namespace judicious {

// E f(X) is approximated by sum_k weights[k] f(nodes[k]); exact for polynomials of
// degree 2 * (number of nodes) - 1.
struct QuadratureRule {
  std::vector<double> nodes, weights;
  bool every_outcome = false;  // a sum over outcomes: right for any f
};

// Golub and Welsch (1969): the recurrence of the orthogonal polynomials as a
// symmetric tridiagonal matrix; its eigenvalues are the nodes.
inline QuadratureRule gauss_rule(const Eigen::VectorXd& diagonal, const Eigen::VectorXd& squared) {
  const Eigen::Index n = diagonal.size();
  if (n == 1) return {{diagonal[0]}, {1.0}, false};
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(diagonal, squared.cwiseSqrt());
  QuadratureRule out;
  for (Eigen::Index k = 0; k < n; ++k) {
    const double first = solver.eigenvectors()(0, k);
    out.nodes.push_back(solver.eigenvalues()[k]);
    out.weights.push_back(first * first);
  }
  return out;
}

// Binomial(size, p), by Krawtchouk's polynomials (DLMF 18.22). With n_nodes > size
// every outcome is a node; `size` need not be whole.
inline QuadratureRule binomial_rule(double size, double p, int n_nodes) {
  const bool certain = p <= 0.0 || p >= 1.0 || size < 1.0;
  const auto n = certain ? 1 : static_cast<Eigen::Index>(std::min(n_nodes + 0.0, size + 1.0));
  Eigen::VectorXd diagonal(n), squared(n - 1);
  for (Eigen::Index k = 0; k < n; ++k) {
    const auto at = static_cast<double>(k);
    diagonal[k] = p * (size - at) + at * (1.0 - p);
    if (k > 0) squared[k - 1] = at * p * (1.0 - p) * (size - at + 1.0);
  }
  QuadratureRule rule = gauss_rule(diagonal, squared);
  for (double& node : rule.nodes) node = std::clamp(node, 0.0, size);
  return rule;
}

// log of the binomial weight of k; `size` need not be whole.
inline double log_binomial(double k, double size, double p) {
  return k * std::log(p) + (size - k) * std::log1p(-p) + std::lgamma(size + 1.0) -
         std::lgamma(k + 1.0) - std::lgamma(size - k + 1.0);
}

// Binomial(size, p): its outcomes where at most `n_outcomes` of them matter, else
// Gauss nodes.
inline QuadratureRule outcomes_or_nodes(double size, double p, int n_outcomes, int n_nodes) {
  if (p <= 0.0 || p >= 1.0 || size <= 0.0) return {{p * size}, {1.0}, true};
  constexpr double negligible = 1e-4;
  const double sd = std::sqrt(size * p * (1.0 - p));
  if (sd > n_outcomes) return binomial_rule(size, p, n_nodes);
  QuadratureRule out;
  double total = 0.0;
  for (double k = std::max(0.0, std::floor(size * p - 8.0 * sd)); k <= size; k += 1.0) {
    const double weight = std::exp(log_binomial(k, size, p));
    if (weight < negligible && k > size * p) break;
    if (weight < negligible) continue;
    if (static_cast<int>(out.nodes.size()) == n_outcomes) return binomial_rule(size, p, n_nodes);
    out.nodes.push_back(k);
    out.weights.push_back(weight);
    total += weight;
  }
  for (double& weight : out.weights) weight /= total;
  out.every_outcome = true;
  return out;
}

// Gamma(shape) with scale 1, by the associated Laguerre polynomials.
inline QuadratureRule gamma_rule(double shape, int n_nodes) {
  Eigen::VectorXd diagonal(n_nodes), squared(n_nodes - 1);
  for (int k = 0; k < n_nodes; ++k) {
    diagonal[k] = 2.0 * k + shape;
    if (k > 0) squared[k - 1] = k * (k + shape - 1.0);
  }
  return gauss_rule(diagonal, squared);
}

}  // namespace judicious

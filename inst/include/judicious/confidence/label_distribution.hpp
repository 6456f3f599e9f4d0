// From the log-probabilities of tokens to a distribution over labels, and its entropy.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <cstddef>
#include <limits>

namespace judicious {

// Columns with one entry per token alternative.
struct TokenAlternatives {
  const double* logprob;
  const int* item;   // counted from 0
  const int* label;  // the label that the token stands for, counted from 0
  std::size_t n;
};

// Logs of the probabilities of each label (column) of each item (row): sums over the tokens that
// stand for it. The largest term is taken out before exponentials are summed.
inline Eigen::MatrixXd label_log_masses(const TokenAlternatives& tokens, std::size_t n_items,
                                        std::size_t n_labels) {
  const auto rows = static_cast<Eigen::Index>(n_items);
  const auto cols = static_cast<Eigen::Index>(n_labels);
  constexpr double nothing = -std::numeric_limits<double>::infinity();
  Eigen::MatrixXd largest = Eigen::MatrixXd::Constant(rows, cols, nothing);
  for (std::size_t i = 0; i < tokens.n; ++i) {
    double& cell = largest(tokens.item[i], tokens.label[i]);
    if (tokens.logprob[i] > cell) cell = tokens.logprob[i];
  }
  Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(rows, cols);
  for (std::size_t i = 0; i < tokens.n; ++i) {
    const double top = largest(tokens.item[i], tokens.label[i]);
    if (top > nothing) sums(tokens.item[i], tokens.label[i]) += std::exp(tokens.logprob[i] - top);
  }
  return largest.array() + sums.array().log();
}

// Log of the sum of exponentials of each row.
inline Eigen::VectorXd row_log_sums(const Eigen::Ref<const Eigen::MatrixXd>& logs) {
  Eigen::VectorXd out(logs.rows());
  for (Eigen::Index i = 0; i < logs.rows(); ++i) {
    const double top = logs.row(i).maxCoeff();
    out[i] = std::isfinite(top) ? top + std::log((logs.row(i).array() - top).exp().sum()) : top;
  }
  return out;
}

// Rows of probabilities that add up to 1, from logs up to a constant per row; a row of which
// nothing is possible is NaN.
inline Eigen::MatrixXd row_probabilities(const Eigen::Ref<const Eigen::MatrixXd>& logs) {
  const Eigen::VectorXd sums = row_log_sums(logs);
  return (logs.colwise() - sums).array().exp();
}

// Entropy in bits of weights after division by their sum, 0 log 0 = 0.
template <class Derived>
double entropy_bits(const Eigen::DenseBase<Derived>& weights) {
  const double total = weights.sum();
  double sum = 0;
  for (Eigen::Index k = 0; k < weights.size(); ++k) {
    const double p = weights(k) / total;
    if (p > 0 || std::isnan(p)) sum -= p * std::log2(p);
  }
  return sum;
}

inline Eigen::VectorXd row_entropy_bits(const Eigen::Ref<const Eigen::MatrixXd>& weights) {
  Eigen::VectorXd out(weights.rows());
  for (Eigen::Index i = 0; i < weights.rows(); ++i) out[i] = entropy_bits(weights.row(i));
  return out;
}

}  // namespace judicious

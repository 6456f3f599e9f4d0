// Labels of several judges for the same items, gathered by pattern: items with the
// same labels from the same judges are one row.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <judicious/numeric/linear.hpp>
#include <optional>
#include <vector>

namespace judicious {

// Labels are codes from 0; anything negative = this judge gave none. A judge that
// labelled an item several times has several columns.
struct VotePatterns {
  const int* labels = nullptr;  // patterns x columns, column by column
  std::size_t n_patterns = 0;
  std::vector<int> judge;  // of each column, from 0
  int n_judges = 0;
  int n_classes = 0;

  std::size_t n_columns() const { return judge.size(); }
  int label(std::size_t pattern, std::size_t column) const {
    return labels[column * n_patterns + pattern];
  }
};

// Counts (or expected counts) per judge, true class and label given.
class ConfusionTable {
 public:
  ConfusionTable(int n_judges, int n_classes, double start = 0.0)
      : n_classes_(n_classes),
        cells_(static_cast<std::size_t>(n_judges) * n_classes * n_classes, start) {}

  // All true classes of one judge and label are neighbours: the inner loops run
  // over them.
  double* by_label(int judge, int label) { return &cells_[at(judge, label)]; }
  const double* by_label(int judge, int label) const { return &cells_[at(judge, label)]; }
  double operator()(int judge, int truth, int label) const {
    return cells_[at(judge, label) + static_cast<std::size_t>(truth)];
  }

 private:
  std::size_t at(int judge, int label) const {
    return (static_cast<std::size_t>(judge) * n_classes_ + label) * n_classes_;
  }
  int n_classes_;
  std::vector<double> cells_;
};

// `truth`: how many items of each pattern (rows) are of each class (columns).
inline ConfusionTable count_confusions(const VotePatterns& votes, const Matrix& truth,
                                       double start = 0.0) {
  ConfusionTable out(votes.n_judges, votes.n_classes, start);
  const Matrix by_pattern = truth.transpose();  // classes of a pattern side by side
  for (std::size_t c = 0; c < votes.n_columns(); ++c) {
    for (std::size_t p = 0; p < votes.n_patterns; ++p) {
      const int label = votes.label(p, c);
      if (label < 0) continue;
      double* cells = out.by_label(votes.judge[c], label);
      const double* weights = by_pattern.data() + p * static_cast<std::size_t>(votes.n_classes);
      for (int k = 0; k < votes.n_classes; ++k) cells[k] += weights[k];
    }
  }
  return out;
}

// Sum of the weights of the judges behind each class, patterns x classes.
inline Matrix weighted_votes(const VotePatterns& votes, const Vector& weight) {
  Matrix out = Matrix::Zero(static_cast<int>(votes.n_patterns), votes.n_classes);
  for (std::size_t c = 0; c < votes.n_columns(); ++c) {
    for (std::size_t p = 0; p < votes.n_patterns; ++p) {
      const int label = votes.label(p, c);
      if (label >= 0) out(static_cast<int>(p), label) += weight[votes.judge[c]];
    }
  }
  return out;
}

// Every row divided by its sum; a row without votes is left at NaN.
inline Matrix vote_shares(const Matrix& votes) {
  return votes.array().colwise() / votes.rowwise().sum().array();
}

// exp(row) / sum(exp(row)).
inline Matrix softmax_rows(const Matrix& scores) {
  const Matrix centred = scores.colwise() - scores.rowwise().maxCoeff();
  return vote_shares(centred.array().exp().matrix());
}

// The most probable class of each row; -1 where two or more are equally probable
// or the row is NaN.
struct Winners {
  std::vector<int> label;
  std::vector<double> probability;
  std::vector<char> tie;
};

inline Winners winners(const Matrix& probability) {
  constexpr double rounding = 1e-9;  // sums in another order must tie as well
  const auto n = static_cast<std::size_t>(probability.rows());
  Winners out{std::vector<int>(n, -1), std::vector<double>(n), std::vector<char>(n, 0)};
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = probability.row(static_cast<int>(i));
    int best = 0;
    const double top = row.maxCoeff(&best);
    out.probability[i] = top;
    if (!(top >= 0.0)) continue;
    const bool tie = (row.array() >= top - rounding).count() > 1;
    out.tie[i] = tie ? 1 : 0;
    if (!tie) out.label[i] = best;
  }
  return out;
}

// How many independent judges the panel is worth: the variance its mean error
// would have if errors were uncorrelated, over the variance it has (Kish 1965,
// design effect), between 1 and the number of judges. `truth` as above. No value
// if fewer than two judges ever err, or err in varying places.
inline std::optional<double> effective_judges(const VotePatterns& votes, const Matrix& truth) {
  const int n = votes.n_judges;
  Matrix weight = Matrix::Zero(n, n), first = weight, cross = weight;
  Vector error(n), given(n);
  for (std::size_t p = 0; p < votes.n_patterns; ++p) {
    for (int k = 0; k < votes.n_classes; ++k) {
      const double w = truth(static_cast<int>(p), k);
      if (w <= 0.0) continue;
      error.setZero();
      given.setZero();
      for (std::size_t c = 0; c < votes.n_columns(); ++c) {
        const int label = votes.label(p, c);
        if (label < 0) continue;
        given[votes.judge[c]] += 1.0;
        error[votes.judge[c]] += label != k ? 1.0 : 0.0;
      }
      error = error.array() / given.array().max(1.0);
      given = given.cwiseMin(1.0);
      weight += w * given * given.transpose();
      first += w * error * given.transpose();  // error of the row's judge where both labelled
      cross += w * error * error.transpose();
    }
  }
  // Covariances over the items both have labelled.
  Matrix covariance = Matrix::Zero(n, n);
  for (int a = 0; a < n; ++a) {
    for (int b = 0; b < n; ++b) {
      if (weight(a, b) <= 0.0) continue;
      covariance(a, b) =
          cross(a, b) / weight(a, b) - first(a, b) * first(b, a) / (weight(a, b) * weight(a, b));
    }
  }
  const double independent = covariance.trace();
  if (n < 2 || (covariance.diagonal().array() > 1e-12).count() < 2) return std::nullopt;
  // Errors that cancel out are no better than independent ones; identical ones
  // are worth one judge.
  const double actual = std::clamp(covariance.sum(), independent, n * independent);
  return n * independent / actual;
}

}  // namespace judicious

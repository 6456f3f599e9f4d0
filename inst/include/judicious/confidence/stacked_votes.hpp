// A vote whose weights are fitted to items with known truth: multinomial logistic
// regression with one weight per judge and one intercept per class,
//   P(truth = k) proportional to exp(intercept_k + sum_j weight_j [judge j says k]).
// No independence of the judges is assumed.
#pragma once

#include <judicious/confidence/votes.hpp>
#include <judicious/numeric/newton.hpp>

namespace judicious {

struct StackedVotes {
  Vector intercept;  // of the classes, summing to 0
  Vector weight;     // of the judges
};

namespace stack_detail {

// How often each judge gave each class, classes x judges, of one pattern.
inline Matrix pattern_features(const VotePatterns& votes, std::size_t pattern) {
  Matrix out = Matrix::Zero(votes.n_classes, votes.n_judges);
  for (std::size_t c = 0; c < votes.n_columns(); ++c) {
    const int label = votes.label(pattern, c);
    if (label >= 0) out(label, votes.judge[c]) += 1.0;
  }
  return out;
}

inline Vector softmax(const Vector& scores) {
  const Vector e = (scores.array() - scores.maxCoeff()).exp();
  return e / e.sum();
}

}  // namespace stack_detail

// Penalised by ridge / 2 times the sum of squared weights. `gold`: patterns x
// classes, numbers of items with that truth; at least one.
inline StackedVotes fit_stacked_votes(const VotePatterns& votes, const Matrix& gold, double ridge) {
  const int n_classes = votes.n_classes, n_judges = votes.n_judges, dim = n_classes + n_judges;
  std::vector<Matrix> features;
  std::vector<Vector> counts;
  for (std::size_t p = 0; p < votes.n_patterns; ++p) {
    const Vector row = gold.row(static_cast<int>(p)).transpose();
    if (row.sum() == 0.0) continue;
    Matrix x(n_classes, dim);
    x << Matrix::Identity(n_classes, n_classes), stack_detail::pattern_features(votes, p);
    features.push_back(std::move(x));
    counts.push_back(row);
  }
  // Intercepts are held back a little, or a class without gold would run away.
  Vector penalty = Vector::Constant(dim, ridge);
  penalty.head(n_classes).setConstant(1e-3 * ridge);
  const auto loss = [&](const Vector& coef) {
    LocalModel out(dim);
    out.value = 0.5 * (penalty.array() * coef.array().square()).sum();
    out.gradient = penalty.cwiseProduct(coef);
    out.hessian = penalty.asDiagonal();
    for (std::size_t i = 0; i < features.size(); ++i) {
      const Matrix& x = features[i];
      const Vector scores = x * coef, p = stack_detail::softmax(scores);
      const double n = counts[i].sum(), top = scores.maxCoeff();
      out.value += n * (top + std::log((scores.array() - top).exp().sum())) - counts[i].dot(scores);
      out.gradient += x.transpose() * (n * p - counts[i]);
      const Matrix spread = Matrix(p.asDiagonal()) - p * p.transpose();
      out.hessian += n * x.transpose() * spread * x;
    }
    return out;
  };
  const Vector coef = minimise_convex(Vector(Vector::Zero(dim)), loss);
  StackedVotes out{coef.head(n_classes), coef.tail(n_judges)};
  out.intercept.array() -= out.intercept.mean();
  return out;
}

// Patterns x classes.
inline Matrix stacked_probabilities(const VotePatterns& votes, const StackedVotes& stack) {
  Matrix scores = weighted_votes(votes, stack.weight);
  scores.rowwise() += stack.intercept.transpose();
  return softmax_rows(scores);
}

}  // namespace judicious

// Small dense linear algebra on covariance-like matrices that may be singular:
// constant, duplicated or collinear judges are dropped, not divided by.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <cstddef>
#include <vector>

namespace judicious {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Indices = std::vector<int>;

// A x, also where A has no rows or columns: Eigen would bind a null reference.
inline Vector apply(const Matrix& A, const Vector& x) {
  if (A.rows() == 0 || A.cols() == 0) return Vector::Zero(A.rows());
  return A * x;
}

// Columns of the positive semi-definite G that are not (near-)combinations of
// the others: pivoted Cholesky on the correlation scale, pivots <= tol dropped.
inline Indices independent_columns(const Matrix& G, double tol = 1e-10) {
  const int m = static_cast<int>(G.rows());
  const Vector scale = G.diagonal().cwiseMax(0.0).cwiseSqrt();
  Vector left(m);  // variance of each column not yet explained by the kept ones
  for (int k = 0; k < m; ++k) left[k] = scale[k] > 0.0 ? 1.0 : -1.0;
  Matrix factor = Matrix::Zero(m, m);
  Indices keep;
  for (int step = 0; step < m; ++step) {
    int pivot = 0;
    if (left.maxCoeff(&pivot) <= tol) break;
    const double root = std::sqrt(left[pivot]);
    for (int k = 0; k < m; ++k) {
      if (scale[k] <= 0.0) continue;
      const double correlation = G(k, pivot) / (scale[k] * scale[pivot]);
      factor(k, step) = (correlation - factor.row(k).dot(factor.row(pivot))) / root;
      left[k] -= factor(k, step) * factor(k, step);
    }
    left[pivot] = -1.0;
    keep.push_back(pivot);
  }
  return keep;
}

// The square root of the inverse of G restricted to `keep`: a matrix Z with as
// many rows as kept columns, zero columns for dropped ones, and Z'Z = G^-1.
inline Matrix inverse_root(const Matrix& G, const Indices& keep) {
  const int rank = static_cast<int>(keep.size());
  Matrix root = Matrix::Zero(rank, G.cols());
  if (rank == 0) return root;
  Vector scale(rank);
  Matrix correlation(rank, rank);
  for (int i = 0; i < rank; ++i) scale[i] = std::sqrt(G(keep[i], keep[i]));
  for (int i = 0; i < rank; ++i) {
    for (int j = 0; j < rank; ++j) {
      correlation(i, j) = G(keep[i], keep[j]) / (scale[i] * scale[j]);
    }
  }
  const Matrix identity = Matrix::Identity(rank, rank);
  const Matrix lower_inverse = correlation.llt().matrixL().solve(identity);
  for (int j = 0; j < rank; ++j) root.col(keep[j]) = lower_inverse.col(j) / scale[j];
  return root;
}

}  // namespace judicious

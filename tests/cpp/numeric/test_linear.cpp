#include <doctest/doctest.h>

#include <cmath>
#include <judicious/numeric/linear.hpp>
#include <random>
#include <set>

namespace {

using judicious::independent_columns;
using judicious::Indices;
using judicious::inverse_root;
using judicious::Matrix;
using judicious::Vector;

Matrix random_columns(int n, int m, unsigned seed) {
  std::mt19937_64 rng(seed);
  std::normal_distribution<double> normal;
  return Matrix::NullaryExpr(n, m, [&]() { return normal(rng); });
}

// Sums of centred cross-products of the columns of X.
Matrix cross_products(const Matrix& X) {
  const Matrix centred = X.rowwise() - X.colwise().mean();
  return centred.transpose() * centred;
}

std::set<int> kept(const Matrix& G) {
  const Indices keep = independent_columns(G);
  return {keep.begin(), keep.end()};
}

Matrix scaled(const Matrix& G, const Vector& scale) {
  return scale.asDiagonal() * G * scale.asDiagonal();
}

Matrix inverse_on(const Matrix& G) {
  const Matrix root = inverse_root(G, independent_columns(G));
  return root.transpose() * root;
}

bool close(const Matrix& a, const Matrix& b, double tolerance) {
  return (a - b).cwiseAbs().maxCoeff() <= tolerance * b.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("columns of a regular matrix are all kept, whatever their scales") {
  const Matrix G = cross_products(random_columns(40, 4, 1));
  CHECK(kept(G) == std::set<int>{0, 1, 2, 3});
  Vector scale(4);
  scale << 1e-9, 1e9, 1.0, 1e-3;
  CHECK(kept(scaled(G, scale)) == std::set<int>{0, 1, 2, 3});
}

TEST_CASE("one column of each dependent group is kept") {
  Matrix X = random_columns(60, 7, 2);
  X.col(1) = X.col(0);                                    // duplicate
  X.col(2) = (-3e6 * X.col(0)).array() + 1e4;             // affine copy
  X.col(3).setConstant(0.25);                             // constant
  X.col(6) = 0.5 * X.col(0) - 2.0 * X.col(4) + X.col(5);  // combination
  const Matrix G = cross_products(X);
  const std::set<int> keep = kept(G);
  CHECK(keep.size() == 3);
  CHECK(keep.count(0) + keep.count(1) + keep.count(2) >= 1);
  CHECK(keep.count(0) + keep.count(1) + keep.count(2) + keep.count(6) <= 2);
  CHECK(keep.count(3) == 0);
}

TEST_CASE("only the constant column of a two-column matrix is dropped, in either place") {
  Matrix G = Matrix::Zero(2, 2);
  G(0, 0) = 2.0;
  CHECK(kept(G) == std::set<int>{0});
  G << 0.0, 0.0, 0.0, 2.0;
  CHECK(kept(G) == std::set<int>{1});
  G(0, 0) = -1e-20;  // what rounding can leave of a zero
  CHECK(kept(G) == std::set<int>{1});
}

TEST_CASE("nothing is kept of constants or of no columns") {
  CHECK(independent_columns(Matrix::Zero(3, 3)).empty());
  CHECK(independent_columns(Matrix::Zero(0, 0)).empty());
  const Matrix root = inverse_root(Matrix::Zero(3, 3), {});
  CHECK(root.rows() == 0);
  CHECK(root.cols() == 3);
}

TEST_CASE("the tolerance is on the share of variance the other columns leave") {
  const Matrix noise = random_columns(200, 2, 3);
  const auto n_kept = [&](double sd) {
    Matrix X(200, 2);
    X.col(0) = noise.col(0);
    X.col(1) = 5.0 * (noise.col(0) + sd * noise.col(1));
    return kept(cross_products(X)).size();
  };
  CHECK(n_kept(1e-3) == 2);  // leaves 1e-6
  CHECK(n_kept(1e-7) == 1);  // leaves 1e-14
}

TEST_CASE("the root gives the inverse of a regular matrix") {
  for (int m = 1; m <= 6; ++m) {
    const Matrix G = cross_products(random_columns(50, m, 10 + static_cast<unsigned>(m)));
    CHECK(close(inverse_on(G) * G, Matrix::Identity(m, m), 1e-12));
    Vector scale(m);
    for (int k = 0; k < m; ++k) scale[k] = std::pow(10.0, 4 * (k % 3) - 4);
    // On the correlation scale, so a change of units is undone exactly to rounding.
    CHECK(close(scaled(inverse_on(scaled(G, scale)), scale), inverse_on(G), 1e-12));
  }
}

TEST_CASE("the root of a singular matrix inverts the kept block and is zero elsewhere") {
  Matrix X = random_columns(30, 4, 20);
  X.col(2) = X.col(0) - X.col(1);
  const Matrix G = cross_products(X);
  const Indices keep = independent_columns(G);
  const Matrix root = inverse_root(G, keep);
  REQUIRE(keep.size() == 3);
  CHECK(root.rows() == 3);
  const Matrix inverse = root.transpose() * root;
  for (int dropped = 0; dropped < 4; ++dropped) {
    if (kept(G).count(dropped) == 1) continue;
    CHECK(inverse.row(dropped).isZero(0.0));
    CHECK(inverse.col(dropped).isZero(0.0));
  }
  Matrix block(3, 3), inverse_block(3, 3);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      block(i, j) = G(keep[i], keep[j]);
      inverse_block(i, j) = inverse(keep[i], keep[j]);
    }
  }
  CHECK(close(inverse_block * block, Matrix::Identity(3, 3), 1e-12));
}

TEST_CASE("a least-squares fit does not depend on which dependent columns are dropped") {
  const Matrix X = random_columns(80, 2, 30);
  const Vector y = X.col(0) - 0.3 * X.col(1) + random_columns(80, 1, 31).col(0);
  const auto fitted = [&](const Matrix& Z) {
    const Matrix centred = Z.rowwise() - Z.colwise().mean();
    const Matrix G = centred.transpose() * centred;
    return Vector(centred * (inverse_on(G) * (centred.transpose() * y)));
  };
  Matrix more(80, 5);
  more << 7.0 * X.col(1).array() - 100.0, X.col(0) + X.col(1), X.col(0), Vector::Ones(80), X.col(1);
  CHECK(close(fitted(more), fitted(X), 1e-12));
}

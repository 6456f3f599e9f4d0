#include <doctest/doctest.h>

#include <cmath>
#include <judicious/data/moments.hpp>
#include <limits>
#include <random>
#include <vector>

namespace {

using judicious::Matrix;
using judicious::Moments;
using judicious::ShiftedSums;
using judicious::Vector;

// Rows are observations, far from zero: naive sums of squares lose all digits.
Matrix distant_data(int n, int dim, double mean, unsigned seed) {
  std::mt19937_64 rng(seed);
  std::normal_distribution<double> normal;
  Matrix X = Matrix::NullaryExpr(n, dim, [&]() { return normal(rng); });
  for (int k = 1; k < dim; ++k) X.col(k) += 0.5 * X.col(0);
  return X.array() + mean;
}

// Two passes in extended precision.
Moments direct(const Matrix& X) {
  const int dim = static_cast<int>(X.cols());
  Moments out(dim);
  out.n = static_cast<double>(X.rows());
  std::vector<long double> mean(static_cast<std::size_t>(dim), 0.0L);
  for (int k = 0; k < dim; ++k) {
    for (int i = 0; i < X.rows(); ++i) mean[k] += X(i, k);
    mean[k] /= X.rows();
    out.mean[k] = static_cast<double>(mean[k]);
  }
  for (int k = 0; k < dim; ++k) {
    for (int l = 0; l < dim; ++l) {
      long double sum = 0.0L;
      for (int i = 0; i < X.rows(); ++i) sum += (X(i, k) - mean[k]) * (X(i, l) - mean[l]);
      out.cross(k, l) = static_cast<double>(sum);
    }
  }
  return out;
}

template <int Size>
Moments summed(const Matrix& X) {
  ShiftedSums<Size> sums(static_cast<int>(X.cols()));
  for (int i = 0; i < X.rows(); ++i) sums.add(X.row(i).transpose());
  return sums.moments();
}

// `size` is that of the largest value.
void check_equal(const Moments& a, const Moments& b, double size, double tolerance) {
  CHECK(a.n == b.n);
  CHECK((a.mean - b.mean).cwiseAbs().maxCoeff() <= 1e-15 * size);
  CHECK((a.cross - b.cross).cwiseAbs().maxCoeff() <= tolerance * b.cross.diagonal().maxCoeff());
}

}  // namespace

TEST_CASE("shifted sums equal two passes, far from zero") {
  for (double mean : {0.0, 3.0, 1e8, -1e8}) {
    const Matrix X = distant_data(5000, 3, mean, 1);
    check_equal(summed<3>(X), direct(X), std::fabs(mean) + 5.0, 1e-13);
    check_equal(summed<Eigen::Dynamic>(X), direct(X), std::fabs(mean) + 5.0, 1e-13);
  }
}

TEST_CASE("static and dynamic sums are the same numbers") {
  const Matrix X = distant_data(777, 2, 1e8, 2);
  const Moments fixed = summed<2>(X), dynamic = summed<Eigen::Dynamic>(X);
  CHECK(fixed.mean == dynamic.mean);
  CHECK(fixed.cross == dynamic.cross);
}

TEST_CASE("one observation has no spread, none has nothing") {
  const Matrix X = distant_data(1, 2, 1e8, 3);
  const Moments one = summed<2>(X);
  CHECK(one.n == 1.0);
  CHECK(one.mean == Vector(X.row(0).transpose()));
  CHECK(one.cross.isZero(0.0));
  const Moments none = ShiftedSums<2>(2).moments();
  CHECK(none.n == 0.0);
  CHECK(none.mean.isZero(0.0));
}

TEST_CASE("without variables there is a count") {
  ShiftedSums<0> sums(0);
  for (int i = 0; i < 5; ++i) sums.add({});
  CHECK(sums.moments().n == 5.0);
  CHECK(sums.moments().mean.size() == 0);
}

TEST_CASE("merged parts equal the whole, far from zero, however the data are cut") {
  const Matrix X = distant_data(4000, 3, 1e8, 4);
  const Moments whole = direct(X);
  std::mt19937_64 rng(5);
  for (int repeat = 0; repeat < 20; ++repeat) {
    Moments merged(3);
    int from = 0;
    while (from < X.rows()) {
      const int size =
          std::min<int>(static_cast<int>(rng() % 900), static_cast<int>(X.rows()) - from);
      merged.merge(summed<3>(X.middleRows(from, size)));  // some parts are empty
      from += size;
    }
    check_equal(merged, whole, 1e8, 1e-9);  // a mean near 1e8 is known to 1e-8
  }
}

TEST_CASE("groups with means far apart merge without loss") {
  Matrix X(2000, 2);
  X << distant_data(1000, 2, -1e8, 6), distant_data(1000, 2, 1e8, 7);
  Moments merged = summed<2>(X.topRows(1000));
  merged.merge(summed<2>(X.bottomRows(1000)));
  check_equal(merged, direct(X), 1e8, 1e-14);
}

TEST_CASE("merging does not depend on the order, and nothing is its neutral element") {
  const Moments a = summed<2>(distant_data(10, 2, 5.0, 8));
  const Moments b = summed<2>(distant_data(1, 2, -3.0, 9));
  Moments ab = a, ba = b, a0 = a, zero_a(2);
  ab.merge(b);
  ba.merge(a);
  check_equal(ab, ba, 10.0, 1e-14);
  a0.merge(Moments(2));
  zero_a.merge(a);
  for (const Moments& same : {a0, zero_a}) {
    CHECK(same.n == a.n);
    CHECK(same.mean == a.mean);
    CHECK(same.cross == a.cross);
  }
}

TEST_CASE("sums and cross-products of a linear map") {
  const Matrix X = distant_data(300, 3, 2.0, 10);
  const Moments m = summed<3>(X);
  CHECK((m.sum() - Vector(X.colwise().sum().transpose())).cwiseAbs().maxCoeff() < 1e-10);
  Matrix A(2, 3);
  A << 1.0, -2.0, 0.5, 0.0, 3.0, 1.0;
  const Matrix mapped = X * A.transpose();
  CHECK((cross_of_map(m, A) - mapped.transpose() * mapped).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("infinite and missing values are noticed") {
  for (double bad :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(), 1e200}) {
    Matrix X = distant_data(10, 2, 1.0, 11);
    CHECK(summed<2>(X).all_finite());
    X(4, 1) = bad;
    CHECK_FALSE(summed<2>(X).all_finite());
  }
}

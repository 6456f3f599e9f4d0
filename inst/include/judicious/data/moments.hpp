// Mergeable sufficient statistics: count, means and centred cross-products.
//
// Everything the estimators need from millions of rows is in a few of these, and
// they merge (Chan, Golub and LeVeque 1983), so chunks, threads, files and
// batches all end in the same numbers.
#pragma once

#include <judicious/numeric/lanes.hpp>
#include <judicious/numeric/linear.hpp>
#include <type_traits>
#include <utility>

namespace judicious {

struct Moments {
  double n = 0.0;
  Vector mean;   // of each variable
  Matrix cross;  // sum of (x - mean)(x - mean)'

  explicit Moments(int dim = 0) : mean(Vector::Zero(dim)), cross(Matrix::Zero(dim, dim)) {}

  void merge(const Moments& other) {
    if (other.n == 0.0) return;
    if (n == 0.0) {
      *this = other;
      return;
    }
    const double total = n + other.n;
    const Vector delta = other.mean - mean;
    cross += other.cross + delta * delta.transpose() * (n * other.n / total);
    mean += delta * (other.n / total);
    n = total;
  }

  Vector sum() const { return n * mean; }
  bool all_finite() const { return mean.allFinite() && cross.allFinite(); }
};

// Sum of (Ax)(Ax)' over the observations behind `m`, without visiting them.
inline Matrix cross_of_map(const Moments& m, const Matrix& A) {
  if (A.rows() == 0) return Matrix::Zero(0, 0);
  const Vector centre = A * m.mean;
  return A * m.cross * A.transpose() + m.n * centre * centre.transpose();
}

namespace moments_detail {

template <class Visitor, int... K>
JUDICIOUS_INLINE void visit_each(Visitor&& visit, std::integer_sequence<int, K...>) {
  (visit(std::integral_constant<int, K>{}), ...);
}

// Calls visit(k) for k below `count`: written out where it is a constant, so that what is summed
// can stay in registers.
template <int Count, class Visitor>
JUDICIOUS_INLINE void for_each_below(std::integral_constant<int, Count>, Visitor&& visit) {
  visit_each(visit, std::make_integer_sequence<int, Count>{});
}
template <class Visitor>
JUDICIOUS_INLINE void for_each_below(int count, Visitor&& visit) {
  for (int k = 0; k < count; ++k) visit(k);
}
template <int K>
constexpr std::integral_constant<int, K + 1> next(std::integral_constant<int, K>) {
  return {};
}
constexpr int next(int k) { return k + 1; }

}  // namespace moments_detail

// Sums about the first observation seen: one add per row, no division, and no
// loss of digits when the data sit far from zero. Size is the number of
// variables, known at compile time for the common designs.
template <int Size>
class ShiftedSums {
 public:
  using Values = Eigen::Matrix<double, Size, 1>;

  explicit ShiftedSums(int dim) {
    shift_ = sum_ = deviation_ = Values::Zero(dim);
    lower_ = Products::Zero(dim, dim);
  }

  JUDICIOUS_INLINE void add(const Values& x) { add(x.data()); }
  JUDICIOUS_INLINE void add(const double* x) {
    using moments_detail::for_each_below;
    if (n_ == 0) for_each_below(size(), [&](auto k) { shift_[k] = x[k]; });
    for_each_below(size(), [&](auto k) JUDICIOUS_INLINE_BODY {
      deviation_[k] = x[k] - shift_[k];
      sum_[k] += deviation_[k];
      for_each_below(moments_detail::next(k), [&](auto l) JUDICIOUS_INLINE_BODY {
        lower_(k, l) += deviation_[k] * deviation_[l];
      });
    });
    ++n_;
  }

  Moments moments() const {
    Moments out(static_cast<int>(sum_.size()));
    if (n_ == 0) return out;
    out.n = static_cast<double>(n_);
    out.mean = shift_ + sum_ / out.n;
    const Products cross = lower_.template selfadjointView<Eigen::Lower>();
    out.cross = cross - sum_ * sum_.transpose() / out.n;
    return out;
  }

 private:
  using Products = Eigen::Matrix<double, Size, Size>;
  auto size() const {
    if constexpr (Size == Eigen::Dynamic) {
      return static_cast<int>(sum_.size());
    } else {
      return std::integral_constant<int, Size>{};
    }
  }

  std::ptrdiff_t n_ = 0;
  Values shift_, sum_, deviation_;  // the last a member: no memory is asked for per row
  Products lower_;                  // half of the products
};

// No variable at all: a counter.
template <>
class ShiftedSums<0> {
 public:
  struct Values {};
  explicit ShiftedSums(int) {}
  void add(const Values&) { ++n_; }
  Moments moments() const {
    Moments out(0);
    out.n = static_cast<double>(n_);
    return out;
  }

 private:
  std::ptrdiff_t n_ = 0;
};

}  // namespace judicious

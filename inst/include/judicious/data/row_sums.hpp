// Sums over the rows of one cell that nobody labelled: what the pass spends its time on.
//
// Runs of such rows are added a few at a time, without a branch, to accumulators that do not wait
// for one another (two doubles fit a register of every x86-64 and ARM64 machine).
#pragma once

#include <judicious/data/columns.hpp>
#include <judicious/data/moments.hpp>
#include <limits>

namespace judicious {

// Count, sums and products of the judges about the first row met, and their ranges. With known
// prob also the same sums weighted by 1/prob. M judges, or Eigen::Dynamic.
template <int M, bool Weighted>
class RowSums {
 public:
  using Values = Eigen::Matrix<double, M, 1>;
  using Products = Eigen::Matrix<double, M, M>;

  explicit RowSums(int n_proxies) {
    shift_ = sum_ = weighted_sum_ = Values::Zero(n_proxies);
    low_ = Values::Constant(n_proxies, std::numeric_limits<double>::infinity());
    high_ = -low_;
    cross_ = weighted_cross_ = Products::Zero(n_proxies, n_proxies);
  }

  // Rows [begin, begin + n) of the columns.
  void add_run(const double* const* f, const double* prob, std::size_t begin, std::size_t n) {
    if (n == 0) return;
    start(f, begin);
    std::size_t i = begin;
    i = add_lanes(f, prob, begin, begin + n);
    for (; i < begin + n; ++i) add_row(f, prob, i);
    n_ += static_cast<double>(n);
  }

  void add_one(const double* const* f, const double* prob, std::size_t i) {
    start(f, i);
    add_row(f, prob, i);
    n_ += 1.0;
  }

  double n() const { return n_; }
  Moments moments() const {
    Moments out(static_cast<int>(sum_.size()));
    out.n = n_;
    if (n_ == 0.0) return out;
    out.mean = shift_ + sum_ / n_;
    out.cross = Products(symmetric(cross_)) - sum_ * sum_.transpose() / n_;
    return out;
  }
  Vector low() const { return low_; }
  Vector high() const { return high_; }

  // Sum of (1 - prob) / prob (1, f - origin)(1, f - origin)'.
  Matrix poisson(const Vector& origin) const {
    const int m = static_cast<int>(sum_.size());
    Matrix out = Matrix::Zero(1 + m, 1 + m);
    if (n_ == 0.0) return out;
    const double v = weighted_n_ - n_;
    const Vector d = shift_ - origin, s = weighted_sum_ - sum_;
    out(0, 0) = v;
    out.block(1, 0, m, 1) = s + v * d;
    out.block(0, 1, 1, m) = out.block(1, 0, m, 1).transpose();
    out.block(1, 1, m, m) = Matrix(symmetric(weighted_cross_ - cross_)) + s * d.transpose() +
                            d * s.transpose() + v * d * d.transpose();
    return out;
  }

 private:
  // Only the lower half of the products is summed.
  static Products symmetric(const Products& lower) {
    return lower.template selfadjointView<Eigen::Lower>();
  }

  void start(const double* const* f, std::size_t i) {
    if (n_ > 0.0) return;
    for (int k = 0; k < shift_.size(); ++k) shift_[k] = f[k][i];
  }

  void add_row(const double* const* f, const double* prob, std::size_t i) {
    const int m = static_cast<int>(shift_.size());
    const double w = Weighted ? 1.0 / prob[i] : 0.0;
    if (Weighted) weighted_n_ += w;
    for (int k = 0; k < m; ++k) {
      const double x = f[k][i];
      const double d = x - shift_[k];
      sum_[k] += d;
      if (Weighted) weighted_sum_[k] += w * d;
      if (x < low_[k]) low_[k] = x;
      if (x > high_[k]) high_[k] = x;
      for (int l = 0; l <= k; ++l) {
        const double product = d * (f[l][i] - shift_[l]);
        cross_(k, l) += product;
        if (Weighted) weighted_cross_(k, l) += w * product;
      }
    }
  }

  // Adds as many rows as fill whole lanes; returns where it stopped. The usual designs have every
  // accumulator in a variable of its own: in arrays compilers leave them in memory.
  std::size_t add_lanes(const double* const* f, const double* prob, std::size_t i,
                        std::size_t end) {
    if constexpr (M == 1 && !Weighted) i = add_one_judge(f[0], i, end);
    if constexpr (M == 1 && Weighted) i = add_one_weighted(f[0], prob, i, end);
    if constexpr (M == 2 && !Weighted) i = add_two_judges(f[0], f[1], i, end);
    return i;
  }

  template <class Lane>
  void add_range(int k, const Lane& low, const Lane& high) {
    low_[k] = low.minCoeff();
    high_[k] = high.maxCoeff();
  }

  std::size_t add_one_judge(const double* f, std::size_t i, std::size_t end) {
    using Lane = Eigen::Array<double, 4, 1>;
    const double shift = shift_[0];
    Lane sum = Lane::Zero(), cross = sum, low = Lane::Constant(low_[0]);
    Lane high = Lane::Constant(high_[0]);
    for (; i + 4 <= end; i += 4) {
      const Lane x = Eigen::Map<const Lane>(f + i);
      const Lane d = x - shift;
      sum += d;
      cross += d * d;
      low = low.min(x);
      high = high.max(x);
    }
    sum_[0] += sum.sum();
    cross_(0, 0) += cross.sum();
    add_range(0, low, high);
    return i;
  }

  std::size_t add_one_weighted(const double* f, const double* prob, std::size_t i,
                               std::size_t end) {
    using Lane = Eigen::Array<double, 2, 1>;
    const double shift = shift_[0];
    Lane sum = Lane::Zero(), cross = sum, w_n = sum, w_sum = sum, w_cross = sum;
    Lane low = Lane::Constant(low_[0]), high = Lane::Constant(high_[0]);
    for (; i + 2 <= end; i += 2) {
      const Lane x = Eigen::Map<const Lane>(f + i);
      const Lane w = Eigen::Map<const Lane>(prob + i).inverse();
      const Lane d = x - shift;
      const Lane square = d * d;
      sum += d;
      cross += square;
      w_n += w;
      w_sum += w * d;
      w_cross += w * square;
      low = low.min(x);
      high = high.max(x);
    }
    sum_[0] += sum.sum();
    cross_(0, 0) += cross.sum();
    weighted_n_ += w_n.sum();
    weighted_sum_[0] += w_sum.sum();
    weighted_cross_(0, 0) += w_cross.sum();
    add_range(0, low, high);
    return i;
  }

  std::size_t add_two_judges(const double* f, const double* g, std::size_t i, std::size_t end) {
    using Lane = Eigen::Array<double, 2, 1>;
    const double f_shift = shift_[0], g_shift = shift_[1];
    Lane f_sum = Lane::Zero(), g_sum = f_sum, ff = f_sum, fg = f_sum, gg = f_sum;
    Lane f_low = Lane::Constant(low_[0]), f_high = Lane::Constant(high_[0]);
    Lane g_low = Lane::Constant(low_[1]), g_high = Lane::Constant(high_[1]);
    for (; i + 2 <= end; i += 2) {
      const Lane x = Eigen::Map<const Lane>(f + i), y = Eigen::Map<const Lane>(g + i);
      const Lane c = x - f_shift, d = y - g_shift;
      f_sum += c;
      g_sum += d;
      ff += c * c;
      fg += c * d;
      gg += d * d;
      f_low = f_low.min(x);
      f_high = f_high.max(x);
      g_low = g_low.min(y);
      g_high = g_high.max(y);
    }
    sum_[0] += f_sum.sum();
    sum_[1] += g_sum.sum();
    cross_(0, 0) += ff.sum();
    cross_(1, 0) += fg.sum();
    cross_(1, 1) += gg.sum();
    add_range(0, f_low, f_high);
    add_range(1, g_low, g_high);
    return i;
  }

  double n_ = 0.0, weighted_n_ = 0.0;
  Values shift_, sum_, weighted_sum_, low_, high_;
  Products cross_, weighted_cross_;
};

// Without judges there is only a count.
template <bool Weighted>
class RowSums<0, Weighted> {
 public:
  explicit RowSums(int) {}
  void add_run(const double* const*, const double* prob, std::size_t begin, std::size_t n) {
    n_ += static_cast<double>(n);
    if (!Weighted) return;
    for (std::size_t i = begin; i < begin + n; ++i) weighted_n_ += 1.0 / prob[i];
  }
  void add_one(const double* const* f, const double* prob, std::size_t i) {
    add_run(f, prob, i, 1);
  }
  double n() const { return n_; }
  Moments moments() const {
    Moments out(0);
    out.n = n_;
    return out;
  }
  Vector low() const { return Vector(); }
  Vector high() const { return Vector(); }
  Matrix poisson(const Vector&) const { return Matrix::Constant(1, 1, weighted_n_ - n_); }

 private:
  double n_ = 0.0, weighted_n_ = 0.0;
};

}  // namespace judicious

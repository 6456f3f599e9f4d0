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
    if constexpr (M == 1 || M == 2 || M == 3) i = add_lanes(f, prob, begin, begin + n);
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
  static constexpr int lanes = M == 1 && !Weighted ? 4 : 2;
  static constexpr int size = M > 0 ? M : 1;
  static constexpr int pairs = size * (size + 1) / 2;
  using Lane = Eigen::Array<double, lanes, 1>;

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

  // Adds as many rows as fill whole lanes; returns where it stopped.
  std::size_t add_lanes(const double* const* f, const double* prob, std::size_t i,
                        std::size_t end) {
    Lane sum[size], low[size], high[size], cross[pairs], w_sum[size], w_cross[pairs];
    Lane w_n = Lane::Zero();
    for (int k = 0; k < size; ++k) {
      sum[k] = w_sum[k] = Lane::Zero();
      low[k] = Lane::Constant(low_[k]);
      high[k] = Lane::Constant(high_[k]);
    }
    for (Lane& c : cross) c = Lane::Zero();
    for (Lane& c : w_cross) c = Lane::Zero();
    for (; i + lanes <= end; i += lanes) {
      Lane d[size], w = Lane::Zero();
      if constexpr (Weighted) {
        w = Eigen::Map<const Lane>(prob + i).inverse();
        w_n += w;
      }
      for (int k = 0; k < size; ++k) {
        const Lane x = Eigen::Map<const Lane>(f[k] + i);
        d[k] = x - shift_[k];
        sum[k] += d[k];
        low[k] = low[k].min(x);
        high[k] = high[k].max(x);
        if constexpr (Weighted) w_sum[k] += w * d[k];
        for (int l = 0; l <= k; ++l) {
          const Lane product = d[k] * d[l];
          cross[k * (k + 1) / 2 + l] += product;
          if constexpr (Weighted) w_cross[k * (k + 1) / 2 + l] += w * product;
        }
      }
    }
    for (int k = 0; k < size; ++k) {
      sum_[k] += sum[k].sum();
      low_[k] = low[k].minCoeff();
      high_[k] = high[k].maxCoeff();
      if (Weighted) weighted_sum_[k] += w_sum[k].sum();
      for (int l = 0; l <= k; ++l) {
        cross_(k, l) += cross[k * (k + 1) / 2 + l].sum();
        if (Weighted) weighted_cross_(k, l) += w_cross[k * (k + 1) / 2 + l].sum();
      }
    }
    if (Weighted) weighted_n_ += w_n.sum();
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

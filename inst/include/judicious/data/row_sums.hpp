// Sums over the rows of one cell that nobody labelled.
#pragma once

#include <judicious/data/moments.hpp>
#include <judicious/data/row_kernels.hpp>

namespace judicious {

// Count, sums and products of the judges about the first row met, and their ranges (over all rows,
// labelled or not). With known prob also the same sums weighted by 1/prob. M judges, or
// Eigen::Dynamic.
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

  // Adds the rows of a block that have no label, and notes the others. With known prob nothing is
  // added where a prob is out of place.
  ProbGlance add_block(const BlockRows& rows, BlockLabels& labels) {
    if (!started_) {
      labels.find(rows.y, rows.size);
      std::size_t first = 0;
      while (first < labels.n && labels.rows[first] == first) ++first;
      start_at(rows.f, std::min(first, rows.size - 1));
    }
    ProbGlance probs;
    if constexpr (M == 1 && !Weighted) {
      add_one_judge(rows, labels);
    } else if constexpr (M == 2 && !Weighted) {
      add_two_judges(rows, labels);
    } else if constexpr (M == 1 && Weighted) {
      probs = add_one_weighted(rows, labels);
    } else {
      labels.find(rows.y, rows.size);
      if (Weighted) probs = see_labelled(rows, labels, glance_at(rows));
      if (probs.valid) add_judges(rows);
    }
    if (probs.valid) n_ += static_cast<double>(rows.size - labels.n);
    return probs;
  }

  void add_one(const double* const* f, const double* prob, std::size_t i) {
    if (!started_) start_at(f, i);
    add_row(f, prob, i);
    n_ += 1.0;
  }

  // What others sum up of one judge, about the same shift: what it is, or is to be.
  double shift_at(double x) {
    if (!started_) shift_[0] = x;
    started_ = true;
    return shift_[0];
  }
  void add_sums(double n, double sum, double cross) {
    if (!(n > 0.0)) return;
    n_ += n;
    sum_[0] += sum;
    cross_(0, 0) += cross;
  }
  void widen(double x) {
    if (x < low_[0]) low_[0] = x;
    if (x > high_[0]) high_[0] = x;
  }
  double lowest() const { return low_[0]; }
  double highest() const { return high_[0]; }
  // Judges are known to reach so far in other rows of the cell.
  void widen(const Vector& low, const Vector& high) {
    low_ = low_.cwiseMin(Values(low));
    high_ = high_.cwiseMax(Values(high));
  }
  // The origin of the judges: sums lose no digits about it.
  Vector shift() const { return shift_; }

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

  void start_at(const double* const* f, std::size_t i) {
    started_ = true;
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

  void add_range(int k, Pair low, Pair high) {
    low_[k] = least(low);
    high_[k] = greatest(high);
  }

  // The last rows, which fill no lane.
  void add_rest(const BlockRows& rows, std::size_t begin) {
    for (std::size_t i = begin; i < rows.size; ++i) {
      if (rows.y[i] != rows.y[i]) add_row(rows.f, rows.prob, i);
    }
  }

  // The usual designs have kernels of their own.
  row_kernels::JudgeSums known(int k) const { return {shift_[k], low_[k], high_[k]}; }

  void add_sums(int k, const row_kernels::JudgeSums& sums) {
    sum_[k] += sums.sum;
    cross_(k, k) += sums.cross;
    low_[k] = sums.low;
    high_[k] = sums.high;
  }

  void add_one_judge(const BlockRows& rows, BlockLabels& labels) {
    row_kernels::JudgeSums sums = known(0);
    const std::size_t end = row_kernels::add_one_judge(rows, labels, sums);
    add_sums(0, sums);
    add_rest(rows, end);
  }

  void add_two_judges(const BlockRows& rows, BlockLabels& labels) {
    row_kernels::PairSums sums{known(0), known(1)};
    const std::size_t end = row_kernels::add_two_judges(rows, labels, sums);
    add_sums(0, sums.f);
    add_sums(1, sums.g);
    cross_(1, 0) += sums.cross;
    add_rest(rows, end);
  }

  ProbGlance add_one_weighted(const BlockRows& rows, BlockLabels& labels) {
    row_kernels::WeightedSums sums{known(0)};
    const std::size_t end = row_kernels::add_weighted(rows, labels, sums);
    ProbGlance probs;
    probs.lowest = sums.lowest_prob;
    probs.highest = sums.highest_prob;
    probs.valid = !std::isnan(sums.weight) && probs.lowest > 0.0 && probs.highest < 1.0;
    for (std::size_t i = end; i < rows.size; ++i) probs.add(rows.prob[i], rows.y[i] != rows.y[i]);
    probs = see_labelled(rows, labels, probs);
    if (!probs.valid) return probs;
    add_sums(0, sums.f);
    weighted_n_ += sums.weight;
    weighted_sum_[0] += sums.sum;
    weighted_cross_(0, 0) += sums.cross;
    add_rest(rows, end);
    return probs;
  }

  static ProbGlance see_labelled(const BlockRows& rows, const BlockLabels& labels,
                                 ProbGlance probs) {
    for (std::size_t j = 0; j < labels.n; ++j) probs.add(rows.prob[labels.rows[j]], false);
    return probs;
  }

  // Any number of judges: deviations are written down for some rows, then each pair is summed.
  static constexpr std::size_t few = 128;
  void add_judges(const BlockRows& rows) {
    const auto m = static_cast<std::size_t>(shift_.size());
    std::vector<std::array<double, few>> d(m + 1);
    std::size_t i = 0;
    for (std::size_t n; i + 2 <= rows.size; i += n) {
      n = std::min(few, (rows.size - i) / 2 * 2);
      if (Weighted) add_weights(rows, i, n, d[m].data());
      for (std::size_t k = 0; k < m; ++k) {
        add_judge(rows, i, n, k, d[m].data(), d[k].data());
        for (std::size_t l = 0; l <= k; ++l) {
          add_product(n, k, l, d[m].data(), d[k].data(), d[l].data());
        }
      }
    }
    add_rest(rows, i);
  }

  void add_weights(const BlockRows& rows, std::size_t begin, std::size_t n, double* w) {
    Pair total = pair_of(0.0);
    for (std::size_t i = 0; i < n; i += 2) {
      const PairMask open = missing(load_pair(rows.y + begin + i));
      const Pair x = keep(open, pair_of(1.0) / load_pair(rows.prob + begin + i));
      store_pair(x, w + i);
      total += x;
    }
    weighted_n_ += sum(total);
  }

  void add_judge(const BlockRows& rows, std::size_t begin, std::size_t n, std::size_t k,
                 const double* w, double* d) {
    const auto at = static_cast<Eigen::Index>(k);
    const double* f = rows.f[k] + begin;
    const Pair shift = pair_of(shift_[at]);
    Pair s = pair_of(0.0), weighted = s, low = pair_of(low_[at]), high = pair_of(high_[at]);
    for (std::size_t i = 0; i < n; i += 2) {
      const Pair x = load_pair(f + i);
      const Pair c = keep(missing(load_pair(rows.y + begin + i)), x - shift);
      store_pair(c, d + i);
      s += c;
      if (Weighted) weighted += load_pair(w + i) * c;
      low = lower(low, x);
      high = higher(high, x);
    }
    sum_[at] += sum(s);
    if (Weighted) weighted_sum_[at] += sum(weighted);
    add_range(static_cast<int>(k), low, high);
  }

  void add_product(std::size_t n, std::size_t k, std::size_t l, const double* w, const double* c,
                   const double* d) {
    const auto row = static_cast<Eigen::Index>(k), column = static_cast<Eigen::Index>(l);
    Pair s = pair_of(0.0), weighted = s;
    for (std::size_t i = 0; i < n; i += 2) {
      const Pair product = load_pair(c + i) * load_pair(d + i);
      s += product;
      if (Weighted) weighted += load_pair(w + i) * product;
    }
    cross_(row, column) += sum(s);
    if (Weighted) weighted_cross_(row, column) += sum(weighted);
  }

  bool started_ = false;
  double n_ = 0.0, weighted_n_ = 0.0;
  Values shift_, sum_, weighted_sum_, low_, high_;
  Products cross_, weighted_cross_;
};

// Without judges there is only a count.
template <bool Weighted>
class RowSums<0, Weighted> {
 public:
  explicit RowSums(int) {}
  ProbGlance add_block(const BlockRows& rows, BlockLabels& labels) {
    labels.find(rows.y, rows.size);
    ProbGlance probs;
    if (Weighted) {
      probs = glance_at(rows);
      for (std::size_t j = 0; j < labels.n; ++j) probs.add(rows.prob[labels.rows[j]], false);
      if (!probs.valid) return probs;
      add_weights(rows);
    }
    n_ += static_cast<double>(rows.size - labels.n);
    return probs;
  }
  void add_one(const double* const*, const double* prob, std::size_t i) {
    n_ += 1.0;
    if (Weighted) weighted_n_ += 1.0 / prob[i];
  }
  void widen(const Vector&, const Vector&) {}
  Vector shift() const { return Vector(); }

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
  void add_weights(const BlockRows& rows) {
    Pair w = pair_of(0.0);
    std::size_t i = 0;
    for (; i + 2 <= rows.size; i += 2) {
      w += keep(missing(load_pair(rows.y + i)), pair_of(1.0) / load_pair(rows.prob + i));
    }
    weighted_n_ += sum(w);
    for (; i < rows.size; ++i) {
      if (rows.y[i] != rows.y[i]) weighted_n_ += 1.0 / rows.prob[i];
    }
  }

  double n_ = 0.0, weighted_n_ = 0.0;
};

}  // namespace judicious

// The labelled rows of one cell of a chunk: few, so they are kept as they are, beside their
// moments.
#pragma once

#include <judicious/data/columns.hpp>
#include <judicious/data/moments.hpp>
#include <judicious/data/ranges.hpp>
#include <judicious/data/row_sums.hpp>

namespace judicious {

class LabelledRows {
 public:
  explicit LabelledRows(const Layout& layout)
      : layout_(layout),
        varying_(varying(layout)),
        sums_(static_cast<int>(varying_.size())),
        low_(Vector::Constant(layout.n_proxies, std::numeric_limits<double>::infinity())),
        high_(-low_),
        poisson_(Matrix::Zero(1 + layout.n_proxies, 1 + layout.n_proxies)) {
    more_labels.resize(static_cast<std::size_t>(layout.n_responses) - 1);
  }

  // The entries of u that differ between labelled rows.
  static std::vector<int> varying(const Layout& layout) {
    std::vector<int> out;
    for (int k = layout.known_prob ? 0 : 1; k <= layout.n_values(); ++k) out.push_back(k);
    for (int k = 0; layout.known_prob && k < layout.n_proxies; ++k) {
      out.push_back(layout.rest_proxies() + k);
    }
    return out;
  }

  // Only written down here: sums are made of many at once.
  void add(const Block& block, const std::uint16_t* rows, std::size_t n, bool keep) {
    const std::size_t width = block.values.size(), first = values.size();
    values.resize(first + n * width);
    for (std::size_t k = 0; k < width; ++k) {
      double* to = &values[first + k];
      for (std::size_t j = 0; j < n; ++j) to[j * width] = block.values[k][rows[j]];
    }
    for (std::size_t j = 0; layout_.known_prob && j < n; ++j) probs.push_back(block.prob[rows[j]]);
    if (!keep) kept_all = false;
    // At places that the data fix, so that rounding does not depend on when there were too many.
    if (size() - n_summed_ >= block_size) sum_rows();
  }

  // Sums what is written down, and lets go of it where it is not to be kept.
  void finish() {
    sum_rows();
    if (!kept_all) forget();
  }

  // Labels of one response, without judges, in one cell.
  void add_run(const double* y, std::size_t n, bool keep) {
    sum_rows();
    if (origin_.size() == 0) origin_ = Vector::Constant(1, y[0]);
    for (std::size_t i = 0; i < n; ++i) runs_.add_one(&y, nullptr, i);
    labels.add_run(y, n);
    kept_all = kept_all && keep;
    if (!kept_all) return forget();
    values.insert(values.end(), y, y + n);
    n_summed_ += n;
  }

  // After finish().
  Moments moments() const {
    Moments part = sums_;
    Moments runs = runs_.moments();
    if (runs.n > 0.0) {
      runs.mean[0] -= origin_[0];
      part.merge(runs);
    }
    Moments out(layout_.size());
    out.n = part.n;
    if (part.n == 0.0) return out;
    out.mean[layout_.known_prob ? layout_.rest() : Layout::labelled] = 1.0;
    for (std::size_t i = 0; i < varying_.size(); ++i) {
      out.mean[varying_[i]] = part.mean[static_cast<int>(i)];
      for (std::size_t j = 0; j < varying_.size(); ++j) {
        out.cross(varying_[i], varying_[j]) = part.cross(static_cast<int>(i), static_cast<int>(j));
      }
    }
    return out;
  }

  std::size_t size() const { return values.size() / static_cast<std::size_t>(layout_.n_values()); }
  // The first row, which all is counted from.
  const Vector& origin() const { return origin_; }
  const Vector& low() const { return low_; }
  const Vector& high() const { return high_; }
  const Matrix& poisson() const { return poisson_; }

  LabelRange labels;
  std::vector<LabelRange> more_labels;
  double highest_weight = 0.0, sum_weight = 0.0;
  std::vector<double> values, probs;  // of every row, while there are not too many
  bool kept_all = true;

 private:
  void forget() {
    values.clear();
    probs.clear();
    n_summed_ = 0;
  }

  void sum_rows() {
    const std::size_t n = size() - n_summed_;
    if (n == 0) return;
    if (origin_.size() == 0) origin_ = Eigen::Map<const Vector>(row(0), layout_.n_values());
    see_ranges(n);
    if (layout_.known_prob) see_weights();
    switch (varying_.size()) {
      case 1:
        sum_products<1>();
        break;
      case 2:
        sum_products<2>();
        break;
      case 3:
        sum_products<3>();
        break;
      case 4:
        sum_products<4>();
        break;
      default:
        sum_products<Eigen::Dynamic>();
    }
    n_summed_ += n;
    if (!kept_all) forget();
  }

  const double* row(std::size_t i) const {
    return &values[i * static_cast<std::size_t>(layout_.n_values())];
  }

  void see_ranges(std::size_t n) {
    std::vector<double> y(n);
    for (int k = 0; k < layout_.n_responses; ++k) {
      for (std::size_t i = 0; i < n; ++i) y[i] = row(n_summed_ + i)[k];
      (k == 0 ? labels : more_labels[static_cast<std::size_t>(k) - 1]).add_run(y.data(), n);
    }
    for (int k = 0; k < layout_.n_proxies; ++k) {
      double low = low_[k], high = high_[k];
      for (std::size_t i = n_summed_; i < n_summed_ + n; ++i) {
        const double x = row(i)[layout_.n_responses + k];
        if (x < low) low = x;
        if (x > high) high = x;
      }
      low_[k] = low;
      high_[k] = high;
    }
  }

  void see_weights() {
    const int m = layout_.n_proxies;
    Vector mf(1 + m);
    mf[0] = 1.0;
    for (std::size_t i = n_summed_; i < size(); ++i) {
      const double w = 1.0 / probs[i];
      sum_weight += w;
      highest_weight = std::max(highest_weight, w);
      for (int k = 0; k < m; ++k) {
        const int value = layout_.n_responses + k;
        mf[1 + k] = row(i)[value] - origin_[value];
      }
      const double v = (1.0 - probs[i]) / probs[i];
      for (int b = 0; b <= m; ++b) {
        for (int a = 0; a <= m; ++a) poisson_(a, b) += v * mf[a] * mf[b];
      }
    }
  }

  // Moments of the entries of u that vary, of the rows not summed yet.
  template <int Size>
  void sum_products() {
    using Varying = Eigen::Matrix<double, Size, 1>;
    ShiftedSums<Size> sums(static_cast<int>(varying_.size()));
    Varying x = Varying::Zero(static_cast<int>(varying_.size()));
    if (layout_.known_prob) {
      Vector u(layout_.size());
      sum_each(sums, [&](std::size_t i) {
        describe_row(layout_, origin_, row(i), probs[i], u);
        for (int k = 0; k < x.size(); ++k) x[k] = u[varying_[static_cast<std::size_t>(k)]];
        return x.data();
      });
    } else {
      const Varying origin = origin_;
      sum_each(sums, [&](std::size_t i) {
        const double* values = row(i);
        for (int k = 0; k < x.size(); ++k) x[k] = values[k] - origin[k];
        return x.data();
      });
    }
    sums_.merge(sums.moments());
  }

  // The sums are copied, so that they stay in registers.
  template <class Sums, class Describe>
  void sum_each(Sums& to, const Describe& describe) {
    Sums sums = to;
    for (std::size_t i = n_summed_; i < size(); ++i) sums.add(describe(i));
    to = sums;
  }

  Layout layout_;
  Vector origin_;
  std::vector<int> varying_;
  RowSums<1, false> runs_{1};
  Moments sums_;
  std::size_t n_summed_ = 0;  // of the rows written down
  Vector low_, high_;
  Matrix poisson_;
};

}  // namespace judicious

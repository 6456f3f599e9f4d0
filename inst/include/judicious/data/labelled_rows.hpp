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
  LabelledRows(const Layout& layout, const Vector& origin)
      : layout_(layout),
        origin_(origin),
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
  void add(const Block& block, std::size_t i, bool keep) {
    const auto width = static_cast<std::size_t>(layout_.size());
    units.resize(units.size() + width);
    double* u = &units[units.size() - width];
    const double prob = layout_.known_prob ? block.prob[i] : 1.0;
    const double w = 1.0 / prob;
    const int n_values = layout_.n_values(), n_responses = layout_.n_responses;
    u[Layout::labelled] = w;
    for (int k = 0; k < n_values; ++k) {
      const double x = block.values[static_cast<std::size_t>(k)][i];
      const double d = x - origin_[k];
      u[1 + k] = w * d;
      if (k < n_responses) continue;
      const int judge = k - n_responses;
      if (x < low_[judge]) low_[judge] = x;
      if (x > high_[judge]) high_[judge] = x;
      if (layout_.known_prob) u[layout_.rest_proxies() + judge] = d;
    }
    labels.add(block.y[i]);
    for (std::size_t k = 0; k < more_labels.size(); ++k) more_labels[k].add(block.values[1 + k][i]);
    if (layout_.known_prob) {
      u[layout_.rest()] = 1.0;
      add_weights(prob, w, u);
      probs.push_back(prob);
    }
    if (!keep) kept_all = false;
    // At fixed places, so that rounding does not depend on when there were too many to keep.
    if (units.size() / width - n_summed_ >= block_size) sum_units();
  }

  // Sums what is written down, and lets go of it where it is not to be kept.
  void finish() {
    sum_units();
    if (!kept_all) forget();
  }

  // Labels [begin, begin + n) of one response, without judges, in one cell.
  void add_run(const double* y, std::size_t begin, std::size_t n, bool keep) {
    sum_units();
    runs_.add_run(&y, nullptr, begin, n);
    labels.add_run(y + begin, n);
    kept_all = kept_all && keep;
    if (!kept_all) return;
    for (std::size_t i = begin; i < begin + n; ++i) {
      units.insert(units.end(), {1.0, y[i] - origin_[0], 0.0});
    }
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

  const Vector& low() const { return low_; }
  const Vector& high() const { return high_; }
  const Matrix& poisson() const { return poisson_; }

  LabelRange labels;
  std::vector<LabelRange> more_labels;
  double highest_weight = 0.0, sum_weight = 0.0;
  std::vector<double> units, probs;  // u of every row, while there are not too many
  bool kept_all = true;

 private:
  void add_weights(double prob, double w, const double* u) {
    sum_weight += w;
    highest_weight = std::max(highest_weight, w);
    const double v = (1.0 - prob) / prob;
    const int m = layout_.n_proxies;
    const double* mf = u + layout_.rest();  // 1 and the judges
    for (int a = 0; a <= m; ++a) {
      for (int b = 0; b <= m; ++b) poisson_(a, b) += v * mf[a] * mf[b];
    }
  }

  void forget() {
    units.clear();
    probs.clear();
    n_summed_ = 0;
  }

  // Products about the first unit, the lower half.
  void sum_units() {
    const auto width = static_cast<std::size_t>(layout_.size());
    const std::size_t n = units.size() / width, v = varying_.size();
    if (n == n_summed_) return;
    std::vector<double> shift(v), d(v), sum(v, 0.0), cross(v * v, 0.0);
    const double* first = &units[n_summed_ * width];
    for (std::size_t a = 0; a < v; ++a) shift[a] = first[varying_[a]];
    for (const double* u = first; u != first + (n - n_summed_) * width; u += width) {
      for (std::size_t a = 0; a < v; ++a) {
        d[a] = u[varying_[a]] - shift[a];
        sum[a] += d[a];
        for (std::size_t b = 0; b <= a; ++b) cross[a * v + b] += d[a] * d[b];
      }
    }
    Moments part(static_cast<int>(v));
    part.n = static_cast<double>(n - n_summed_);
    for (int a = 0; a < part.mean.size(); ++a) {
      const auto i = static_cast<std::size_t>(a);
      part.mean[a] = shift[i] + sum[i] / part.n;
      for (int b = 0; b <= a; ++b) {
        const auto j = static_cast<std::size_t>(b);
        part.cross(a, b) = part.cross(b, a) = cross[i * v + j] - sum[i] * sum[j] / part.n;
      }
    }
    sums_.merge(part);
    n_summed_ = n;
    if (!kept_all) forget();
  }

  Layout layout_;
  Vector origin_;
  std::vector<int> varying_;
  RowSums<1, false> runs_{1};
  Moments sums_;
  std::size_t n_summed_ = 0;  // of the units
  Vector low_, high_;
  Matrix poisson_;
};

}  // namespace judicious

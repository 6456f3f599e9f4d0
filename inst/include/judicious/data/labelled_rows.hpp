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
        u_(Vector::Zero(layout.size())),
        part_(static_cast<int>(varying_.size())),
        sums_(static_cast<int>(varying_.size())),
        low_(Vector::Constant(layout.n_proxies, std::numeric_limits<double>::infinity())),
        high_(-low_),
        poisson_(Matrix::Zero(1 + layout.n_proxies, 1 + layout.n_proxies)) {
    more_labels.resize(static_cast<std::size_t>(layout.n_responses) - 1);
    u_[layout.known_prob ? layout.rest() : Layout::labelled] = 1.0;
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

  void add(const Block& block, std::size_t i, bool keep) {
    const double prob = layout_.known_prob ? block.prob[i] : 1.0;
    const double w = 1.0 / prob;
    u_[Layout::labelled] = w;
    for (int k = 0; k < layout_.n_values(); ++k) {
      const double x = block.values[static_cast<std::size_t>(k)][i];
      const double d = x - origin_[k];
      u_[1 + k] = w * d;
      if (k < layout_.n_responses) continue;
      const int judge = k - layout_.n_responses;
      low_[judge] = x < low_[judge] ? x : low_[judge];
      high_[judge] = x > high_[judge] ? x : high_[judge];
      if (layout_.known_prob) u_[layout_.rest_proxies() + judge] = d;
    }
    labels.add(block.y[i]);
    for (std::size_t k = 0; k < more_labels.size(); ++k) more_labels[k].add(block.values[1 + k][i]);
    if (layout_.known_prob) add_weights(prob, w);
    for (std::size_t k = 0; k < varying_.size(); ++k) {
      part_[static_cast<int>(k)] = u_[varying_[k]];
    }
    sums_.add(part_);
    if (!keep) {
      kept_all = false;
    } else if (kept_all) {
      units.insert(units.end(), u_.data(), u_.data() + u_.size());
      if (layout_.known_prob) probs.push_back(prob);
    }
  }

  // Labels [begin, begin + n), without judges and equal prob; they are not kept.
  void add_run(const double* y, std::size_t begin, std::size_t n) {
    kept_all = false;
    runs_.add_run(&y, nullptr, begin, n);
    labels.add_run(y + begin, n);
  }

  Moments moments() const {
    Moments part = sums_.moments();
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
  void add_weights(double prob, double w) {
    sum_weight += w;
    highest_weight = std::max(highest_weight, w);
    const double v = (1.0 - prob) / prob;
    const int m = layout_.n_proxies;
    const auto f = u_.segment(layout_.rest_proxies(), m);
    poisson_(0, 0) += v;
    poisson_.block(1, 0, m, 1) += v * f;
    poisson_.block(0, 1, 1, m) += v * f.transpose();
    poisson_.block(1, 1, m, m) += v * f * f.transpose();
  }

  Layout layout_;
  Vector origin_;
  std::vector<int> varying_;
  Vector u_, part_;
  RowSums<1, false> runs_{1};
  ShiftedSums<Eigen::Dynamic> sums_;
  Vector low_, high_;
  Matrix poisson_;
};

}  // namespace judicious

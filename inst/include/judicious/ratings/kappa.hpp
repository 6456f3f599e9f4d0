// Cohen's kappa of two raters, also weighted, and Fleiss' kappa of many.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <judicious/ratings/count_patterns.hpp>
#include <limits>
#include <map>

namespace judicious {

enum class KappaWeights { unweighted, linear, quadratic };

// The items by their pair of labels. Codes count from 1.
struct LabelPairs {
  ItemKinds items;
  std::vector<std::pair<int, int>> pairs;  // one per kind, from 0
};

template <class Codes>
LabelPairs label_pairs(const Codes& first, const Codes& second) {
  LabelPairs out;
  std::map<std::pair<int, int>, std::size_t> kinds;
  for (Eigen::Index i = 0; i < first.size(); ++i) {
    const std::pair<int, int> pair{first[i] - 1, second[i] - 1};
    const auto [at, is_new] = kinds.try_emplace(pair, out.pairs.size());
    if (is_new) out.pairs.push_back(pair);
    out.items.add(at->second);
  }
  return out;
}

// kappa = 1 - sum_ij v_ij o_ij / sum_ij v_ij e_ij with disagreement weights v
// (Cohen 1960; 1968): 1 off the diagonal, |x_i - x_j| or its square.
class CohenKappa {
 public:
  // `positions`: where each label stands on its scale.
  CohenKappa(const LabelPairs& data, KappaWeights weights, std::vector<double> positions)
      : data_(data), weights_(weights), positions_(std::move(positions)) {
    // kappa does not depend on their unit; squares of huge numbers overflow.
    double unit = 0.0;
    for (const double x : positions_) unit = std::max(unit, std::abs(x));
    for (double& x : positions_) x /= unit > 0.0 ? unit : 1.0;
  }

  // NaN where undefined: both raters give all items one and the same label.
  double operator()(const Counts& items) const {
    std::vector<double> first(positions_.size(), 0.0), second(positions_.size(), 0.0);
    double n = 0.0, observed = 0.0;
    for (std::size_t k = 0; k < data_.pairs.size(); ++k) {
      const auto [a, b] = data_.pairs[k];
      first[static_cast<std::size_t>(a)] += items[k];
      second[static_cast<std::size_t>(b)] += items[k];
      observed += items[k] * disagreement(static_cast<std::size_t>(a), static_cast<std::size_t>(b));
      n += items[k];
    }
    const double expected = chance(first, second);
    if (expected == 0.0) return std::numeric_limits<double>::quiet_NaN();
    return 1.0 - n * observed / expected;
  }
  void operator()(const Counts& items, double* out) const { *out = (*this)(items); }

 private:
  double disagreement(std::size_t a, std::size_t b) const {
    const double d = std::abs(positions_[a] - positions_[b]);
    switch (weights_) {
      case KappaWeights::linear:
        return d;
      case KappaWeights::quadratic:
        return d * d;
      default:
        return a == b ? 0.0 : 1.0;
    }
  }

  double chance(const std::vector<double>& first, const std::vector<double>& second) const {
    double sum = 0.0;
    for (std::size_t a = 0; a < first.size(); ++a) {
      if (first[a] == 0.0) continue;
      for (std::size_t b = 0; b < second.size(); ++b) {
        sum += first[a] * second[b] * disagreement(a, b);
      }
    }
    return sum;
  }

  const LabelPairs& data_;
  KappaWeights weights_;
  std::vector<double> positions_;
};

// Fleiss' kappa (Fleiss 1971), with the means over units of Gwet (2014, chapter 3)
// where the number of ratings differs: chance agreement from every unit, observed
// agreement from those with at least two ratings.
class FleissKappa {
 public:
  explicit FleissKappa(const CountPatterns& data) : data_(data) {
    for (const Pattern& pattern : data_.patterns) {
      const double m = n_ratings(pattern);
      double pairs = 0.0;
      for (const auto& [value, count] : pattern) pairs += static_cast<double>(count) * (count - 1);
      n_ratings_.push_back(m);
      agreement_.push_back(m < 2.0 ? 0.0 : pairs / (m * (m - 1.0)));
    }
  }

  // NaN where undefined: fewer than two labels occur, or no unit has two ratings.
  double operator()(const Counts& units) const {
    const std::vector<double> totals = value_totals(data_, units);
    double n = 0.0, n_pairable = 0.0, agreement = 0.0;
    std::vector<double> shares(data_.n_values, 0.0);
    for (std::size_t k = 0; k < data_.n_kinds(); ++k) {
      n += units[k];
      if (n_ratings_[k] >= 2.0) n_pairable += units[k];
      agreement += units[k] * agreement_[k];
      for (const auto& [value, count] : data_.patterns[k]) {
        shares[static_cast<std::size_t>(value)] += units[k] * count / n_ratings_[k];
      }
    }
    if (!several_values(totals) || n_pairable == 0.0) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    double chance = 0.0;
    for (const double share : shares) chance += (share / n) * (share / n);
    return (agreement / n_pairable - chance) / (1.0 - chance);
  }
  void operator()(const Counts& units, double* out) const { *out = (*this)(units); }

 private:
  const CountPatterns& data_;
  std::vector<double> n_ratings_, agreement_;  // of each kind of unit
};

}  // namespace judicious

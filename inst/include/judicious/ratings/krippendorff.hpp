// Krippendorff's alpha (Krippendorff 2019, chapter 12): any number of raters,
// missing ratings, four levels of measurement.
//
//   alpha = 1 - D_o / D_e,
//   D_o = 1/n sum_u sum_{i != j in u} delta^2(v_ui, v_uj) / (m_u - 1),
//   D_e = 1/(n (n - 1)) sum_{c, k} n_c n_k delta^2(c, k),
//
// over units u with m_u >= 2 ratings; n = sum_u m_u, n_c ratings have value c.
// Interval and ordinal delta^2 are squared differences of positions (ordinal: of
// mid-ranks), so that their sums over pairs are sums of squares about a mean.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <judicious/ratings/count_patterns.hpp>
#include <limits>

namespace judicious {

enum class Measurement { nominal, ordinal, interval, ratio };

class KrippendorffAlpha {
 public:
  // `values`: the number behind each code, ascending; only interval and ratio use
  // them. The data hold units with at least two ratings.
  KrippendorffAlpha(const CountPatterns& data, Measurement level, std::vector<double> values)
      : data_(data), level_(level), values_(std::move(values)) {
    if (level_ == Measurement::interval) rescale();
    if (level_ == Measurement::ordinal) return;
    for (const Pattern& pattern : data_.patterns) {
      observed_.push_back(pair_sum(pattern, values_) / (n_ratings(pattern) - 1.0));
    }
  }

  // NaN where undefined: fewer than two values occur.
  double operator()(const Counts& units) const {
    const std::vector<double> totals = value_totals(data_, units);
    if (!several_values(totals)) return std::numeric_limits<double>::quiet_NaN();
    const std::vector<double> positions =
        level_ == Measurement::ordinal ? mid_ranks(totals) : values_;
    double n = 0.0;
    for (const double total : totals) n += total;
    return 1.0 - (n - 1.0) * observed(units, positions) / pair_sum(all_pairs(totals), positions);
  }
  void operator()(const Counts& units, double* out) const { *out = (*this)(units); }

 private:
  using WeightedValues = std::vector<std::pair<int, double>>;

  // alpha does not depend on origin and unit; squares of huge numbers overflow.
  void rescale() {
    Eigen::Map<Eigen::ArrayXd> x(values_.data(), static_cast<Eigen::Index>(values_.size()));
    const double unit = x.abs().maxCoeff();
    if (unit > 0.0) x /= unit;
    x -= x.mean();
  }

  static WeightedValues all_pairs(const std::vector<double>& totals) {
    WeightedValues out;
    for (std::size_t v = 0; v < totals.size(); ++v) {
      if (totals[v] > 0.0) out.emplace_back(static_cast<int>(v), totals[v]);
    }
    return out;
  }

  double observed(const Counts& units, const std::vector<double>& positions) const {
    double out = 0.0;
    for (std::size_t k = 0; k < data_.n_kinds(); ++k) {
      if (units[k] == 0.0) continue;
      const Pattern& pattern = data_.patterns[k];
      out += units[k] * (level_ == Measurement::ordinal
                             ? pair_sum(pattern, positions) / (n_ratings(pattern) - 1.0)
                             : observed_[k]);
    }
    return out;
  }

  // Sum of delta^2 over ordered pairs of ratings, given by values and their counts.
  template <class ValueCounts>
  double pair_sum(const ValueCounts& given, const std::vector<double>& positions) const {
    switch (level_) {
      case Measurement::nominal:
        return nominal_sum(given);
      case Measurement::ratio:
        return ratio_sum(given, positions);
      default:
        return squares_sum(given, positions);
    }
  }

  template <class ValueCounts>
  static double nominal_sum(const ValueCounts& given) {
    double n = 0.0, same = 0.0;
    for (const auto& [value, count] : given) {
      n += count;
      same += static_cast<double>(count) * count;
    }
    return n * n - same;
  }

  template <class ValueCounts>
  static double squares_sum(const ValueCounts& given, const std::vector<double>& positions) {
    double n = 0.0, mean = 0.0, squares = 0.0;
    for (const auto& [value, count] : given) {
      n += count;
      mean += count * positions[static_cast<std::size_t>(value)];
    }
    mean /= n;
    for (const auto& [value, count] : given) {
      const double d = positions[static_cast<std::size_t>(value)] - mean;
      squares += count * d * d;
    }
    return 2.0 * n * squares;
  }

  template <class ValueCounts>
  static double ratio_sum(const ValueCounts& given, const std::vector<double>& positions) {
    double sum = 0.0;
    for (std::size_t i = 1; i < given.size(); ++i) {
      const double a = positions[static_cast<std::size_t>(given[i].first)];
      for (std::size_t j = 0; j < i; ++j) {
        const double b = positions[static_cast<std::size_t>(given[j].first)];
        const double d = (a - b) / (a + b);
        sum += static_cast<double>(given[i].second) * given[j].second * d * d;
      }
    }
    return 2.0 * sum;
  }

  static std::vector<double> mid_ranks(const std::vector<double>& totals) {
    std::vector<double> out(totals.size());
    double before = 0.0;
    for (std::size_t v = 0; v < totals.size(); ++v) {
      out[v] = before + 0.5 * totals[v];
      before += totals[v];
    }
    return out;
  }

  const CountPatterns& data_;
  Measurement level_;
  std::vector<double> values_;
  std::vector<double> observed_;  // of each kind of unit
};

}  // namespace judicious

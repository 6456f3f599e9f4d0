// Rows of clusters in random order, on their way to the clusters' totals. Totals of a million
// clusters fit no near memory, so each row would wait for its own. Rows are put aside by range of
// clusters instead, until there are so many of a range that its totals are fetched for all of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <judicious/numeric/lanes.hpp>
#include <judicious/numeric/large_vector.hpp>
#include <vector>

namespace judicious {

class ScatteredUnits {
 public:
  // `totals`: width numbers for each unit, a count and sums of width - 1 values.
  ScatteredUnits(double* totals, std::size_t n_units, std::size_t width)
      : totals_(totals), n_units_(n_units), width_(width) {
    while (((n_units - 1) >> shift_) >= most_ranges) ++shift_;
    const std::size_t n_ranges = ((n_units - 1) >> shift_) + 1;
    room_ = set_aside / n_ranges;
    n_waiting_.assign(n_ranges, 0);
    units_.resize(n_ranges * room_);
    values_.resize(units_.size() * (width - 1));
  }

  // Room for the values of one more row of a unit.
  JUDICIOUS_INLINE double* add(std::size_t unit) {
    const std::size_t range = unit >> shift_;
    if (n_waiting_[range] == room_) empty(range);
    const std::size_t at = range * room_ + n_waiting_[range]++;
    units_[at] = static_cast<std::uint32_t>(unit);
    return values_.data() + at * (width_ - 1);
  }

  void finish() {
    for (std::size_t range = 0; range < n_waiting_.size(); ++range) empty(range);
  }

  // Whether totals of so many units are far from near memory, and the first rows show no order.
  template <class UnitOf>
  static bool pays(std::size_t n_units, std::size_t width, std::size_t n_rows, UnitOf&& unit_of) {
    constexpr std::size_t near_memory = std::size_t{1} << 20, looked_at = 4096, close = 64;
    if (n_units * width * sizeof(double) <= near_memory || n_rows < 2) return false;
    const std::size_t n = std::min(n_rows, looked_at);
    std::size_t n_far = 0;
    for (std::size_t i = 1; i < n; ++i) {
      const std::size_t a = unit_of(i - 1), b = unit_of(i);
      n_far += (a < b ? b - a : a - b) > close ? 1 : 0;
    }
    return 4 * n_far > n;
  }

 private:
  static constexpr std::size_t most_ranges = 64, set_aside = std::size_t{1} << 20;

  void empty(std::size_t range) {
    fetch(range);
    const std::size_t begin = range * room_, end = begin + n_waiting_[range];
    if (width_ == 2) {
      add_pairs(begin, end);
    } else {
      add_values(begin, end);
    }
    n_waiting_[range] = 0;
  }

  // A count and a sum, side by side in a register.
  void add_pairs(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      double* const u = totals_ + 2 * static_cast<std::size_t>(units_[i]);
      store_pair(load_pair(u) + Pair{1.0, values_[i]}, u);
    }
  }

  void add_values(std::size_t begin, std::size_t end) {
    const std::size_t m = width_ - 1;
    for (std::size_t i = begin; i < end; ++i) {
      double* u = totals_ + units_[i] * width_;
      u[0] += 1.0;
      for (std::size_t k = 0; k < m; ++k) u[1 + k] += values_[i * m + k];
    }
  }

  void fetch(std::size_t range) const {
#if defined(__GNUC__)
    const std::size_t first = range << shift_;
    const std::size_t last = std::min(n_units_, (range + 1) << shift_);
    for (std::size_t i = first * width_; i < last * width_; i += 8) {
      __builtin_prefetch(totals_ + i, 1);
    }
#endif
  }

  double* totals_;
  std::size_t n_units_, width_, shift_ = 10, room_ = 0;
  std::vector<std::size_t> n_waiting_;
  LargeVector<std::uint32_t> units_;
  LargeVector<double> values_;
};

}  // namespace judicious

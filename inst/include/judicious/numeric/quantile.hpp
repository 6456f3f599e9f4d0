// Quantiles of a set of values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace judicious {

// Position of a type-7 quantile (Hyndman and Fan 1996) among n sorted values.
struct QuantilePosition {
  std::size_t rank;
  double fraction;  // of the way to the next value

  QuantilePosition(std::size_t n, double probability) {
    const double at = static_cast<double>(n - 1) * probability;
    rank = static_cast<std::size_t>(at);
    fraction = at - static_cast<double>(rank);
  }
};

// Quantile of `values`, which are reordered. `next` is the smallest value known
// to follow them.
inline double select_quantile(std::vector<double>& values, std::size_t rank, double fraction,
                              double next = std::numeric_limits<double>::infinity()) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), at, values.end());
  const double value = *at;
  if (fraction == 0.0) return value;
  const double after = at + 1 == values.end() ? next : *std::min_element(at + 1, values.end());
  return value + fraction * (after - value);
}

inline double quantile(std::vector<double> values, double probability) {
  const QuantilePosition position(values.size(), probability);
  return select_quantile(values, position.rank, position.fraction);
}

}  // namespace judicious

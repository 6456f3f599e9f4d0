// Quantiles of a set of values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace judicious {

// Type 7 of Hyndman and Fan (1996).
inline double quantile(std::vector<double> values, double probability) {
  const double at = static_cast<double>(values.size() - 1) * probability;
  const auto rank = static_cast<std::size_t>(at);
  const double fraction = at - static_cast<double>(rank);
  const auto found = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), found, values.end());
  if (fraction == 0.0) return *found;
  return *found + fraction * (*std::min_element(found + 1, values.end()) - *found);
}

}  // namespace judicious

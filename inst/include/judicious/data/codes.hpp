// Can integer ids serve as group codes as they are?
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

namespace judicious {

struct CodeScan {
  int lowest = 0, highest = 0;
  bool has_missing = false;
  bool fits = false;   // the span does not exceed the allowed one
  bool dense = false;  // every code between lowest and highest occurs

  std::size_t span() const {
    return static_cast<std::size_t>(static_cast<std::int64_t>(highest) - lowest + 1);
  }
};

// Lowest and highest code, two values a step: half as many steps wait for the last.
inline std::pair<int, int> code_range(const int* codes, std::size_t n) {
  int low = codes[n - 1], high = low;
  for (std::size_t i = 0; i + 1 < n; i += 2) {
    const int a = codes[i], b = codes[i + 1];
    low = std::min(low, std::min(a, b));
    high = std::max(high, std::max(a, b));
  }
  return {low, high};
}

inline CodeScan scan_codes(const int* codes, std::size_t n, std::size_t max_span) {
  CodeScan out;
  if (n == 0) return out;
  std::tie(out.lowest, out.highest) = code_range(codes, n);
  out.has_missing = out.lowest == std::numeric_limits<int>::min();
  out.fits = !out.has_missing && out.span() <= max_span;
  if (!out.fits) return out;
  std::vector<char> seen(out.span(), 0);
  std::size_t left = seen.size();
  for (std::size_t i = 0; i < n && left > 0; ++i) {  // few codes are all met soon
    char& met = seen[static_cast<std::size_t>(codes[i] - out.lowest)];
    left -= met == 0 ? 1 : 0;
    met = 1;
  }
  out.dense = left == 0;
  return out;
}

}  // namespace judicious

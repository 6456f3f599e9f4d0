// Can integer ids serve as group codes as they are?
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
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

inline CodeScan scan_codes(const int* codes, std::size_t n, std::size_t max_span) {
  CodeScan out;
  if (n == 0) return out;
  const auto [low, high] = std::minmax_element(codes, codes + n);
  out.lowest = *low;
  out.highest = *high;
  out.has_missing = out.lowest == std::numeric_limits<int>::min();
  out.fits = !out.has_missing && out.span() <= max_span;
  if (!out.fits) return out;
  std::vector<char> seen(out.span(), 0);
  for (std::size_t i = 0; i < n; ++i) seen[static_cast<std::size_t>(codes[i] - out.lowest)] = 1;
  out.dense = std::all_of(seen.begin(), seen.end(), [](char s) { return s != 0; });
  return out;
}

}  // namespace judicious

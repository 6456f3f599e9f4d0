// Can integer ids serve as group codes as they are?
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <judicious/numeric/lanes.hpp>
#include <limits>
#include <vector>

namespace judicious {

struct CodeScan {
  int lowest = 0, highest = 0;
  bool has_missing = false;
  bool fits = false;   // the span does not exceed the allowed one
  bool dense = false;  // every code between lowest and highest occurs, if that was asked

  std::size_t span() const {
    return static_cast<std::size_t>(static_cast<std::int64_t>(highest) - lowest + 1);
  }
};

namespace codes_detail {

constexpr std::size_t block = 1024;

inline std::vector<IntRange> block_ranges(const int* codes, std::size_t n) {
  std::vector<IntRange> out;
  for (std::size_t from = 0; from < n; from += block) {
    out.push_back(int_range(codes + from, std::min(block, n - from)));
  }
  return out;
}

// Whether every code of the span occurs. Few codes are all met soon: they are counted now and then.
// Codes that come sorted are the same all through most blocks.
inline bool all_occur(const int* codes, std::size_t n, const std::vector<IntRange>& ranges,
                      const CodeScan& scan) {
  std::vector<char> met(scan.span(), 0);
  const auto meet = [&](int code) { met[static_cast<std::size_t>(code - scan.lowest)] = 1; };
  const auto all_met = [&] { return std::find(met.begin(), met.end(), 0) == met.end(); };
  const std::size_t blocks_between_counts = 1 + 4 * met.size() / block;
  for (std::size_t b = 0; b < ranges.size(); ++b) {
    if (ranges[b].low == ranges[b].high) {
      meet(ranges[b].low);
    } else {
      std::for_each(codes + b * block, codes + std::min(n, (b + 1) * block), meet);
    }
    if (b % blocks_between_counts == 0 && all_met()) return true;
  }
  return all_met();
}

}  // namespace codes_detail

inline CodeScan scan_codes(const int* codes, std::size_t n, std::size_t max_span,
                           bool dense_asked = true) {
  CodeScan out;
  if (n == 0) return out;
  const auto ranges = codes_detail::block_ranges(codes, n);
  out.lowest = out.highest = codes[0];
  for (const IntRange& x : ranges) {
    out.lowest = std::min(out.lowest, x.low);
    out.highest = std::max(out.highest, x.high);
  }
  out.has_missing = out.lowest == std::numeric_limits<int>::min();
  out.fits = !out.has_missing && out.span() <= max_span;
  if (out.fits && dense_asked) out.dense = codes_detail::all_occur(codes, n, ranges, out);
  return out;
}

}  // namespace judicious

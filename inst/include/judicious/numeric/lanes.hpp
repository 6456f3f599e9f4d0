// Four doubles at once, as two registers of two: every x86-64 and ARM64 machine has those, so
// loops over millions of rows wait for memory only. Compilers without vector types get arrays.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace judicious {

#if defined(__GNUC__) && !defined(JUDICIOUS_PLAIN_LANES)

using Pair = double __attribute__((vector_size(16)));
using PairMask = std::int64_t __attribute__((vector_size(16)));

inline Pair pair_of(double x) { return Pair{x, x}; }
#if defined(__SSE2__)
// Compilers would take the masks of many comparisons apart.
inline PairMask missing(Pair x) {
  return reinterpret_cast<PairMask>(
      _mm_cmpunord_pd(reinterpret_cast<__m128d>(x), reinterpret_cast<__m128d>(x)));
}
#else
inline PairMask missing(Pair x) { return reinterpret_cast<PairMask>(x != x); }
#endif
inline PairMask below(Pair x, Pair y) { return reinterpret_cast<PairMask>(x < y); }
inline Pair keep(PairMask mask, Pair x) {
  return reinterpret_cast<Pair>(reinterpret_cast<PairMask>(x) & mask);
}
// Of two, the first where either is missing: `x` is the accumulator.
inline Pair lower(Pair x, Pair y) { return y < x ? y : x; }
inline Pair higher(Pair x, Pair y) { return y > x ? y : x; }
// Whole numbers, the lowest of which means missing.
inline Pair pair_of_integers(const int* from, double offset) {
  constexpr double missing_integer = std::numeric_limits<int>::min();
#if defined(__SSE2__)
  const auto both = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
  const Pair x = reinterpret_cast<Pair>(_mm_cvtepi32_pd(both));
#else
  const Pair x = {static_cast<double>(from[0]), static_cast<double>(from[1])};
#endif
  const Pair lowest = {missing_integer, missing_integer}, by = {offset, offset};
  return reinterpret_cast<Pair>(reinterpret_cast<PairMask>(x - by) |
                                reinterpret_cast<PairMask>(x == lowest));
}

#else

struct Pair {
  double values[2];
  double operator[](int k) const { return values[k]; }
  double& operator[](int k) { return values[k]; }
};
struct PairMask {
  std::int64_t values[2];
  std::int64_t operator[](int k) const { return values[k]; }
};

inline Pair pair_of(double x) { return {{x, x}}; }
inline Pair operator+(Pair x, Pair y) { return {{x[0] + y[0], x[1] + y[1]}}; }
inline Pair operator-(Pair x, Pair y) { return {{x[0] - y[0], x[1] - y[1]}}; }
inline Pair operator*(Pair x, Pair y) { return {{x[0] * y[0], x[1] * y[1]}}; }
inline Pair operator/(Pair x, Pair y) { return {{x[0] / y[0], x[1] / y[1]}}; }
inline Pair& operator+=(Pair& x, Pair y) { return x = x + y; }
inline PairMask operator&(PairMask x, PairMask y) { return {{x[0] & y[0], x[1] & y[1]}}; }
inline PairMask operator|(PairMask x, PairMask y) { return {{x[0] | y[0], x[1] | y[1]}}; }
inline PairMask pair_mask(bool first, bool second) { return {{first ? -1 : 0, second ? -1 : 0}}; }
inline PairMask missing(Pair x) { return pair_mask(x[0] != x[0], x[1] != x[1]); }
inline PairMask below(Pair x, Pair y) { return pair_mask(x[0] < y[0], x[1] < y[1]); }
inline Pair keep(PairMask mask, Pair x) {
  return {{mask[0] != 0 ? x[0] : 0.0, mask[1] != 0 ? x[1] : 0.0}};
}
inline Pair lower(Pair x, Pair y) {
  return {{y[0] < x[0] ? y[0] : x[0], y[1] < x[1] ? y[1] : x[1]}};
}
inline Pair higher(Pair x, Pair y) {
  return {{y[0] > x[0] ? y[0] : x[0], y[1] > x[1] ? y[1] : x[1]}};
}
inline Pair pair_of_integers(const int* from, double offset) {
  const auto number = [&](int x) {
    constexpr int lowest = std::numeric_limits<int>::min();
    return x == lowest ? std::numeric_limits<double>::quiet_NaN() : x - offset;
  };
  return {{number(from[0]), number(from[1])}};
}

#endif

inline Pair load_pair(const double* from) {
  Pair out;
  std::memcpy(&out, from, sizeof(Pair));
  return out;
}
inline void store_pair(Pair x, double* to) { std::memcpy(to, &x, sizeof(Pair)); }
inline double sum(Pair x) { return x[0] + x[1]; }
inline double least(Pair x) { return std::min(x[0], x[1]); }
inline double greatest(Pair x) { return std::max(x[0], x[1]); }
#if defined(__SSE2__) && !defined(JUDICIOUS_PLAIN_LANES)
inline int signs(PairMask x) { return _mm_movemask_pd(reinterpret_cast<__m128d>(x)); }
#else
inline int signs(PairMask x) { return (x[0] != 0 ? 1 : 0) | (x[1] != 0 ? 2 : 0); }
#endif
inline bool all(PairMask x) { return signs(x) == 3; }
inline bool any(PairMask x) { return signs(x) != 0; }

struct IntRange {
  int low, high;
};

// The lowest and highest of n > 0 numbers.
inline IntRange int_range(const int* x, std::size_t n) {
  IntRange out{x[0], x[0]};
  std::size_t i = 0;
#if defined(__GNUC__) && !defined(JUDICIOUS_PLAIN_LANES)
  using Quad = int __attribute__((vector_size(16)));
  Quad low = {x[0], x[0], x[0], x[0]}, high = low;
  for (Quad at; i + 4 <= n; i += 4) {
    std::memcpy(&at, x + i, sizeof(Quad));
    low = at < low ? at : low;
    high = at > high ? at : high;
  }
  for (int k = 0; k < 4; ++k) out = {std::min(out.low, low[k]), std::max(out.high, high[k])};
#endif
  for (; i < n; ++i) out = {std::min(out.low, x[i]), std::max(out.high, x[i])};
  return out;
}

}  // namespace judicious

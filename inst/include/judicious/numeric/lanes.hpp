// Four doubles at once, as two registers of two: every x86-64 and ARM64 machine has those, so
// loops over millions of rows wait for memory only. Compilers without vector types get arrays.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// What a loop over all rows calls, and compilers would leave a call where it stands twice.
#if defined(__GNUC__)
#define JUDICIOUS_INLINE inline __attribute__((always_inline))
#define JUDICIOUS_INLINE_BODY __attribute__((always_inline))  // of a lambda
#else
#define JUDICIOUS_INLINE inline
#define JUDICIOUS_INLINE_BODY
#endif

#if defined(__GNUC__) && !defined(__clang__)
#define JUDICIOUS_UNROLL_TWICE _Pragma("GCC unroll 2")
#else
#define JUDICIOUS_UNROLL_TWICE
#endif

namespace judicious {

#if defined(__GNUC__) && !defined(JUDICIOUS_PLAIN_LANES)

using Pair = double __attribute__((vector_size(16)));
using PairMask = std::int64_t __attribute__((vector_size(16)));

inline Pair pair_of(double x) { return Pair{x, x}; }
inline PairMask pair_mask(bool first, bool second) {
  return PairMask{first ? -1 : 0, second ? -1 : 0};
}
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
#endif

inline Pair load_pair(const double* from) {
  Pair out;
  std::memcpy(&out, from, sizeof(Pair));
  return out;
}
inline void store_pair(Pair x, double* to) { std::memcpy(to, &x, sizeof(Pair)); }

// Four whole numbers less `offset` as doubles; the lowest of all integers means missing.
#if defined(__SSE2__) && !defined(JUDICIOUS_PLAIN_LANES)
inline void store_integers(const int* from, double offset, double* to) {
  const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  const __m128i no = _mm_cmpeq_epi32(x, _mm_set1_epi32(std::numeric_limits<int>::min()));
  const __m128d first = _mm_cvtepi32_pd(x), by = _mm_set1_pd(offset);
  const __m128d last = _mm_cvtepi32_pd(_mm_shuffle_epi32(x, _MM_SHUFFLE(3, 2, 3, 2)));
  const auto unless = [](__m128d value, __m128i is_missing) {  // all bits set: not a number
    return _mm_or_pd(value, _mm_castsi128_pd(is_missing));
  };
  _mm_storeu_pd(to, unless(_mm_sub_pd(first, by), _mm_unpacklo_epi32(no, no)));
  _mm_storeu_pd(to + 2, unless(_mm_sub_pd(last, by), _mm_unpackhi_epi32(no, no)));
}
#else
inline void store_integers(const int* from, double offset, double* to) {
  for (int k = 0; k < 4; ++k) {
    const bool is_missing = from[k] == std::numeric_limits<int>::min();
    to[k] = is_missing ? std::numeric_limits<double>::quiet_NaN() : from[k] - offset;
  }
}
#endif

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

// One bit for each of eight.
#if defined(__SSE2__) && !defined(JUDICIOUS_PLAIN_LANES)
inline std::uint8_t signs(PairMask a, PairMask b, PairMask c, PairMask d) {
  const auto halves = [](PairMask x, PairMask y) {
    return _mm_castps_si128(_mm_shuffle_ps(reinterpret_cast<__m128>(x), reinterpret_cast<__m128>(y),
                                           _MM_SHUFFLE(2, 0, 2, 0)));
  };
  const __m128i all = _mm_packs_epi32(halves(a, b), halves(c, d));
  return static_cast<std::uint8_t>(_mm_movemask_epi8(_mm_packs_epi16(all, all)));
}
#else
inline std::uint8_t signs(PairMask a, PairMask b, PairMask c, PairMask d) {
  return static_cast<std::uint8_t>(signs(a) | signs(b) << 2 | signs(c) << 4 | signs(d) << 6);
}
#endif

// The place of the lowest bit that is set.
inline unsigned lowest_bit(std::uint64_t x) {
#if defined(__GNUC__)
  return static_cast<unsigned>(__builtin_ctzll(x));
#else
  unsigned out = 0;
  for (; (x & 1) == 0; x >>= 1) ++out;
  return out;
#endif
}

// Asks for memory so many bytes further on, if there is any, while other work is done.
inline void fetch_ahead(const void* at, std::size_t bytes) {
#if defined(__GNUC__)
  __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(at) + bytes));
#else
  static_cast<void>(at);
  static_cast<void>(bytes);
#endif
}

// Asks for memory that is to be written.
inline void fetch_to_write(const void* at) {
#if defined(__GNUC__)
  __builtin_prefetch(at, 1);
#else
  static_cast<void>(at);
#endif
}

// Bytes as whole numbers.
inline void widen(const std::uint8_t* from, std::size_t n, int* to) {
  std::size_t i = 0;
#if defined(__SSE2__) && !defined(JUDICIOUS_PLAIN_LANES)
  const __m128i zero = _mm_setzero_si128();
  for (; i + 8 <= n; i += 8) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + i));
    const __m128i words = _mm_unpacklo_epi8(bytes, zero);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), _mm_unpacklo_epi16(words, zero));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i + 4), _mm_unpackhi_epi16(words, zero));
  }
#endif
  for (; i < n; ++i) to[i] = from[i];
}

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

// Whether none of n > 0 numbers is below the one before.
inline bool ascends(const int* x, std::size_t n) {
  std::size_t i = 1;
  bool out = true;
#if defined(__SSE2__) && !defined(JUDICIOUS_PLAIN_LANES)
  __m128i falls = _mm_setzero_si128();
  for (; i + 4 <= n; i += 4) {
    const __m128i at = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x + i));
    const __m128i before = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x + i - 1));
    falls = _mm_or_si128(falls, _mm_cmplt_epi32(at, before));
  }
  out = _mm_movemask_epi8(falls) == 0;
#endif
  for (; i < n; ++i) out = out && x[i - 1] <= x[i];
  return out;
}

// Of each of four numbers, whether it equals the one before: as masks.
inline std::array<PairMask, 4> as_before(const int* x) {
#if defined(__SSE2__) && !defined(JUDICIOUS_PLAIN_LANES)
  const __m128i same = _mm_cmpeq_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x)),
                                       _mm_loadu_si128(reinterpret_cast<const __m128i*>(x - 1)));
  return {reinterpret_cast<PairMask>(_mm_shuffle_epi32(same, _MM_SHUFFLE(0, 0, 0, 0))),
          reinterpret_cast<PairMask>(_mm_shuffle_epi32(same, _MM_SHUFFLE(1, 1, 1, 1))),
          reinterpret_cast<PairMask>(_mm_shuffle_epi32(same, _MM_SHUFFLE(2, 2, 2, 2))),
          reinterpret_cast<PairMask>(_mm_shuffle_epi32(same, _MM_SHUFFLE(3, 3, 3, 3)))};
#else
  const auto mask = [](bool same) { return pair_mask(same, same); };
  return {mask(x[0] == x[-1]), mask(x[1] == x[0]), mask(x[2] == x[1]), mask(x[3] == x[2])};
#endif
}

}  // namespace judicious

// Four doubles in one register, on processors that have such (AVX2): asked at run time, so that one
// library serves all. Functions of these types are compiled for them, and may be called by one
// another only; without them there is nothing here but `has_wide_lanes()`. GCC for Windows does not
// align such registers on the stack (its bug 54412).
#pragma once

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(_WIN32) && \
    !defined(JUDICIOUS_PLAIN_LANES)
#define JUDICIOUS_WIDE_LANES 1
#include <immintrin.h>

#include <cstddef>
#include <limits>

#define JUDICIOUS_WIDE __attribute__((target("avx2")))
#define JUDICIOUS_WIDE_INLINE inline __attribute__((always_inline, target("avx2")))

namespace judicious {

inline bool has_wide_lanes() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}

namespace wide_lanes {

using Lanes = __m256d;
using LaneMask = __m256d;
constexpr std::size_t n_lanes = 4;

JUDICIOUS_WIDE_INLINE Lanes lanes_of(double x) { return _mm256_set1_pd(x); }
JUDICIOUS_WIDE_INLINE Lanes load_lanes(const double* from) { return _mm256_loadu_pd(from); }
JUDICIOUS_WIDE_INLINE LaneMask missing(Lanes x) { return _mm256_cmp_pd(x, x, _CMP_UNORD_Q); }
JUDICIOUS_WIDE_INLINE Lanes keep(LaneMask mask, Lanes x) { return _mm256_and_pd(mask, x); }
// Of two, the first where either is missing: `x` is the accumulator.
JUDICIOUS_WIDE_INLINE Lanes lower(Lanes x, Lanes y) { return _mm256_min_pd(y, x); }
JUDICIOUS_WIDE_INLINE Lanes higher(Lanes x, Lanes y) { return _mm256_max_pd(y, x); }
JUDICIOUS_WIDE_INLINE unsigned signs(LaneMask a, LaneMask b) {
  return static_cast<unsigned>(_mm256_movemask_pd(a) | _mm256_movemask_pd(b) << 4);
}

JUDICIOUS_WIDE_INLINE double lane_sum(Lanes x) {
  const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd(x, 1));
  return two[0] + two[1];
}
JUDICIOUS_WIDE_INLINE double least(Lanes x) {
  const __m128d two = _mm_min_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd(x, 1));
  return two[0] < two[1] ? two[0] : two[1];
}
JUDICIOUS_WIDE_INLINE double greatest(Lanes x) {
  const __m128d two = _mm_max_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd(x, 1));
  return two[0] > two[1] ? two[0] : two[1];
}

// Whole numbers less `offset` as doubles, a multiple of four of them; the lowest of all integers
// means missing.
JUDICIOUS_WIDE inline void store_integers(const int* from, std::size_t n, double offset,
                                          double* to) {
  const __m128i lowest = _mm_set1_epi32(std::numeric_limits<int>::min());
  const Lanes by = lanes_of(offset);
  for (std::size_t i = 0; i < n; i += n_lanes) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
    const __m256i is_missing = _mm256_cvtepi32_epi64(_mm_cmpeq_epi32(x, lowest));
    // All bits set: not a number.
    _mm256_storeu_pd(to + i,
                     _mm256_or_pd(_mm256_cvtepi32_pd(x) - by, _mm256_castsi256_pd(is_missing)));
  }
}

}  // namespace wide_lanes
}  // namespace judicious

#else

namespace judicious {
constexpr bool has_wide_lanes() { return false; }
}  // namespace judicious

#endif

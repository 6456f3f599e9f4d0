// Reproducible random numbers: one 64-bit base seed, a stream per replicate or
// block, and our own distributions (the standard library's differ between
// compilers). The generator itself is supplied by the caller: any type that is
// constructed from a 64-bit seed and returns 64 random bits.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace judicious {

// Seed of stream k: a hash, so that neighbouring seeds share no streams
// (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
inline std::uint64_t stream_seed(std::uint64_t base, std::uint64_t k) {
  std::uint64_t z = base + 0x9E3779B97F4A7C15ULL * (k + 1);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

// Uniform on [0, 1) from the upper 53 bits.
template <class Generator>
double uniform01(Generator& rng) {
  return static_cast<double>(rng() >> 11) * 0x1.0p-53;
}

// Uniform on {0, ..., n - 1} for n up to 2^53, without modulo bias; from the upper
// bits, which are the better ones of linear generators.
template <class Generator>
std::uint64_t uniform_below(Generator& rng, std::uint64_t n) {
  constexpr std::uint64_t span = std::uint64_t{1} << 53;
  const std::uint64_t limit = span - span % n;
  std::uint64_t draw = rng() >> 11;
  while (draw >= limit) draw = rng() >> 11;
  return draw % n;
}

// Writes the numbers 0, ..., n - 1 in random order (Fisher and Yates).
template <class Generator, class Index>
void fill_random_order(Generator& rng, Index* order, std::size_t n) {
  std::iota(order, order + n, Index{0});
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[uniform_below(rng, i)]);
}

// The numbers 0, ..., n - 1 in random order.
template <class Generator>
std::vector<std::size_t> random_order(Generator& rng, std::size_t n) {
  std::vector<std::size_t> order(n);
  fill_random_order(rng, order.data(), n);
  return order;
}

// Marks a simple random sample of `size` of the n flags with 1, the others with
// 0, in `size` draws: the flags are the set (Bentley and Floyd 1987).
template <class Generator>
void mark_random_subset(Generator& rng, int* flags, std::size_t n, std::size_t size) {
  std::fill(flags, flags + n, 0);
  for (std::size_t last = n - size; last < n; ++last) {
    const std::size_t draw = uniform_below(rng, last + 1);
    flags[flags[draw] == 0 ? draw : last] = 1;
  }
}

// 1 with probability p, else 0.
template <class Generator>
int bernoulli(Generator& rng, double p) {
  return uniform01(rng) < p ? 1 : 0;
}

// Standard normal, by ratio of uniforms (Leva 1992, Algorithm 712): no state
// beside the generator's, so a stream is nothing but its seed.
template <class Generator>
double normal01(Generator& rng) {
  while (true) {
    const double u = 1.0 - uniform01(rng);  // (0, 1], log is finite
    const double v = 1.7156 * (uniform01(rng) - 0.5);
    const double x = u - 0.449871;
    const double y = std::abs(v) + 0.386595;
    const double q = x * x + y * (0.19600 * y - 0.25472 * x);
    if (q < 0.27597) return v / u;
    if (q <= 0.27846 && v * v <= -4.0 * u * u * std::log(u)) return v / u;
  }
}

// The logarithm of a gamma variate of unit rate (Marsaglia and Tsang 2000); on
// the log scale because shapes near 0 give variates that underflow.
template <class Generator>
double log_gamma_variate(Generator& rng, double shape) {
  if (shape < 1.0) {
    const double boost = std::log(1.0 - uniform01(rng)) / shape;
    return log_gamma_variate(rng, shape + 1.0) + boost;
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  while (true) {
    const double x = normal01(rng);
    const double root = 1.0 + c * x;
    if (root <= 0.0) continue;
    const double log_v = 3.0 * std::log(root);
    const double log_u = std::log(1.0 - uniform01(rng));
    if (log_u < 0.5 * x * x + d * (1.0 - root * root * root + log_v)) return std::log(d) + log_v;
  }
}

// Beta(a, b), both positive.
template <class Generator>
double beta_variate(Generator& rng, double a, double b) {
  const double log_first = log_gamma_variate(rng, a);
  const double log_second = log_gamma_variate(rng, b);
  return 1.0 / (1.0 + std::exp(log_second - log_first));
}

}  // namespace judicious

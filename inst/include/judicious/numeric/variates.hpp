// Random counts and indices: what bootstraps draw.
#pragma once

#include <judicious/numeric/random.hpp>

namespace judicious {

// Binomial(n, p) by halving at an order statistic (Relles 1972; Devroye 1986,
// X.4.2): exact, in about log2(n) beta variates.
template <class Generator>
std::size_t binomial_variate(Generator& rng, std::size_t n, double p) {
  std::size_t count = 0;
  while (n > 32) {
    const std::size_t middle = n / 2 + 1;
    const double x =
        beta_variate(rng, static_cast<double>(middle), static_cast<double>(n + 1 - middle));
    if (x <= p) {
      count += middle;
      p = (p - x) / (1.0 - x);
      n -= middle;
    } else {
      p = p / x;
      n = middle - 1;
    }
  }
  for (std::size_t i = 0; i < n; ++i) count += static_cast<std::size_t>(bernoulli(rng, p));
  return count;
}

// Calls visit(index) for `draws` random indices below n < 2^32, two from one
// 64-bit draw (Lemire 2019). Like std::for_each it takes the visitor by value and
// returns it: what it sums up, and the copy of the generator, stay in registers.
template <class Generator, class Visit>
Visit draw_indices(Generator& rng, std::size_t n, std::size_t draws, Visit visit) {
  Generator local = rng;
  const std::uint64_t below = n;
  const auto reject = static_cast<std::uint32_t>((std::uint64_t{1} << 32) % below);
  const auto kept = [reject](std::uint64_t product) {
    return static_cast<std::uint32_t>(product) >= reject;
  };
  while (draws > 0) {
    const std::uint64_t word = local();
    const std::uint64_t first = static_cast<std::uint32_t>(word >> 32) * below;
    const std::uint64_t second = static_cast<std::uint32_t>(word >> 8) * below;
    if (kept(first)) {
      visit(static_cast<std::size_t>(first >> 32));
      --draws;
    }
    if (draws > 0 && kept(second)) {
      visit(static_cast<std::size_t>(second >> 32));
      --draws;
    }
  }
  rng = local;
  return visit;
}

}  // namespace judicious

// Random counts and indices: what bootstraps draw.
#pragma once

#include <array>
#include <judicious/numeric/random.hpp>
#include <type_traits>

namespace judicious {

namespace binomial_detail {

// log(k!) less the first terms of Stirling's series for it.
inline double stirling_rest(double k) {
  constexpr std::array<double, 10> small = {
      0.0810614667953272,  0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
      0.0166446911898211,  0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
      0.00925546218271273, 0.00833056343336287};
  if (k < 10.0) return small[static_cast<std::size_t>(k)];
  const double square = (k + 1.0) * (k + 1.0);
  return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / (k + 1.0);
}

// By walking up from 0, for small n p.
template <class Generator>
double walk(Generator& rng, double n, double p) {
  const double odds = p / (1.0 - p);
  const double at_zero = std::exp(n * std::log1p(-p));
  while (true) {
    double u = uniform01(rng), mass = at_zero;
    for (double k = 0.0; k <= n && k < 200.0; k += 1.0) {
      if (u < mass) return k;
      u -= mass;
      mass *= odds * (n - k) / (k + 1.0);
    }
  }
}

// By transformed rejection with squeeze (Hormann 1993, algorithm BTRS), for p up to 1/2 and n p
// from 10.
template <class Generator>
double reject(Generator& rng, double n, double p) {
  const double spread = std::sqrt(n * p * (1.0 - p));
  const double b = 1.15 + 2.53 * spread;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double centre = n * p + 0.5, v_squeeze = 0.92 - 4.2 / b;
  while (true) {
    const double u = uniform01(rng) - 0.5;
    double v = uniform01(rng);
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2.0 * a / us + b) * u + centre);
    if (us >= 0.07 && v <= v_squeeze) return k;
    if (k < 0.0 || k > n) continue;
    const double mode = std::floor((n + 1.0) * p), odds = p / (1.0 - p);
    v = std::log(v * (2.83 + 5.1 / b) * spread / (a / (us * us) + b));
    const double most = (mode + 0.5) * std::log((mode + 1.0) / (odds * (n - mode + 1.0))) +
                        (n + 1.0) * std::log((n - mode + 1.0) / (n - k + 1.0)) +
                        (k + 0.5) * std::log(odds * (n - k + 1.0) / (k + 1.0)) +
                        stirling_rest(mode) + stirling_rest(n - mode) - stirling_rest(k) -
                        stirling_rest(n - k);
    if (v <= most) return k;
  }
}

}  // namespace binomial_detail

// Binomial(n, p): exact, at a cost that hardly depends on n.
template <class Generator>
std::size_t binomial_variate(Generator& rng, std::size_t n, double p) {
  if (n == 0 || !(p > 0.0)) return 0;
  if (p >= 1.0) return n;
  const auto size = static_cast<double>(n);
  const double q = std::min(p, 1.0 - p);
  const double k =
      size * q < 10.0 ? binomial_detail::walk(rng, size, q) : binomial_detail::reject(rng, size, q);
  return p <= 0.5 ? static_cast<std::size_t>(k) : n - static_cast<std::size_t>(k);
}

// How often each of several kinds comes up in `draws` draws from items of which there are
// sizes[k] of kind k, as a chain of binomial counts. Writes counts[k].
template <class Generator, class Sizes, class Counts>
void multinomial_variate(Generator& rng, const Sizes& sizes, double n_items, std::size_t draws,
                         Counts& counts) {
  double others = n_items;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const bool last = !(sizes[k] < others);
    const std::size_t n = last ? draws : binomial_variate(rng, draws, sizes[k] / others);
    counts[k] = static_cast<double>(n);
    draws -= n;
    others -= sizes[k];
  }
}

// From how many items per kind on their counts are drawn, not the items.
constexpr std::size_t items_per_binomial = 48;

template <class Visit, class = void>
struct has_second : std::false_type {};
template <class Visit>
struct has_second<Visit, std::void_t<decltype(&Visit::second)>> : std::true_type {};

// Calls visit(index) for `draws` random indices below n < 2^32, two from one
// 64-bit draw (Lemire 2019). Like std::for_each it takes the visitor by value and
// returns it: what it sums up, and the copy of the generator, stay in registers. A visitor with a
// member second(index) is given every other index there, to sum up twice as fast.
template <class Generator, class Visit>
Visit draw_indices(Generator& rng, std::size_t n, std::size_t draws, Visit visit) {
  const auto visit_second = [](Visit& to, std::size_t i) {
    if constexpr (has_second<Visit>::value) {
      to.second(i);
    } else {
      to(i);
    }
  };
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
      visit_second(visit, static_cast<std::size_t>(second >> 32));
      --draws;
    }
  }
  rng = local;
  return visit;
}

}  // namespace judicious

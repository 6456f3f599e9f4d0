// Stratified samples: how many labels each stratum gets, and the draw.
//
// Strata are given by codes first, first + 1, ... per item; everything per stratum
// has one entry per code, in that order or any other the caller keeps to.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <judicious/data/moments.hpp>
#include <judicious/sample/sampling.hpp>
#include <limits>
#include <numeric>
#include <vector>

namespace judicious {

inline void count_strata(const Integers& codes, int first, DoublesOut sizes) {
  sizes.setZero();
  for (Eigen::Index i = 0; i < codes.size(); ++i) sizes[codes[i] - first] += 1.0;
}

// The sample standard deviation of `values` within each stratum; NaN where a
// stratum has one item, infinite where squares overflow.
inline void spread_of_strata(const Integers& codes, int first, const Doubles& values,
                             DoublesOut sd) {
  using Sums = ShiftedSums<1>;
  std::vector<Sums> sums(static_cast<std::size_t>(sd.size()), Sums(1));
  for (Eigen::Index i = 0; i < codes.size(); ++i) {
    sums[static_cast<std::size_t>(codes[i] - first)].add(Sums::Values(values[i]));
  }
  for (Eigen::Index h = 0; h < sd.size(); ++h) {
    const Moments m = sums[static_cast<std::size_t>(h)].moments();
    const double squares = m.cross.allFinite() ? std::max(m.cross(0, 0), 0.0)
                                               : std::numeric_limits<double>::infinity();
    sd[h] = std::sqrt(squares / (m.n - 1.0));
  }
}

namespace allocation_detail {

// The whole numbers from 0 to n - 1, sorted so that `before` holds; equal ones
// stay in order.
template <class Before>
std::vector<Eigen::Index> sorted_positions(Eigen::Index n, Before before) {
  std::vector<Eigen::Index> positions(static_cast<std::size_t>(n));
  std::iota(positions.begin(), positions.end(), Eigen::Index{0});
  std::stable_sort(positions.begin(), positions.end(), before);
  return positions;
}

// Shares of n in proportion to the weights, none above its stratum's size: what a
// full stratum cannot take goes to the others in proportion. Strata without weight
// share, by size, what is left when all others are full.
inline Eigen::VectorXd capped_shares(const Doubles& weights, const Doubles& sizes, double n) {
  // Fullest first: if one does not overflow, none of those behind it does.
  const auto order = sorted_positions(weights.size(), [&](auto a, auto b) {
    return weights[a] * sizes[b] > weights[b] * sizes[a];
  });
  // Sums over each stratum and those behind it, from the back: subtracting from a
  // total would leave noise in place of the small weights.
  std::vector<double> weight_left(order.size() + 1, 0.0), room_left(order.size() + 1, 0.0);
  for (std::size_t k = order.size(); k-- > 0;) {
    weight_left[k] = weight_left[k + 1] + weights[order[k]];
    room_left[k] = room_left[k + 1] + sizes[order[k]];
  }

  Eigen::VectorXd shares(weights.size());
  std::size_t k = 0;
  for (; k < order.size() && weight_left[k] > 0.0; ++k) {
    if (n * weights[order[k]] < sizes[order[k]] * weight_left[k]) break;
    shares[order[k]] = sizes[order[k]];
    n -= sizes[order[k]];
  }
  const std::size_t n_full = k;
  const bool by_weight = weight_left[n_full] > 0.0;
  for (; k < order.size(); ++k) {
    shares[order[k]] = by_weight ? n * weights[order[k]] / weight_left[n_full]
                                 : n * sizes[order[k]] / room_left[n_full];
  }
  return shares;
}

// Whole numbers with the same sum: all are rounded down, and the missing ones go
// to the largest remainders, ties to the first. Remainders that differ in rounding
// error only are ties.
inline Eigen::VectorXd round_shares(const Eigen::VectorXd& shares, double n) {
  Eigen::VectorXd rounded = shares.array().floor();
  const Eigen::VectorXd remainder = ((shares - rounded).array() * 1e9).round();
  const auto order =
      sorted_positions(shares.size(), [&](auto a, auto b) { return remainder[a] > remainder[b]; });
  const auto n_missing = static_cast<std::size_t>(std::max(n - rounded.sum(), 0.0));
  for (std::size_t k = 0; k < n_missing; ++k) rounded[order[k]] += 1.0;
  return rounded;
}

}  // namespace allocation_detail

// n labels over the strata in proportion to `weights` (finite, at least 0): sizes
// for a proportional allocation, sizes times standard deviations for Neyman's
// (1934). No stratum gets more labels than it has items; the sum is n.
inline Eigen::VectorXd allocate_labels(const Doubles& weights, const Doubles& sizes, double n) {
  sampling_detail::require(n >= 1.0 && n <= sizes.sum(),
                           "The sample size must lie in [1, number of items].");
  return allocation_detail::round_shares(allocation_detail::capped_shares(weights, sizes, n), n);
}

// A number of labels with which every stratum gets `least` of them, and one below
// it is too few. Every stratum must have that many items.
inline double labels_needed(const Doubles& weights, const Doubles& sizes, double least) {
  double enough = sizes.sum();
  double too_few = least * static_cast<double>(sizes.size()) - 1.0;
  while (enough - too_few > 1.0) {
    const double middle = std::floor((enough + too_few) / 2.0);
    const bool suffices = allocate_labels(weights, sizes, middle).minCoeff() >= least;
    (suffices ? enough : too_few) = middle;
  }
  return enough;
}

// Simple random samples of labels[h] of the sizes[h] items of each stratum, in one
// pass: an item is taken with the chance (labels still to give out) / (items still
// to come) of its stratum (selection sampling: Fan, Muller and Rezucha 1962).
template <class Generator>
void sample_strata(Generator& rng, const Integers& codes, int first, const Doubles& labels,
                   const Doubles& sizes, DoublesOut prob, IntegersOut selected) {
  Eigen::VectorXd labels_left = labels, items_left = sizes;
  for (Eigen::Index i = 0; i < codes.size(); ++i) {
    const Eigen::Index h = codes[i] - first;
    const auto draw = uniform_below(rng, static_cast<std::uint64_t>(items_left[h]));
    selected[i] = static_cast<double>(draw) < labels_left[h] ? 1 : 0;
    labels_left[h] -= selected[i];
    items_left[h] -= 1.0;
    prob[i] = labels[h] / sizes[h];
  }
}

}  // namespace judicious

// Isotonic regression of right (1) and wrong (0) on the score, by pooling
// adjacent violators.
#pragma once

#include <judicious/confidence/score_blocks.hpp>

namespace judicious {

// Neighbouring scores with one fitted value.
struct IsotonicPool {
  double low, high;  // smallest and largest score
  double n, n_correct;

  double mean() const { return n_correct / n; }
};

// Least squares under "not decreasing in the score"; pools by ascending score.
inline std::vector<IsotonicPool> isotonic_pools(const std::vector<ScoreBlock>& blocks) {
  std::vector<IsotonicPool> pools;
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    pools.push_back({block->score, block->score, block->n, block->n_correct});
    // Compared as products of whole numbers: exact, and equal means are pooled.
    while (pools.size() > 1) {
      const IsotonicPool last = pools.back();
      IsotonicPool& before = pools[pools.size() - 2];
      if (before.n_correct * last.n < last.n_correct * before.n) break;
      before.high = last.high;
      before.n += last.n;
      before.n_correct += last.n_correct;
      pools.pop_back();
    }
  }
  return pools;
}

// Knots of the fitted map, constant within a pool and straight between pools.
struct Knots {
  std::vector<double> x, y;
};

inline Knots isotonic_knots(const std::vector<IsotonicPool>& pools) {
  Knots out;
  const auto add = [&](double x, double y) {
    out.x.push_back(x);
    out.y.push_back(y);
  };
  for (const auto& pool : pools) {
    add(pool.low, pool.mean());
    if (pool.high > pool.low) add(pool.high, pool.mean());
  }
  return out;
}

// Value of the map at x, constant beyond the outer knots; NaN stays NaN. At least
// one knot.
inline double interpolate(const Knots& knots, double x) {
  if (std::isnan(x)) return x;
  const auto above = std::upper_bound(knots.x.begin(), knots.x.end(), x);
  if (above == knots.x.begin()) return knots.y.front();
  if (above == knots.x.end()) return knots.y.back();
  const auto k = static_cast<std::size_t>(above - knots.x.begin());
  const double x0 = knots.x[k - 1], x1 = knots.x[k];
  const double share = (x - x0) / (x1 - x0);
  return knots.y[k - 1] + share * (knots.y[k] - knots.y[k - 1]);
}

}  // namespace judicious

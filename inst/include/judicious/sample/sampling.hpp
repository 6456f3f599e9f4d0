// Which items a human should label: probabilities and draws.
//
// Columns to fill (`prob`, `selected`) belong to the caller and have one entry
// per item; `selected` is 1 for an item to label and 0 for one to leave. `rng`
// is any generator of 64 random bits (random.hpp).
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <judicious/numeric/random.hpp>
#include <limits>
#include <stdexcept>
#include <vector>

namespace judicious {

using Doubles = Eigen::Ref<const Eigen::VectorXd>;
using Integers = Eigen::Ref<const Eigen::VectorXi>;
using DoublesOut = Eigen::Ref<Eigen::VectorXd>;
using IntegersOut = Eigen::Ref<Eigen::VectorXi>;

namespace sampling_detail {

inline void require(bool condition, const char* message) {
  if (!condition) throw std::invalid_argument(message);
}

// prob = min(1, budget * u / sum): the budget left for the items below the cap,
// and their sum.
struct WaterLevel {
  double budget, sum;

  double prob(double u) const { return budget * u >= sum ? 1.0 : budget * u / sum; }
};

// The level at which the probabilities sum to n: the largest values are raised
// to 1 one by one until the next one stays below. Only the n largest can reach
// 1, so the others are summed and never sorted. Reorders `u`, whose values lie
// in [0, 1] and have a positive sum.
inline WaterLevel find_level(std::vector<double>& u, double n) {
  const auto n_top =
      static_cast<std::ptrdiff_t>(std::min(std::ceil(n), static_cast<double>(u.size())));
  const auto top = u.end() - n_top;
  std::nth_element(u.begin(), top, u.end());
  std::sort(top, u.end());
  // From the smallest up: sums of what stays below the cap never hold a large
  // value, whose digits would crowd theirs out.
  std::vector<double> sums(static_cast<std::size_t>(n_top));
  double sum = Eigen::Map<const Eigen::VectorXd>(u.data(), top - u.begin()).sum();
  for (std::ptrdiff_t j = 0; j < n_top; ++j) sums[j] = sum += top[j];

  std::ptrdiff_t j = n_top - 1;
  double left = n;
  for (; j > 0 && left * top[j] > sums[j]; --j) left -= 1.0;
  return {left, sums[j]};
}

}  // namespace sampling_detail

// A simple random sample of exactly n items.
template <class Generator>
void sample_uniform(Generator& rng, std::size_t n, DoublesOut prob, IntegersOut selected) {
  const auto n_total = static_cast<std::size_t>(selected.size());
  sampling_detail::require(n >= 1 && n <= n_total, "The sample size must lie in [1, n_total].");
  prob.setConstant(static_cast<double>(n) / static_cast<double>(n_total));
  mark_random_subset(rng, selected.data(), n_total, n);
}

// A simple random sample of whole clusters: all rows of `n` of the `n_clusters`
// clusters; row i belongs to cluster codes[i] in {1, ..., n_clusters}.
template <class Generator>
void sample_clusters(Generator& rng, const Integers& codes, std::size_t n_clusters, std::size_t n,
                     DoublesOut prob, IntegersOut selected) {
  sampling_detail::require(n >= 1 && n <= n_clusters,
                           "The number of clusters drawn must lie in [1, n_clusters].");
  std::vector<int> drawn(n_clusters);
  mark_random_subset(rng, drawn.data(), n_clusters, n);
  prob.setConstant(static_cast<double>(n) / static_cast<double>(n_clusters));
  for (Eigen::Index i = 0; i < codes.size(); ++i) {
    selected[i] = drawn[static_cast<std::size_t>(codes[i] - 1)];
  }
}

// The probabilities that minimise sum(u^2 / prob) subject to sum(prob) = n and
// prob <= 1: prob = min(1, scale * u) (Zrnic and Candes 2024, with the cap kept
// by water-filling). Time O(N + n log n), memory 8 N bytes. An item with u = 0
// could never be labelled and is refused.
inline void active_probabilities(const Doubles& uncertainty, double n, DoublesOut prob) {
  sampling_detail::require(n > 0.0 && n <= static_cast<double>(uncertainty.size()),
                           "The budget must lie in (0, number of items].");
  sampling_detail::require((uncertainty.array() > 0.0).all() && uncertainty.allFinite(),
                           "Uncertainties must be positive and finite.");
  // Relative to the largest, so that no sum overflows.
  const double largest = uncertainty.maxCoeff();
  prob = uncertainty / largest;
  std::vector<double> scratch(prob.data(), prob.data() + prob.size());
  const auto level = sampling_detail::find_level(scratch, n);
  for (Eigen::Index i = 0; i < prob.size(); ++i) {
    prob[i] = level.prob(prob[i]);
    if (!(prob[i] >= std::numeric_limits<double>::min())) {
      throw std::domain_error(
          "The smallest uncertainty is too small next to the largest: its inclusion probability "
          "is 0.");
    }
  }
}

// Independent draws in random order: `order` holds positions from 0, and
// drawn[k] tells whether item order[k] is drawn.
template <class Generator>
void draw_poisson(Generator& rng, const Doubles& prob, IntegersOut order, IntegersOut drawn) {
  const Eigen::Index n = prob.size();
  fill_random_order(rng, order.data(), static_cast<std::size_t>(n));
  for (Eigen::Index k = 0; k < n; ++k) drawn[k] = bernoulli(rng, prob[order[k]]);
}

// What an item costs, in the budget's units: every item needs a judge's answer,
// drawn ones a human label too.
struct Costs {
  double human = 1.0;
  double judge = 0.0;
};

// How an item that left the frame is marked.
struct LeftFrame {
  double prob = std::numeric_limits<double>::quiet_NaN();
  int selected = std::numeric_limits<int>::min();
};

// The cut-off of the published sampler (glide-py 0.10): items are bought in the
// order of the draws as long as the budget lasts. The first one it cannot pay for
// and all after it leave the frame, drawn or not. Reads probabilities from `prob`
// and overwrites those of the items that leave.
inline void cut_off(const Integers& order, const Integers& drawn, Costs costs, double budget,
                    LeftFrame left, DoublesOut prob, IntegersOut selected) {
  double n_drawn = 0.0;
  Eigen::Index k = 0;
  for (; k < order.size(); ++k) {
    n_drawn += drawn[k];
    // Products, not a running total: no rounding error builds up over the items.
    const double spent = n_drawn * costs.human + static_cast<double>(k + 1) * costs.judge;
    if (spent > budget) break;
    selected[order[k]] = drawn[k];
  }
  for (; k < order.size(); ++k) {
    prob[order[k]] = left.prob;
    selected[order[k]] = left.selected;
  }
}

// Fixed-size sampling with the given probabilities, whose sum is a whole number:
// the pivotal method (Deville and Tille 1998) along a random order. Two items
// fight with their probabilities until one of them is settled at 0 or 1; the
// other carries the rest on. Time O(N).
template <class Generator>
void sample_pivotal(Generator& rng, const Doubles& prob, IntegersOut selected) {
  std::vector<int> order(static_cast<std::size_t>(prob.size()));
  fill_random_order(rng, order.data(), order.size());
  int carrier = -1;
  double carried = 0.0;
  for (const int item : order) {
    selected[item] = prob[item] >= 1.0 ? 1 : 0;
    if (prob[item] >= 1.0) continue;
    if (carrier < 0) {
      carrier = item;
      carried = prob[item];
      continue;
    }
    const double sum = carried + prob[item];
    const bool one_wins = sum >= 1.0;
    // Below 1 the carrier drops out in proportion to the other's probability;
    // from 1 on it is taken in proportion to the other's distance from 1.
    const double settles = one_wins ? (1.0 - prob[item]) / (2.0 - sum) : prob[item] / sum;
    const bool carrier_settles = uniform01(rng) < settles;
    selected[carrier_settles ? carrier : item] = one_wins ? 1 : 0;
    if (carrier_settles) carrier = item;
    carried = one_wins ? sum - 1.0 : sum;
  }
  // The last item carries 0 or 1, up to rounding.
  if (carrier >= 0) selected[carrier] = carried > 0.5 ? 1 : 0;
}

}  // namespace judicious

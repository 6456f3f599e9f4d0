// Inclusion probabilities that make the most of a budget when judge and human
// both cost money (Angelopoulos, Eisenstein, Berant, Agarwal and Fisch 2025).
//
// An item costs the judge's answer and, with its probability, a human label. A
// budget B pays for B / (judge + human * mean(prob)) items, and the mean of
// f + (y - f) * selected / prob over them has the variance
//
//     (judge + human * mean(prob)) * (Var(y) + mean(u^2 (1 / prob - 1))) / B,
//
// u^2 being an item's expected squared error of the judge. The numerator is the
// objective minimised here.
#pragma once

#include <algorithm>
#include <cmath>
#include <judicious/sample/sampling.hpp>
#include <limits>
#include <stdexcept>
#include <vector>

namespace judicious {

// prob = gamma * u up to the threshold tau, 1 above it.
struct CostOptimalPolicy {
  double tau, gamma;
  double objective = std::numeric_limits<double>::infinity();

  double prob(double u) const { return u <= tau ? std::min(gamma * u, 1.0) : 1.0; }
};

namespace cost_optimal_detail {

inline void require_setting(double variance, Costs costs) {
  sampling_detail::require(
      costs.human > 0.0 && costs.judge >= 0.0 && std::isfinite(costs.human + costs.judge),
      "A human label must cost something and a judge's not less than nothing.");
  sampling_detail::require(variance > 0.0 && std::isfinite(variance),
                           "The variance of the labels must be positive and finite.");
}

// The best policy with a given threshold. Means are over all items, of those up to
// the threshold: `u` of the uncertainties, `u2` of their squares; `above` is the
// share of the others.
struct ThresholdMeans {
  double u, u2, above;
};

// The objective is (judge + human (above + gamma u)) (variance - u2 + u / gamma),
// convex in gamma, or falling if the judge's errors are as large as the variance of
// the labels; gamma ends at 1 / tau, where the first probability is 1.
inline CostOptimalPolicy policy_at(double tau, const ThresholdMeans& mean, double variance,
                                   Costs costs) {
  const double explained = variance - mean.u2;
  const double highest = 1.0 / tau;
  double gamma = highest;
  if (explained > 0.0) {
    gamma = std::min(highest, std::sqrt((costs.judge / costs.human + mean.above) / explained));
  }
  // The judge is free and no item is sure of a label: ever smaller probabilities
  // look ever better, and none is the best.
  if (gamma == 0.0) return {tau, gamma};
  const double cost = costs.judge + costs.human * (mean.above + gamma * mean.u);
  return {tau, gamma, cost * (explained + mean.u / gamma)};
}

inline void require_optimum(const CostOptimalPolicy& policy, Costs costs) {
  if (std::isfinite(policy.objective)) return;
  throw std::domain_error(
      costs.judge == 0.0
          ? "The judge is free and no item stands out: the best probability would be 0. Let the "
            "judge answer all items and draw as many human labels at random as the budget pays."
          : "Costs, uncertainties and variance are too far apart to compute with.");
}

}  // namespace cost_optimal_detail

// The policy with the least objective over all thresholds; the lowest of equally
// good ones. Time O(N log N), memory 8 N bytes. `variance` is that of the human
// labels.
inline CostOptimalPolicy cost_optimal_policy(const Doubles& uncertainty, double variance,
                                             Costs costs) {
  using namespace cost_optimal_detail;
  require_setting(variance, costs);
  sampling_detail::require(
      uncertainty.size() > 0 && (uncertainty.array() > 0.0).all() && uncertainty.allFinite(),
      "Uncertainties must be positive and finite.");
  std::vector<double> u(uncertainty.data(), uncertainty.data() + uncertainty.size());
  std::sort(u.begin(), u.end());

  const auto n = static_cast<double>(u.size());
  CostOptimalPolicy best{};
  double sum = 0.0, squares = 0.0;  // of ever larger values, so little is rounded away
  for (std::size_t k = 0; k < u.size(); ++k) {
    sum += u[k];
    squares += u[k] * u[k];
    // A threshold is a value, not an item: it counts when its last item is in.
    if (k + 1 < u.size() && u[k + 1] == u[k]) continue;
    const ThresholdMeans mean{sum / n, squares / n, (n - static_cast<double>(k + 1)) / n};
    const auto policy = policy_at(u[k], mean, variance, costs);
    if (policy.objective < best.objective) best = policy;
  }
  require_optimum(best, costs);
  return best;
}

inline void cost_optimal_probabilities(const Doubles& uncertainty, const CostOptimalPolicy& policy,
                                       DoublesOut prob) {
  for (Eigen::Index i = 0; i < prob.size(); ++i) {
    prob[i] = policy.prob(uncertainty[i]);
    if (!(prob[i] >= std::numeric_limits<double>::min())) {
      throw std::domain_error(
          "The smallest uncertainty is too small next to the spread of the labels: its inclusion "
          "probability is 0.");
    }
  }
}

// The same for one probability for all items, given the judge's mean squared error:
// the threshold is of no use, gamma u is the probability.
inline CostOptimalPolicy cost_optimal_rate(double variance, double mean_squared_error,
                                           Costs costs) {
  using namespace cost_optimal_detail;
  require_setting(variance, costs);
  sampling_detail::require(mean_squared_error > 0.0 && std::isfinite(mean_squared_error),
                           "The judge's mean squared error must be positive and finite.");
  const double u = std::sqrt(mean_squared_error);
  const auto policy = policy_at(u, {u, mean_squared_error, 0.0}, variance, costs);
  require_optimum(policy, costs);
  return policy;
}

}  // namespace judicious

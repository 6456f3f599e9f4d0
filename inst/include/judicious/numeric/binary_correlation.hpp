// Which correlations two 0/1 variables can have, and the judge that has one.
#pragma once

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace judicious {

inline void require_proportion(double mean) {
  if (!(mean > 0.0 && mean < 1.0)) {
    throw std::invalid_argument("Means of binary labels must lie strictly between 0 and 1.");
  }
}

struct Range {
  double low, high;
};

// The correlations two 0/1 variables with these means can have: the joint
// probability of (1, 1) lies in [max(0, p + q - 1), min(p, q)] (Prentice 1988).
inline Range binary_correlation_range(double true_mean, double proxy_mean) {
  require_proportion(true_mean);
  require_proportion(proxy_mean);
  const double odds_true = true_mean / (1.0 - true_mean);
  const double odds_proxy = proxy_mean / (1.0 - proxy_mean);
  const double product = std::sqrt(odds_true * odds_proxy);
  const double ratio = std::sqrt(odds_true / odds_proxy);
  return {-std::min(product, 1.0 / product), std::min(ratio, 1.0 / ratio)};
}

// A judge of binary labels: P(judge = 1) given the true label.
struct BinaryJudge {
  double sensitivity, false_positive_rate;
};

// The judge with this mean and this correlation with the true label.
inline BinaryJudge binary_judge(double true_mean, double proxy_mean, double correlation) {
  const Range feasible = binary_correlation_range(true_mean, proxy_mean);
  constexpr double slack = 1e-9;  // the ends themselves are rounded
  if (!(correlation >= feasible.low - slack && correlation <= feasible.high + slack)) {
    throw std::invalid_argument("These means and this correlation cannot go together.");
  }
  const double spread = std::sqrt(true_mean * (1.0 - true_mean) * proxy_mean * (1.0 - proxy_mean));
  const double both = true_mean * proxy_mean + correlation * spread;
  return {std::clamp(both / true_mean, 0.0, 1.0),
          std::clamp((proxy_mean - both) / (1.0 - true_mean), 0.0, 1.0)};
}

}  // namespace judicious

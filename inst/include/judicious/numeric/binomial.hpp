// Exact binomial inference.
#pragma once

#include <judicious/numeric/distributions.hpp>
#include <judicious/numeric/interval.hpp>

namespace judicious {

// P(X <= k) for X ~ Binomial(n, p), through the beta distribution.
inline double binomial_cdf(double k, double n, double p) {
  if (k < 0.0) return 0.0;
  if (k >= n) return 1.0;
  return beta_tails(p, 1.0 - p, k + 1.0, n - k).upper;
}

// Clopper and Pearson (1934); without trials nothing is known.
inline Interval clopper_pearson(double k, double n, double conf_level) {
  if (n <= 0.0) return {0.0, 1.0};
  const double tail = 0.5 * (1.0 - conf_level);
  return {k > 0.0 ? beta_quantile(tail, k, n - k + 1.0) : 0.0,
          k < n ? beta_quantile(1.0 - tail, k + 1.0, n - k) : 1.0};
}

}  // namespace judicious

// Two answers of 0 or 1 to the same items: the difference of their rates, and whether it is chance.
#pragma once

#include <algorithm>
#include <judicious/numeric/binomial.hpp>

namespace judicious {

// Items, and those where only the first or only the second answer is 1.
struct DiscordantPairs {
  double n, first_only, second_only;
};

inline double paired_difference(const DiscordantPairs& x) {
  return (x.first_only - x.second_only) / x.n;
}

// McNemar's test, exact, at the middle of its steps.
inline double mcnemar_mid_p(const DiscordantPairs& x) {
  const double m = x.first_only + x.second_only, k = std::min(x.first_only, x.second_only);
  if (x.first_only == x.second_only) return 1.0;
  const double below = k > 0.0 ? binomial_cdf(k - 1.0, m, 0.5) : 0.0;
  return std::min(1.0, below + binomial_cdf(k, m, 0.5));
}

// Clopper and Pearson's ends on the scale of the difference, at an effective number of items that a
// few lucky pairs cannot raise: no discordant pair is not taken for no variance.
inline Interval paired_interval(const DiscordantPairs& x, double conf_level) {
  const double n = std::max(x.n, 1.0), d = paired_difference(x);
  const double alpha = 0.5 * (1.0 - conf_level), z = normal_quantile(alpha);
  const double guard = std::max(2.0, 0.5 * z * z);
  const double p = 0.5 * (d + 1.0);
  // n (n - 1) times the variance of the mean difference.
  const double squares = x.first_only + x.second_only - n * d * d;
  const double size = std::max(n * (4.0 * n * p * (1.0 - p) + guard) / (squares + guard), 1.0);
  const double successes = p * size;
  const double low =
      successes > 0.0 ? beta_quantile(alpha, successes, size - successes + 1.0) : 0.0;
  const double high =
      successes < size ? beta_quantile(1.0 - alpha, successes + 1.0, size - successes) : 1.0;
  return {2.0 * low - 1.0, 2.0 * high - 1.0};
}

}  // namespace judicious

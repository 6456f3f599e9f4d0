// Coverage of the beta interval for 0/1 labels without simulation: summed over every table of n
// labels and judge answers, the judge's mean known exactly (N infinite). For exact-coverage.R.
// [[Rcpp::depends(judicious, RcppEigen, dqrng)]]
// [[Rcpp::plugins(cpp17)]]
#include <RcppEigen.h>

#include <judicious/sample/plan_rate.hpp>

// Coverage with a rate, the judge's sensitivity and its false positive rate, per level.
// [[Rcpp::export]]
Rcpp::NumericVector exact_coverage(int n, double rate, double sensitivity, double false_positive,
                                   Rcpp::NumericVector levels) {
  const double q[4] = {rate * sensitivity, rate * (1.0 - sensitivity),
                       (1.0 - rate) * false_positive, (1.0 - rate) * (1.0 - false_positive)};
  const double flags = q[0] + q[2];
  double log_q[4];
  for (int k = 0; k < 4; ++k) log_q[k] = std::log(std::max(q[k], 1e-300));
  const double infinity = std::numeric_limits<double>::infinity();
  Rcpp::NumericVector covered(levels.size());
  double total = 0.0;
  for (int a = 0; a <= n; ++a) {
    for (int b = 0; a + b <= n; ++b) {
      for (int c = 0; a + b + c <= n; ++c) {
        const int d = n - a - b - c;
        const double weight = std::exp(
            std::lgamma(n + 1.0) - std::lgamma(a + 1.0) - std::lgamma(b + 1.0) -
            std::lgamma(c + 1.0) - std::lgamma(d + 1.0) + a * log_q[0] + b * log_q[1] +
            c * log_q[2] + d * log_q[3]);
        total += weight;
        if (weight < 1e-10) continue;
        const double size = n;
        const auto fit = judicious::fit_table(
            {size, a + b + 0.0, a + 0.0, c + 0.0, infinity, flags});
        const judicious::BoundedMean mean{fit.estimate, fit.labels_only, fit.hc2, size,
                                          infinity,     0.0,             1.0};
        for (R_xlen_t l = 0; l < levels.size(); ++l) {
          const auto beta = judicious::beta_bounds(mean, levels[l]);
          const double tail = 0.5 * (1.0 - levels[l]);
          if (beta.greater(rate) >= tail && beta.less(rate) >= tail) covered[l] += weight;
        }
      }
    }
  }
  return covered / total;
}

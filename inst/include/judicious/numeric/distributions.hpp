// The few distribution functions the intervals need, thread-safe and free of R:
// normal, Student t and beta.
#pragma once

#include <cmath>
#include <limits>

namespace judicious {

inline double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

namespace detail {

constexpr double half_log_two_pi = 0.91893853320467274178;

// log Gamma(z) minus Stirling's formula; keeps its digits when z is large.
inline double stirling_error(double z) {
  if (z < 15.0) return std::lgamma(z) - ((z - 0.5) * std::log(z) - z + half_log_two_pi);
  const double s = 1.0 / (z * z);
  return (1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s / 1188.0)))) /
         z;
}

// u - log(1 + u), where 1 + u = ratio is known on its own: without cancellation
// near u = 0 and near u = -1.
inline double log_excess(double u, double ratio) {
  if (std::fabs(u) > 0.01) return u - std::log(ratio);
  double term = u * u, sum = 0.0;
  for (int k = 2; k < 20; ++k, term *= -u) sum += term / k;
  return sum;
}

// log of x^a (1 - x)^b / B(a, b), by deviances from the mode a / (a + b) (as in
// Loader 2000, "Fast and accurate computation of binomial probabilities").
inline double log_beta_kernel(double x, double y, double a, double b) {
  const double n = a + b;
  const double d = x * b - y * a;  // n x - a
  const double deviance = a * log_excess(d / a, x * n / a) + b * log_excess(-d / b, y * n / b);
  return 0.5 * std::log(a * b / n) - half_log_two_pi - deviance + stirling_error(n) -
         stirling_error(a) - stirling_error(b);
}

// Continued fraction of the incomplete beta function (DLMF 8.17.22), by the
// modified Lentz method; converges fast for x < (a + 1) / (a + b + 2).
inline double beta_fraction(double x, double a, double b) {
  constexpr double tiny = 1e-300;
  const auto guard = [](double v) { return std::fabs(v) < tiny ? tiny : v; };
  double c = 1.0;
  double d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
  double value = d;
  for (int m = 1; m < 100000; ++m) {
    const double am = a + 2.0 * m;
    const double even = m * (b - m) * x / ((am - 1.0) * am);
    d = 1.0 / guard(1.0 + even * d);
    c = guard(1.0 + even / c);
    value *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / (am * (am + 1.0));
    d = 1.0 / guard(1.0 + odd * d);
    c = guard(1.0 + odd / c);
    const double change = d * c;
    value *= change;
    if (std::fabs(change - 1.0) < 1e-16) break;
  }
  return value;
}

}  // namespace detail

// P(X <= x) and P(X > x) for X ~ Beta(a, b); y = 1 - x.
struct Tails {
  double lower, upper;
};

inline Tails beta_tails(double x, double y, double a, double b) {
  if (x <= 0.0) return {0.0, 1.0};
  if (y <= 0.0) return {1.0, 0.0};
  const double kernel = std::exp(detail::log_beta_kernel(x, y, a, b));
  if (x < (a + 1.0) / (a + b + 2.0)) {
    const double lower = kernel * detail::beta_fraction(x, a, b) / a;
    return {lower, 1.0 - lower};
  }
  const double upper = kernel * detail::beta_fraction(y, b, a) / b;
  return {1.0 - upper, upper};
}

// Quantile of Beta(a, b) at lower-tail probability p: Newton steps kept inside a
// shrinking bracket.
inline double beta_quantile(double p, double a, double b) {
  double low = 0.0, high = 1.0;
  double x = a / (a + b);
  for (int step = 0; step < 200; ++step) {
    const Tails tails = beta_tails(x, 1.0 - x, a, b);
    const double error = p < 0.5 ? tails.lower - p : (1.0 - p) - tails.upper;
    (error > 0.0 ? high : low) = x;
    const double log_density =
        detail::log_beta_kernel(x, 1.0 - x, a, b) - std::log(x) - std::log1p(-x);
    double next = x - error * std::exp(-log_density);
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::fabs(next - x) <= 4e-16 * x || next == low || next == high) return next;
    x = next;
  }
  return x;
}

// Quantile of the standard normal: bracketed Newton on the tail.
inline double normal_quantile(double p) {
  if (p <= 0.0) return -std::numeric_limits<double>::infinity();
  if (p >= 1.0) return std::numeric_limits<double>::infinity();
  if (p > 0.5) return -normal_quantile(1.0 - p);
  double low = -40.0, high = 0.0, x = 0.0;
  for (int step = 0; step < 200; ++step) {
    const double error = normal_cdf(x) - p;
    (error > 0.0 ? high : low) = x;
    double next = x - error * std::exp(0.5 * x * x + detail::half_log_two_pi);
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::fabs(next - x) <= 1e-16 * std::fabs(next)) return next;
    x = next;
  }
  return x;
}

// Quantile of Student's t with df degrees of freedom (infinite: normal).
inline double t_quantile(double p, double df) {
  if (p < 0.5) return -t_quantile(1.0 - p, df);
  if (p == 0.5) return 0.0;
  if (df > 2e5) {  // Cornish-Fisher expansion about the normal (Abramowitz and Stegun 26.7.5)
    const double z = normal_quantile(p), z3 = z * z * z;
    return z + (z3 + z) / (4.0 * df) + (5.0 * z3 * z * z + 16.0 * z3 + 3.0 * z) / (96.0 * df * df);
  }
  // T^2 / (df + T^2) is Beta(1/2, df/2); its complement keeps its digits in the
  // far tail.
  const double y = beta_quantile(2.0 * p - 1.0, 0.5, 0.5 * df);
  if (y < 0.5) return std::sqrt(df * y / (1.0 - y));
  const double x = beta_quantile(2.0 * (1.0 - p), 0.5 * df, 0.5);
  return std::sqrt(df * (1.0 - x) / x);
}

// P(T > t) for Student's t with df degrees of freedom (infinite: normal).
inline double t_upper_tail(double t, double df) {
  if (std::isinf(df)) return normal_cdf(-t);
  const double square = t * t;
  const double half =
      0.5 * beta_tails(df / (df + square), square / (df + square), 0.5 * df, 0.5).lower;
  return t >= 0.0 ? half : 1.0 - half;
}

}  // namespace judicious

#include <doctest/doctest.h>

#include <cmath>
#include <judicious/numeric/binomial.hpp>

namespace {

double summed(int k, int n, double p) {
  double total = 0.0, term = std::pow(1.0 - p, n);
  for (int i = 0; i <= k; ++i) {
    total += term;
    term *= (n - i) / (i + 1.0) * p / (1.0 - p);
  }
  return total;
}

}  // namespace

TEST_CASE("the binomial distribution is the sum of its terms") {
  for (int n : {1, 5, 22, 200}) {
    for (int k = 0; k < n; k += 1 + n / 7) {
      for (double p : {0.05, 0.1, 0.5}) {
        CHECK(judicious::binomial_cdf(k, n, p) == doctest::Approx(summed(k, n, p)).epsilon(1e-11));
      }
    }
  }
  CHECK(judicious::binomial_cdf(-1, 5, 0.3) == 0.0);
  CHECK(judicious::binomial_cdf(5, 5, 0.3) == 1.0);
}

TEST_CASE("Clopper-Pearson bounds are the shares at which the tails are 2.5 %") {
  const auto found = judicious::clopper_pearson(7, 20, 0.95);
  CHECK(judicious::binomial_cdf(7, 20, found.high) == doctest::Approx(0.025).epsilon(1e-10));
  CHECK(1.0 - judicious::binomial_cdf(6, 20, found.low) == doctest::Approx(0.025).epsilon(1e-10));
  CHECK(judicious::clopper_pearson(0, 20, 0.95).low == 0.0);
  CHECK(judicious::clopper_pearson(20, 20, 0.95).high == 1.0);
  const auto nothing = judicious::clopper_pearson(0, 0, 0.95);
  CHECK(nothing.low == 0.0);
  CHECK(nothing.high == 1.0);
}

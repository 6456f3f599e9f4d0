#include <doctest/doctest.h>

#include <cmath>
#include <judicious/numeric/distributions.hpp>
#include <vector>

namespace {

using judicious::beta_quantile;
using judicious::beta_tails;
using judicious::normal_cdf;
using judicious::normal_quantile;
using judicious::t_quantile;

const double pi = std::acos(-1.0);
const std::vector<double> probabilities = {1e-12, 1e-6, 0.001, 0.005, 0.025, 0.1,   0.3,     0.5,
                                           0.7,   0.9,  0.95,  0.975, 0.995, 0.999, 1 - 1e-6};

doctest::Approx near(double value, double tolerance = 1e-13) {
  return doctest::Approx(value).epsilon(tolerance).scale(0.0);
}

double log_choose(int n, int k) {
  return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
}

}  // namespace

TEST_CASE("normal quantiles, known digits") {
  CHECK(normal_quantile(0.975) == near(1.95996398454005423552, 1e-15));
  CHECK(normal_quantile(0.995) == near(2.57582930354890076098, 1e-15));
  CHECK(normal_quantile(0.95) == near(1.64485362695147271486, 1e-15));
  CHECK(normal_quantile(0.9) == near(1.28155156554460046697, 1e-15));
  CHECK(normal_quantile(0.75) == near(0.67448975019608174320, 1e-15));
  CHECK(normal_quantile(1e-5) == near(-4.26489079392282462850, 1e-15));
  CHECK(normal_quantile(1e-10) == near(-6.36134090240405620470, 1e-15));
  CHECK(normal_quantile(1e-20) == near(-9.2623400897984075737, 1e-15));
  CHECK(normal_quantile(1e-50) == near(-14.933337534788489, 1e-15));
  CHECK(normal_quantile(0.5) == 0.0);
  CHECK(normal_quantile(0.0) == -std::numeric_limits<double>::infinity());
  CHECK(normal_quantile(1.0) == std::numeric_limits<double>::infinity());
}

TEST_CASE("normal distribution: quantile inverts it, and it is symmetric") {
  CHECK(normal_cdf(0.0) == 0.5);
  CHECK(normal_cdf(1.0) == near(0.84134474606854294859));
  CHECK(normal_cdf(-10.0) == near(7.61985302416052606597e-24));
  for (double p : probabilities) {
    CHECK(normal_cdf(normal_quantile(p)) == near(p));
    CHECK(normal_cdf(1.3 * p) + normal_cdf(-1.3 * p) == near(1.0));
  }
}

TEST_CASE("t with 1, 2 and 4 degrees of freedom, closed forms") {
  for (double p : {0.6, 0.75, 0.9, 0.95, 0.975, 0.995, 0.9995, 1 - 1e-6}) {
    CHECK(t_quantile(p, 1.0) == near(1.0 / std::tan(pi * (1.0 - p)), 1e-9));
    CHECK(t_quantile(p, 2.0) == near((2.0 * p - 1.0) / std::sqrt(2.0 * p * (1.0 - p)), 1e-9));
    const double a = 4.0 * p * (1.0 - p);
    const double b = std::cos(std::acos(std::sqrt(a)) / 3.0) / std::sqrt(a);
    CHECK(t_quantile(p, 4.0) == near(2.0 * std::sqrt(b - 1.0), 1e-9));
  }
}

TEST_CASE("t quantiles, known digits") {
  CHECK(t_quantile(0.975, 1.0) == near(12.7062047361747));
  CHECK(t_quantile(0.975, 2.0) == near(4.30265272974946));
  CHECK(t_quantile(0.975, 2.5) == near(3.57465484200368321845));
  CHECK(t_quantile(0.975, 3.0) == near(3.18244630528370959272, 1e-12));
  CHECK(t_quantile(0.9995, 3.0) == near(12.9239786366874830655, 1e-12));
  CHECK(t_quantile(0.975, 10.0) == near(2.2281388519862747484));
  CHECK(t_quantile(0.9995, 10.0) == near(4.5868938587026358996, 1e-12));
  CHECK(t_quantile(0.975, 30.0) == near(2.0422724563012383100));
  CHECK(t_quantile(0.975, 100.0) == near(1.9839715185235522866));
  CHECK(t_quantile(0.975, 199999.0) == near(1.9599758460260762962, 1e-11));
  CHECK(t_quantile(0.9995, 199999.0) == near(3.2905753810417942917, 1e-11));
  CHECK(t_quantile(0.975, 1e6) == near(1.9599663568141070353));
  CHECK(t_quantile(0.9995, 1e6) == near(3.2905364612486911308));
  CHECK(t_quantile(0.975, 1e300) == near(normal_quantile(0.975)));
  CHECK(t_quantile(0.975, std::numeric_limits<double>::infinity()) == near(normal_quantile(0.975)));
}

TEST_CASE("t is symmetric, falls with its degrees of freedom, and has no seam") {
  for (double df : {1.0, 1.7, 5.0, 40.0, 1e4, 1e7}) {
    CHECK(t_quantile(0.5, df) == 0.0);
    for (double p : {0.6, 0.9, 0.975}) CHECK(t_quantile(1.0 - p, df) == near(-t_quantile(p, df)));
  }
  double last = t_quantile(0.975, 1.0);
  for (double df = 1.5; df < 1e7; df *= 1.5) {
    CHECK(t_quantile(0.975, df) < last);
    last = t_quantile(0.975, df);
  }
  CHECK(t_quantile(0.975, 2e5) == near(t_quantile(0.975, 2e5 * (1 + 1e-12)), 1e-11));
}

TEST_CASE("beta quantiles, closed forms") {
  for (double p : probabilities) {
    for (double k : {0.01, 0.3, 1.0, 2.0, 17.0, 250.0, 1e5}) {
      CHECK(beta_quantile(p, 1.0, k) == near(-std::expm1(std::log1p(-p) / k), 1e-12));
      if (std::log(p) / k > -120.0) {
        CHECK(beta_quantile(p, k, 1.0) == near(std::exp(std::log(p) / k), 1e-12));
      }
    }
    const double arc = std::sin(0.5 * pi * p);  // the arcsine law
    CHECK(beta_quantile(p, 0.5, 0.5) == near(arc * arc, 1e-12));
  }
}

TEST_CASE("beta quantiles, known digits") {
  CHECK(beta_quantile(0.025, 5.0, 16.0) == near(0.0865714691014345393));
  CHECK(beta_quantile(0.975, 6.0, 15.0) == near(0.4910458717079575416));
  CHECK(beta_quantile(0.025, 2.5, 97.5) == near(0.00422125713486287646));
  CHECK(beta_quantile(0.025, 500.0, 1500.0) == near(0.23126736299303390597));
  CHECK(beta_quantile(0.975, 500.0, 1500.0) == near(0.26920620453710088901));
}

TEST_CASE("beta tails: binomial sums, complement, mirror and recurrence") {
  for (int n : {1, 2, 7, 40, 300}) {
    for (int a : {1, (n + 1) / 2, n}) {
      for (double x : {0.001, 0.05, 0.3, 0.5, 0.9}) {
        double lower = 0.0, upper = 0.0;
        for (int k = 0; k <= n; ++k) {
          const double mass =
              std::exp(log_choose(n, k) + k * std::log(x) + (n - k) * std::log1p(-x));
          (k >= a ? lower : upper) += mass;
        }
        const auto tails = beta_tails(x, 1.0 - x, a, n - a + 1.0);
        CHECK(tails.lower == doctest::Approx(lower).epsilon(1e-11));
        CHECK(tails.upper == doctest::Approx(upper).epsilon(1e-11));
      }
    }
  }
  for (double a : {0.02, 0.7, 3.0, 250.5, 1e6}) {
    for (double b : {0.02, 0.7, 3.0, 250.5, 1e6}) {
      const double mean = a / (a + b);
      for (double x : {0.5 * mean, mean, 0.5 * (1.0 + mean)}) {
        const auto tails = beta_tails(x, 1.0 - x, a, b);
        const auto mirrored = beta_tails(1.0 - x, x, b, a);
        CHECK(tails.lower + tails.upper == near(1.0));
        CHECK(tails.lower == doctest::Approx(mirrored.upper).epsilon(1e-11));
        const double step = std::exp(a * std::log(x) + b * std::log1p(-x) - std::log(a) -
                                     std::lgamma(a) - std::lgamma(b) + std::lgamma(a + b));
        const double next = beta_tails(x, 1.0 - x, a + 1.0, b).lower;
        if (a < 1e4 && b < 1e4) CHECK(tails.lower - next == doctest::Approx(step).epsilon(1e-9));
      }
    }
  }
  CHECK(beta_tails(0.0, 1.0, 2.0, 3.0).lower == 0.0);
  CHECK(beta_tails(1.0, 0.0, 2.0, 3.0).upper == 0.0);
}

TEST_CASE("beta quantiles invert the tails, for small and huge parameters") {
  for (double a : {0.05, 0.5, 1.0, 3.3, 80.0, 1e4, 1e7}) {
    for (double b : {0.5, 1.0, 3.3, 80.0, 1e4, 1e7}) {
      for (double p : {0.001, 0.025, 0.5, 0.975, 0.999}) {
        CAPTURE(a);
        CAPTURE(b);
        CAPTURE(p);
        const double x = beta_quantile(p, a, b);
        REQUIRE(x > 0.0);
        REQUIRE(x <= 1.0);
        if (x > 0.999) continue;  // 1 - x has lost its digits
        const auto tails = beta_tails(x, 1.0 - x, a, b);
        CHECK(tails.lower == near(p, 1e-9));
        CHECK(tails.upper == near(1.0 - p, 1e-9));
      }
    }
  }
}

TEST_CASE("beta quantiles mirror and rise with p") {
  for (double a : {0.4, 2.0, 31.0, 4000.0}) {
    for (double b : {0.6, 9.0, 500.0}) {
      double last = 0.0;
      for (double p : {0.005, 0.025, 0.2, 0.5, 0.8, 0.975, 0.995}) {
        const double x = beta_quantile(p, a, b);
        CHECK(x > last);
        CHECK(x == doctest::Approx(1.0 - beta_quantile(1.0 - p, b, a)).epsilon(1e-12));
        last = x;
      }
    }
  }
}

TEST_CASE("a quantile too small for a double is as good as zero") {
  const double x = beta_quantile(0.025, 1e-3, 50.0);  // about 1e-1600
  CHECK(x >= 0.0);
  CHECK(x < 1e-30);
}

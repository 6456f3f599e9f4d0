#include <doctest/doctest.h>

#include <cmath>
#include <judicious/estimate/pair_interval.hpp>
#include <limits>

namespace {

using judicious::beta_interval;
using judicious::BoundedMean;
using judicious::fieller_interval;
using judicious::fieller_statistic;
using judicious::mover_interval;
using judicious::PairParts;

constexpr double infinity = std::numeric_limits<double>::infinity();

// x events among n labels.
BoundedMean rate(double x, double n) {
  const double p = x / n, v = p * (1.0 - p) / (n - 1.0);
  return {p, p, v, n, infinity, 0.0, 1.0, v};
}

}  // namespace

TEST_CASE("MOVER of independent rates is Newcombe's construction on their own intervals") {
  const PairParts x{rate(12, 40), rate(9, 60), 0.0, 0.0};
  const auto a = beta_interval(x.first, 0.95), b = beta_interval(x.second, 0.95);
  const double p = 12.0 / 40.0, q = 9.0 / 60.0;
  const auto found = mover_interval(x, 0.95);
  CHECK(found.low == doctest::Approx(p - q - std::hypot(p - a.low, b.high - q)));
  CHECK(found.high == doctest::Approx(p - q + std::hypot(a.high - p, q - b.low)));
}

TEST_CASE("MOVER narrows with the covariance, and never leaves the scale") {
  const double v = rate(12, 40).variance;
  double width = infinity;
  for (const double share : {-0.5, 0.0, 0.5, 0.9}) {
    const auto found = mover_interval({rate(12, 40), rate(10, 40), share * v, share * v}, 0.95);
    CHECK(found.high - found.low < width);
    width = found.high - found.low;
  }
  const auto extreme = mover_interval({rate(5, 5), rate(0, 5), 0.0, 0.0}, 0.99);
  CHECK(extreme.high == 1.0);
  CHECK(extreme.low >= -1.0);
}

TEST_CASE("Fieller's ends are the ratios whose statistic is the quantile") {
  const BoundedMean top{6.0, 6.0, 0.2, 50.0, infinity, 0.0, 1.0, 0.21};
  const BoundedMean bottom{2.0, 2.0, 0.03, 50.0, infinity, 0.0, 1.0, 0.032};
  const PairParts x{top, bottom, 0.04, 0.042};
  const double t = judicious::t_quantile(0.975, 48.0);
  const auto found = fieller_interval(x, 48.0, 0.95);
  CHECK(found.low < 3.0);
  CHECK(found.high > 3.0);
  CHECK(fieller_statistic(x, found.low) == doctest::Approx(t).epsilon(1e-9));
  CHECK(fieller_statistic(x, found.high) == doctest::Approx(-t).epsilon(1e-9));
  CHECK(fieller_statistic(x, 3.0) == doctest::Approx(0.0));
}

TEST_CASE("Fieller's set is no interval where the denominator may be 0") {
  const BoundedMean top{6.0, 6.0, 0.2, 50.0, infinity, 0.0, 1.0, 0.2};
  const BoundedMean bottom{0.1, 0.1, 0.03, 50.0, infinity, 0.0, 1.0, 0.03};
  const auto found = fieller_interval({top, bottom, 0.0, 0.0}, 48.0, 0.95);
  CHECK(std::isnan(found.low));
  CHECK(std::isnan(found.high));
}

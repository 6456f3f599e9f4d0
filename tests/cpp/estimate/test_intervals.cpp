#include <doctest/doctest.h>

#include <cmath>
#include <judicious/estimate/intervals.hpp>
#include <limits>

namespace {

using judicious::beta_interval;
using judicious::BoundedMean;
using judicious::effective_counts;
using judicious::Interval;
using judicious::t_interval;
using judicious::wilson_interval;

constexpr double infinity = std::numeric_limits<double>::infinity();

doctest::Approx near(double value, double tolerance = 1e-12) {
  return doctest::Approx(value).epsilon(tolerance);
}

// x events in a plain binomial sample of n.
BoundedMean binomial(double x, double n) {
  const double p = x / n;
  return {p, p, p * (1.0 - p) / (n - 1.0), n, infinity, 0.0, 1.0};
}

void check_interval(const Interval& found, double low, double high, double tolerance = 1e-12) {
  CHECK(found.low == near(low, tolerance));
  CHECK(found.high == near(high, tolerance));
}

}  // namespace

TEST_CASE("a plain binomial sample is worth itself") {
  for (double n : {2.0, 10.0, 60.0, 1e6}) {
    for (double x : {0.0, 1.0, 0.5 * n, n}) {
      const auto counts = effective_counts(binomial(x, n), 0.95);
      CHECK(counts.size == near(n));
      CHECK(counts.events == near(x));
    }
  }
}

// Clopper and Pearson's and Wilson's intervals of Newcombe (1998), Statistics in Medicine 17,
// Table I, with more digits.
TEST_CASE("Clopper-Pearson intervals, known values") {
  check_interval(beta_interval(binomial(81, 263), 0.95), 0.25273674558527121, 0.3676219226013514);
  check_interval(beta_interval(binomial(15, 148), 0.95), 0.05784401008344856, 0.161650490349479);
  check_interval(beta_interval(binomial(1, 29), 0.95), 0.00087264688357992, 0.17764429548872285,
                 1e-11);
  check_interval(beta_interval(binomial(0, 20), 0.95), 0.0, 0.16843347098308536);
  check_interval(beta_interval(binomial(0, 60), 0.95), 0.0, 0.05962949228616687);
  check_interval(beta_interval(binomial(60, 60), 0.95), 1.0 - 0.05962949228616687, 1.0);
  check_interval(beta_interval(binomial(0, 60), 0.90), 0.0, 1.0 - std::pow(0.05, 1.0 / 60.0));
}

TEST_CASE("Wilson intervals, known values") {
  check_interval(wilson_interval(binomial(81, 263), 0.95), 0.2552885198782743, 0.3662095769828002);
  check_interval(wilson_interval(binomial(15, 148), 0.95), 0.0623863995307363, 0.1604872417233080);
  check_interval(wilson_interval(binomial(1, 29), 0.95), 0.0061132142927627, 0.1717552187932028);
  check_interval(wilson_interval(binomial(0, 20), 0.95), 0.0, 0.1611251580528193);
  check_interval(wilson_interval(binomial(20, 20), 0.95), 1.0 - 0.1611251580528193, 1.0);
}

TEST_CASE("the guard is (ln alpha / z)^2, more for unequal weights") {
  for (double level : {0.5, 0.8, 0.9, 0.95, 0.99, 0.999}) {
    const double z = judicious::normal_quantile(0.5 + 0.5 * level);
    CHECK(judicious::two_sided_z(level) == near(z));
    CHECK(judicious::size_guard(level) == near(std::pow(std::log(1.0 - level) / z, 2.0), 1e-10));
  }
  CHECK(judicious::size_guard(0.90) == near(1.96, 1e-3));
  CHECK(judicious::size_guard(0.95) == near(2.34, 2e-3));
  CHECK(judicious::size_guard(0.99) == near(3.20, 2e-3));
  const double guard = judicious::size_guard(0.95);
  CHECK(judicious::size_guard(0.95, 20.0, false) == guard);
  CHECK(judicious::size_guard(0.95, 20.0, true) == near(guard + 0.5));
}

TEST_CASE("above 99 % the larger variance counts, in the size and so in the interval") {
  BoundedMean m{0.12, 0.1, 0.09 / 49.0 / 4.0, 50.0, 1e9, 0.0, 1.0};
  const BoundedMean same = m;
  m.high_variance = 2.0 * m.variance;
  CHECK(effective_counts(m, 0.95).size == effective_counts(same, 0.95).size);
  CHECK(effective_counts(m, 0.99).size == effective_counts(same, 0.99).size);
  const double guard = judicious::size_guard(0.995);
  CHECK(effective_counts(m, 0.995).size ==
        near(50.0 * (50.0 * 0.09 + guard) / (50.0 * 0.09 / 2.0 + guard)));
}

TEST_CASE("effective counts by hand") {
  // base 50, p0 = .1, variance a quarter of the labels' own .09 / 49.
  BoundedMean m{0.12, 0.1, 0.09 / 49.0 / 4.0, 50.0, 1e9, 0.0, 1.0};
  const double guard = judicious::size_guard(0.95);
  const double size = 50.0 * (50.0 * 0.09 + guard) / (50.0 * 0.09 / 4.0 + guard);
  CHECK(size == near(98.74, 1e-3));
  CHECK(effective_counts(m, 0.95).size == near(size));
  CHECK(effective_counts(m, 0.95).events == near(0.12 * size));
  m.n_cap = 80.0;
  CHECK(effective_counts(m, 0.95).size == 80.0);
  CHECK(effective_counts(m, 0.95).events == near(9.6));
  // A perfect judge: the guard alone keeps the size finite.
  m.variance = 0.0;
  m.n_cap = 1e9;
  CHECK(effective_counts(m, 0.95).size == near(50.0 * (4.5 + guard) / guard));
  // A useless estimate is worth one label, never less.
  m.variance = 10.0;
  CHECK(effective_counts(m, 0.95).size == 1.0);
  // Nor is the base less than one, where the guard and p0 (1 - p0) remain.
  m.n_base = 0.2;
  CHECK(effective_counts(m, 0.95).size == near((0.09 + guard) / guard));
}

TEST_CASE("constant labels: Clopper-Pearson on the base size, whatever the judge") {
  for (double base : {3.5, 12.0, 60.0}) {
    const BoundedMean m{0.0, 0.0, 0.0, base, 1e9, 0.0, 1.0};
    check_interval(beta_interval(m, 0.95), 0.0, 1.0 - std::pow(0.025, 1.0 / base));
  }
}

TEST_CASE("estimates outside the range are clipped, intervals stay inside") {
  for (double estimate : {-0.02, 1.3}) {
    const BoundedMean m{estimate, 0.1, 0.001, 40.0, 1e9, 0.0, 1.0};
    for (const Interval& i : {beta_interval(m, 0.95), wilson_interval(m, 0.95)}) {
      CHECK(i.low >= 0.0);
      CHECK(i.high <= 1.0);
      CHECK(i.low < i.high);
      if (estimate < 0.0) CHECK(i.low == near(0.0));
      if (estimate > 1.0) CHECK(i.high == near(1.0));
    }
  }
}

TEST_CASE("bounded intervals follow the metric's scale and mirror with it") {
  const auto wilson = [](const BoundedMean& m, double level) { return wilson_interval(m, level); };
  const BoundedMean unit{0.31, 0.27, 0.0021, 55.0, 400.0, 0.0, 1.0};
  const BoundedMean wide{1.0 + 4.0 * 0.31, 1.0 + 4.0 * 0.27, 16.0 * 0.0021, 55.0, 400.0, 1.0, 5.0};
  const BoundedMean flipped{0.69, 0.73, 0.0021, 55.0, 400.0, 0.0, 1.0};
  const auto check = [&](const auto& make, BoundedMean a, BoundedMean b, BoundedMean c) {
    const Interval i = make(a, 0.95);
    check_interval(make(b, 0.95), 1.0 + 4.0 * i.low, 1.0 + 4.0 * i.high);
    check_interval(make(c, 0.95), 1.0 - i.high, 1.0 - i.low);
    const Interval wider = make(a, 0.99);
    CHECK(wider.low < i.low);
    CHECK(wider.high > i.high);
  };
  check(beta_interval, unit, wide, flipped);
  check(wilson, unit, wide, flipped);
  const auto with_scores = [](BoundedMean m, Interval range) {
    m.prediction = range;
    return m;
  };
  check(beta_interval, with_scores(unit, {0.1, 0.7}), with_scores(wide, {1.4, 3.8}),
        with_scores(flipped, {0.3, 0.9}));
}

TEST_CASE("one pseudo-label at the far end, no judge: Clopper and Pearson") {
  for (double n : {5.0, 20.0, 137.0}) {
    for (double x : {1.0, 2.0, 4.0}) {
      BoundedMean m = binomial(x, n);
      m.prediction = Interval{x / n, x / n};
      const auto upper = judicious::augmented_shape(m, 0.95, 1.0, 0.0);
      CHECK(upper.a == near(x + 1.0, 1e-9));
      CHECK(upper.b == near(n - x, 1e-9));
      const auto lower = judicious::augmented_shape(m, 0.95, 0.0, 1.0);
      CHECK(lower.a == near(x, 1e-9));
      CHECK(lower.b == near(n - x + 1.0, 1e-9));
    }
  }
}

TEST_CASE("score bounds by hand, at the ends, and where an estimate is worth nothing") {
  BoundedMean m{0.4, 0.42, 0.002, 30.0, 500.0, 0.0, 1.0};
  m.prediction = Interval{0.1, 0.8};
  // (u, d) = (3/4, 1/4): delta = (.75 * .9 - .25 * .8) / 31.
  const double delta = 0.475 / 31.0, mu = 0.4 + delta;
  const double v =
      (30.0 * 29.0 * 0.002 + 0.75 * 0.81 + 0.25 * 0.64 - 31.0 * delta * delta) / (31.0 * 32.0);
  const double nu = mu * (1.0 - mu) / v - 1.0;
  const auto shape = judicious::beta_bounds(m, 0.95).upper;
  CHECK(shape.a == near(mu * nu));
  CHECK(shape.b == near((1.0 - mu) * nu));
  m.estimate = -0.01;
  CHECK(beta_interval(m, 0.95).low == 0.0);
  CHECK(judicious::beta_bounds(m, 0.95).greater(0.3) == 1.0);
  m.estimate = 1.02;
  CHECK(beta_interval(m, 0.95).high == 1.0);
  m.estimate = 0.5;
  m.variance = 10.0;
  CHECK(beta_interval(m, 0.95).low < 0.01);
  CHECK(beta_interval(m, 0.95).high > 0.99);
}

TEST_CASE("symmetric intervals") {
  check_interval(judicious::normal_interval(3.0, 0.5, 0.95), 3.0 - 0.5 * 1.9599639845400542,
                 3.0 + 0.5 * 1.9599639845400542);
  check_interval(t_interval(3.0, 0.5, 10.0, 0.0, 0.95), 3.0 - 0.5 * 2.2281388519862747,
                 3.0 + 0.5 * 2.2281388519862747);
  const Interval normal = judicious::normal_interval(3.0, 0.5, 0.9);
  check_interval(t_interval(3.0, 0.5, infinity, 0.0, 0.9), normal.low, normal.high);
}

TEST_CASE("the hull for skewed labels reaches out on the side of the long tail alone") {
  const double skewness = 0.4, t = judicious::t_quantile(0.975, 30.0);
  const Interval i = t_interval(10.0, 2.0, 30.0, skewness, 0.95);
  // Johnson's correction at twice the skewness.
  check_interval(i, 10.0 - 2.0 * t, 10.0 + 2.0 * (t + 0.8 / 6.0 + 0.8 * t * t / 3.0));
  const Interval left = t_interval(10.0, 2.0, 30.0, -skewness, 0.95);
  check_interval(left, 20.0 - i.high, 20.0 - i.low);
  CHECK(judicious::skew_quantile((i.high - 10.0) / 2.0, skewness) == near(t));
  const Interval plain = t_interval(10.0, 2.0, 30.0, 0.0, 0.95);
  check_interval(t_interval(10.0, 2.0, 30.0, 1e-7, 0.95), plain.low, plain.high, 1e-6);
}

TEST_CASE("the tail of t inverts its quantile") {
  for (double df : {1.0, 4.5, 30.0, 1e4, infinity}) {
    for (double p : {0.001, 0.3, 0.5, 0.9, 0.999}) {
      CHECK(judicious::t_upper_tail(judicious::t_quantile(p, df), df) == near(1.0 - p, 1e-9));
    }
  }
}

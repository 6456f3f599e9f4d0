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

TEST_CASE("the guard is the rule of three, more at high confidence") {
  CHECK(judicious::size_guard(0.95) == 2.0);
  CHECK(judicious::size_guard(0.8) == 2.0);
  const double z = 2.5758293035489008;
  CHECK(judicious::size_guard(0.99) == near(0.5 * z * z));
  CHECK(judicious::two_sided_z(0.99) == near(z));
  CHECK(judicious::size_guard(0.95, 20.0, false) == 2.0);
  CHECK(judicious::size_guard(0.95, 20.0, true) == near(2.5));
}

TEST_CASE("above 95 % the larger variance counts, in the size and so in the interval") {
  BoundedMean m{0.12, 0.1, 0.09 / 49.0 / 4.0, 50.0, 1e9, 0.0, 1.0};
  const BoundedMean same = m;
  m.high_variance = 2.0 * m.variance;
  CHECK(effective_counts(m, 0.95).size == effective_counts(same, 0.95).size);
  const double guard = judicious::size_guard(0.99);
  CHECK(effective_counts(m, 0.99).size ==
        near(50.0 * (50.0 * 0.09 + guard) / (50.0 * 0.09 / 2.0 + guard)));
}

TEST_CASE("effective counts by hand") {
  // base 50, p0 = .1, variance a quarter of the labels' own .09 / 49.
  BoundedMean m{0.12, 0.1, 0.09 / 49.0 / 4.0, 50.0, 1e9, 0.0, 1.0};
  const double size = 50.0 * (50.0 * 0.09 + 2.0) / (50.0 * 0.09 / 4.0 + 2.0);  // 104
  CHECK(size == near(104.0));
  CHECK(effective_counts(m, 0.95).size == near(104.0));
  CHECK(effective_counts(m, 0.95).events == near(12.48));
  m.n_cap = 80.0;
  CHECK(effective_counts(m, 0.95).size == 80.0);
  CHECK(effective_counts(m, 0.95).events == near(9.6));
  // A perfect judge: the guard alone keeps the size finite.
  m.variance = 0.0;
  m.n_cap = 1e9;
  CHECK(effective_counts(m, 0.95).size == near(50.0 * 6.5 / 2.0));
  // A useless estimate is worth one label, never less.
  m.variance = 10.0;
  CHECK(effective_counts(m, 0.95).size == 1.0);
  // Nor is the base less than one, where the guard and p0 (1 - p0) remain.
  m.n_base = 0.2;
  CHECK(effective_counts(m, 0.95).size == near(2.09 / 2.0));
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
  const BoundedMean unit{0.31, 0.27, 0.0021, 55.0, 400.0, 0.0, 1.0};
  const BoundedMean wide{1.0 + 4.0 * 0.31, 1.0 + 4.0 * 0.27, 16.0 * 0.0021, 55.0, 400.0, 1.0, 5.0};
  const BoundedMean flipped{0.69, 0.73, 0.0021, 55.0, 400.0, 0.0, 1.0};
  for (const auto& make : {beta_interval, wilson_interval}) {
    const Interval i = make(unit, 0.95);
    check_interval(make(wide, 0.95), 1.0 + 4.0 * i.low, 1.0 + 4.0 * i.high);
    check_interval(make(flipped, 0.95), 1.0 - i.high, 1.0 - i.low);
    const Interval wider = make(unit, 0.99);
    CHECK(wider.low < i.low);
    CHECK(wider.high > i.high);
  }
}

TEST_CASE("symmetric intervals") {
  check_interval(judicious::normal_interval(3.0, 0.5, 0.95), 3.0 - 0.5 * 1.9599639845400542,
                 3.0 + 0.5 * 1.9599639845400542);
  check_interval(t_interval(3.0, 0.5, 10.0, 0.0, 0.95), 3.0 - 0.5 * 2.2281388519862747,
                 3.0 + 0.5 * 2.2281388519862747);
  const Interval normal = judicious::normal_interval(3.0, 0.5, 0.9);
  check_interval(t_interval(3.0, 0.5, infinity, 0.0, 0.9), normal.low, normal.high);
}

TEST_CASE("the skewness correction inverts Hall's transformation and leans to the long tail") {
  const double skewness = 0.4, t = judicious::t_quantile(0.975, 30.0);
  const Interval i = t_interval(10.0, 2.0, 30.0, skewness, 0.95);
  const auto transform = [&](double s) {
    return s + skewness * s * s / 3.0 + skewness * skewness * s * s * s / 27.0 + skewness / 6.0;
  };
  CHECK(transform((10.0 - i.low) / 2.0) == near(t));
  CHECK(transform((10.0 - i.high) / 2.0) == near(-t));
  CHECK(i.high - 10.0 > 10.0 - i.low);
  const Interval left = t_interval(10.0, 2.0, 30.0, -skewness, 0.95);
  check_interval(left, 20.0 - i.high, 20.0 - i.low);
  const Interval plain = t_interval(10.0, 2.0, 30.0, 0.0, 0.95);
  check_interval(t_interval(10.0, 2.0, 30.0, 1e-7, 0.95), plain.low, plain.high, 1e-6);
}

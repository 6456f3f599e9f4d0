#include <doctest/doctest.h>

#include <judicious/estimate/several.hpp>
#include <random>

#include "estimate/designs.hpp"

namespace {

using designs::missing;
using judicious::difference_base;
using judicious::Inference;
using judicious::IntervalType;
using judicious::LabelSummary;
using judicious::MeanOptions;
using judicious::Reporting;
using judicious::Rows;
using judicious::Several;
using judicious::Target;
using judicious::Vector;

judicious::Column column(const std::vector<double>& x) {
  judicious::Column out;
  out.real = x.data();
  return out;
}

// Rows with two 0/1 responses, the first a part of the second, and a judge of each.
struct Parts {
  std::vector<double> a, b, fa, fb;

  explicit Parts(unsigned seed, double whole = 0.4, std::size_t labelled = 80) {
    std::mt19937_64 rng(seed);
    std::uniform_real_distribution<double> u;
    for (std::size_t i = 0; i < 500; ++i) {
      const double y = u(rng) < whole ? 1.0 : 0.0, part = u(rng) < 0.6 ? y : 0.0;
      const bool known = i < labelled;
      b.push_back(known ? y : missing);
      a.push_back(known ? part : missing);
      fb.push_back(u(rng) < 0.85 ? y : 1.0 - y);
      fa.push_back(u(rng) < 0.85 ? part : 1.0 - part);
    }
  }
  Several fit(const Reporting& reporting = {}) const {
    Rows rows;
    rows.n = a.size();
    rows.y = column(a);
    rows.more_y = {column(b)};
    rows.proxies = {column(fa), column(fb)};
    const auto summary =
        std::make_shared<LabelSummary>(judicious::summarise(rows, 1, judicious::serial_executor()));
    return Several(summary, {{0, {0, {0}}}, {0, {1, {1}}}}, MeanOptions(), reporting);
  }
};

}  // namespace

TEST_CASE("a paired difference is worth its pairs, a separate one half of both") {
  CHECK(difference_base(50.0, 50.0, 1.0) == doctest::Approx(50.0));
  CHECK(difference_base(50.0, 50.0, 0.0) == doctest::Approx(50.0 / std::sqrt(2.0)));
  CHECK(difference_base(1e9, 50.0, 0.0) == doctest::Approx(50.0));
  CHECK(difference_base(1.0, 1.0, 0.0) == 1.0);
}

TEST_CASE("a difference turns round with its systems, with its interval") {
  const Several fit = Parts(3).fit();
  for (const bool best : {false, true}) {
    const Inference x = fit.difference(0, 1, best), y = fit.difference(1, 0, best);
    CHECK(x.fit.estimate == doctest::Approx(-y.fit.estimate));
    CHECK(x.fit.hc2 == doctest::Approx(y.fit.hc2));
    for (const IntervalType type : {IntervalType::beta, IntervalType::t, IntervalType::normal}) {
      const auto a = judicious::bounds(type, x, 0.95), b = judicious::bounds(type, y, 0.95);
      CHECK(a.low == doctest::Approx(-b.high).epsilon(1e-9));
      CHECK(a.low < x.fit.estimate);
      CHECK(a.high > x.fit.estimate);
    }
  }
}

TEST_CASE("the difference of copies is 0 without variance, and still has an interval") {
  Parts copies(4);
  copies.a = copies.b;
  copies.fa = copies.fb;
  const Inference same = copies.fit().difference(0, 1, true);
  CHECK(same.fit.estimate == doctest::Approx(0.0));
  CHECK(same.fit.variance == 0.0);
  const auto bounds =
      judicious::bounds(judicious::resolve(IntervalType::automatic, same), same, 0.95);
  CHECK(bounds.high > 0.0);
  CHECK(bounds.high < 0.1);
}

TEST_CASE("pairs have weights of their own, published numbers do not") {
  CHECK(Parts(5).fit().has_best_weights(0, 1));
  Reporting published;
  published.published = true;
  CHECK_FALSE(Parts(5).fit(published).has_best_weights(0, 1));
}

TEST_CASE("the share of a part is its ratio of sums without a judge's error, and inside [0, 1]") {
  for (unsigned seed = 1; seed < 6; ++seed) {
    const Several fit = Parts(seed).fit();
    const auto share = fit.share_of(0, 1);
    REQUIRE(share.has_value());
    CHECK(share->fit.estimate == doctest::Approx(0.6).epsilon(0.4));
    const auto bounds = judicious::bounds(IntervalType::beta, *share, 0.95);
    CHECK(bounds.low >= 0.0);
    CHECK(bounds.high <= 1.0);
    CHECK(share->n_base < 80.0);
    CHECK(share->fit.hc2 < fit.ratio(0, 1).fit.hc2 * 1.2);
  }
}

TEST_CASE("nothing is a part of what no label counts in") {
  CHECK_FALSE(Parts(2, 0.0).fit().share_of(0, 1).has_value());
}

TEST_CASE("a smooth function with the gradient of one estimate is that estimate") {
  const Several fit = Parts(6).fit();
  const auto& one = fit.joint().fits()[1];
  const Inference x = fit.smooth(Vector::Unit(2, 1), one.estimate);
  CHECK(x.fit.estimate == one.estimate);
  CHECK(x.fit.variance == doctest::Approx(fit.joint().vcov()(1, 1)));
  CHECK(x.fit.hc3 == doctest::Approx(fit.joint().hc3()(1, 1)));
}

#include <doctest/doctest.h>

#include <cmath>
#include <judicious/confidence/isotonic.hpp>
#include <limits>

TEST_CASE("violators are pooled back as far as needed") {
  // Ascending scores with means 0.5, 1, 0.25, 0.75, 0.75.
  const auto pools =
      judicious::isotonic_pools({{0.5, 4, 3}, {0.4, 4, 3}, {0.3, 4, 1}, {0.2, 1, 1}, {0.1, 2, 1}});
  REQUIRE(pools.size() == 2);
  CHECK(pools[0].low == 0.1);
  CHECK(pools[0].high == 0.3);
  CHECK(pools[0].mean() == doctest::Approx(3.0 / 7.0));
  CHECK(pools[1].low == 0.4);
  CHECK(pools[1].mean() == doctest::Approx(0.75));
}

TEST_CASE("the map is flat within pools, straight between and flat outside") {
  const judicious::Knots knots{{0.1, 0.3, 0.4, 0.5}, {0.2, 0.2, 0.8, 0.8}};
  CHECK(judicious::interpolate(knots, 0.0) == 0.2);
  CHECK(judicious::interpolate(knots, 0.1) == 0.2);
  CHECK(judicious::interpolate(knots, 0.25) == 0.2);
  CHECK(judicious::interpolate(knots, 0.35) == doctest::Approx(0.5));
  CHECK(judicious::interpolate(knots, 0.5) == 0.8);
  CHECK(judicious::interpolate(knots, 9.0) == 0.8);
  CHECK(std::isnan(judicious::interpolate(knots, std::numeric_limits<double>::quiet_NaN())));
  const auto single = judicious::isotonic_knots(judicious::isotonic_pools({{0.7, 3, 2}}));
  CHECK(single.x.size() == 1);
  CHECK(judicious::interpolate(single, 0.1) == doctest::Approx(2.0 / 3.0));
}

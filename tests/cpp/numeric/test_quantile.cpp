#include <doctest/doctest.h>

#include <judicious/numeric/quantile.hpp>

TEST_CASE("quantile of a few values") {
  CHECK(judicious::quantile({3.0}, 0.1) == 3.0);
  CHECK(judicious::quantile({2.0, 1.0}, 0.1) == doctest::Approx(1.1));
  CHECK(judicious::quantile({5.0, 1.0, 3.0, 2.0, 4.0}, 0.5) == 3.0);
  CHECK(judicious::quantile({5.0, 1.0, 3.0, 2.0, 4.0}, 0.1) == doctest::Approx(1.4));
  CHECK(judicious::quantile({5.0, 1.0}, 1.0) == 5.0);
  CHECK(judicious::quantile({0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0}, 0.1) == 1.0);
}

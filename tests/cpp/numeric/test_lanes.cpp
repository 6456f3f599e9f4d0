#include <doctest/doctest.h>

#include <cmath>
#include <judicious/numeric/lanes.hpp>
#include <limits>

namespace {

using judicious::load_pair;
using judicious::Pair;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

Pair of(double a, double b) {
  const double values[2] = {a, b};
  return load_pair(values);
}

}  // namespace

TEST_CASE("missing values are seen in either place, infinite ones are values") {
  CHECK(judicious::all(judicious::missing(of(not_a_number, not_a_number))));
  CHECK_FALSE(judicious::all(judicious::missing(of(not_a_number, 1.0))));
  CHECK(judicious::any(judicious::missing(of(1.0, not_a_number))));
  CHECK_FALSE(judicious::any(judicious::missing(of(-inf, inf))));
  CHECK(judicious::any(judicious::below(of(1.0, 2.0), of(1.0, 3.0))));
  CHECK_FALSE(judicious::any(judicious::below(of(not_a_number, 2.0), of(1.0, 2.0))));
}

TEST_CASE("what is not kept counts as nothing, even if infinite or missing") {
  const auto open = judicious::missing(of(not_a_number, 1.0));
  CHECK(judicious::sum(judicious::keep(open, of(5.0, inf))) == 5.0);
  CHECK(judicious::sum(judicious::keep(open, of(-3.0, not_a_number))) == -3.0);
}

TEST_CASE("ranges pass missing values by") {
  const Pair low = judicious::lower(of(1.0, 2.0), of(not_a_number, -1.0));
  CHECK(low[0] == 1.0);
  CHECK(low[1] == -1.0);
  const Pair high = judicious::higher(of(1.0, 2.0), of(7.0, not_a_number));
  CHECK(judicious::greatest(high) == 7.0);
  CHECK(high[1] == 2.0);
  CHECK(judicious::least(low) == -1.0);
}

TEST_CASE("integers become doubles, the lowest a missing one") {
  constexpr int lowest = std::numeric_limits<int>::min();
  const int values[4] = {lowest, 7, -7, lowest + 1};
  const Pair a = judicious::pair_of_integers(values, 0.0);
  CHECK(std::isnan(a[0]));
  CHECK(a[1] == 7.0);
  const Pair b = judicious::pair_of_integers(values + 2, 1.0);
  CHECK(b[0] == -8.0);
  CHECK(b[1] == static_cast<double>(lowest));
}

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
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
  constexpr int highest = std::numeric_limits<int>::max();
  const int values[5] = {7, lowest, -7, lowest + 1, highest};
  double a[4], b[4];
  judicious::store_integers(values, 0.0, a);
  CHECK(a[0] == 7.0);
  CHECK(std::isnan(a[1]));
  CHECK(a[2] == -7.0);
  CHECK(a[3] == static_cast<double>(lowest) + 1.0);
  judicious::store_integers(values + 1, 1.0, b);
  CHECK(std::isnan(b[0]));
  CHECK(b[1] == -8.0);
  CHECK(b[2] == static_cast<double>(lowest));
  CHECK(b[3] == static_cast<double>(highest) - 1.0);
}

TEST_CASE("each of eight has its bit") {
  for (unsigned bits = 0; bits < 256; ++bits) {
    double x[8];
    for (unsigned k = 0; k < 8; ++k) x[k] = (bits >> k & 1) != 0 ? not_a_number : 1.0 * k;
    const auto is_missing = [&](int k) { return judicious::missing(load_pair(x + k)); };
    CHECK(judicious::signs(is_missing(0), is_missing(2), is_missing(4), is_missing(6)) == bits);
    if (bits > 0) CHECK((bits >> judicious::lowest_bit(bits) & 1) == 1);
    if (bits > 0) CHECK((bits & ((1u << judicious::lowest_bit(bits)) - 1)) == 0);
  }
  CHECK(judicious::lowest_bit(std::uint64_t{1} << 63) == 63);
}

TEST_CASE("bytes become whole numbers, whatever their number") {
  std::uint8_t bytes[21];
  for (int i = 0; i < 21; ++i) bytes[i] = static_cast<std::uint8_t>(250 + i);
  for (std::size_t n = 0; n <= 21; ++n) {
    int out[22];
    std::fill_n(out, 22, -1);
    judicious::widen(bytes, n, out);
    for (std::size_t i = 0; i < n; ++i) CHECK(out[i] == bytes[i]);
    CHECK(out[n] == -1);
  }
}

TEST_CASE("a fall is seen at every place") {
  for (std::size_t n = 1; n <= 14; ++n) {
    std::array<int, 14> x;
    for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<int>(i / 3);
    CHECK(judicious::ascends(x.data(), n));
    for (std::size_t at = 1; at < n; ++at) {
      auto y = x;
      y[at] = y[at - 1] - 1;
      CHECK_FALSE(judicious::ascends(y.data(), n));
    }
  }
}

TEST_CASE("numbers are compared with those before them") {
  for (unsigned bits = 0; bits < 16; ++bits) {
    int x[5] = {3};
    for (unsigned k = 0; k < 4; ++k) x[k + 1] = (bits >> k & 1) != 0 ? x[k] : x[k] + 1;
    const auto same = judicious::as_before(x + 1);
    for (unsigned k = 0; k < 4; ++k) {
      CHECK(judicious::all(same[k]) == ((bits >> k & 1) != 0));
      CHECK(judicious::any(same[k]) == ((bits >> k & 1) != 0));
    }
  }
}

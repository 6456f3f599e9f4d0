#include <doctest/doctest.h>

#include <cmath>
#include <judicious/ratings/krippendorff.hpp>

namespace {

using judicious::KrippendorffAlpha;
using judicious::Measurement;

// Krippendorff's published example, 12 units and 4 observers; 0 is missing.
Eigen::MatrixXi published() {
  Eigen::MatrixXi codes(12, 4);
  codes << 1, 1, 0, 1, 2, 2, 3, 2, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 2, 3, 4, 4, 4, 4, 4, 1, 1,
      2, 1, 2, 2, 2, 2, 0, 5, 5, 5, 0, 0, 1, 1, 0, 3, 0, 0;
  return codes;
}

double alpha(const Eigen::MatrixXi& codes, Measurement level, std::vector<double> values) {
  const auto data = judicious::patterns_of_ratings(codes, values.size(), 2);
  return KrippendorffAlpha(data, level, std::move(values))(data.units.sizes);
}

}  // namespace

TEST_CASE("alpha of the published example") {
  const std::vector<double> values{1, 2, 3, 4, 5};
  CHECK(alpha(published(), Measurement::nominal, values) == doctest::Approx(0.7434210526));
  CHECK(alpha(published(), Measurement::ordinal, values) == doctest::Approx(0.8153875038));
  CHECK(alpha(published(), Measurement::interval, values) == doctest::Approx(0.8491071429));
  CHECK(alpha(published(), Measurement::ratio, values) == doctest::Approx(0.7974027747));
}

TEST_CASE("weights are copies of units") {
  Eigen::MatrixXi codes(3, 2), copies(5, 2);
  codes << 1, 2, 2, 2, 3, 1;
  copies << 1, 2, 1, 2, 2, 2, 3, 1, 3, 1;
  for (const auto level :
       {Measurement::nominal, Measurement::ordinal, Measurement::interval, Measurement::ratio}) {
    const auto data = judicious::patterns_of_ratings(codes, 3, 2);
    const KrippendorffAlpha weighted(data, level, {1, 2, 4});
    CHECK(weighted({2, 1, 2}) == doctest::Approx(alpha(copies, level, {1, 2, 4})).epsilon(1e-12));
  }
}

TEST_CASE("alpha does not depend on the origin and unit of interval values") {
  const double expected = alpha(published(), Measurement::interval, {1, 2, 3, 4, 5});
  CHECK(alpha(published(), Measurement::interval, {1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4, 1e9 + 5}) ==
        doctest::Approx(expected).epsilon(1e-6));
  CHECK(alpha(published(), Measurement::interval, {1e300, 2e300, 3e300, 4e300, 5e300}) ==
        doctest::Approx(expected).epsilon(1e-12));
}

TEST_CASE("one value is undefined, zeros are fine") {
  Eigen::MatrixXi codes = Eigen::MatrixXi::Ones(3, 2);
  CHECK(std::isnan(alpha(codes, Measurement::interval, {0.1})));
  codes(0, 0) = 2;
  CHECK(std::isfinite(alpha(codes, Measurement::ratio, {0.0, 1.0})));
}

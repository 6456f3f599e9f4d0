#include <doctest/doctest.h>

#include <cmath>
#include <judicious/confidence/calibration_maps.hpp>

namespace {

using judicious::MapFamily;

double logit(double p) { return std::log(p) - std::log1p(-p); }

}  // namespace

TEST_CASE("one score: the map gives Platt's target") {
  // 3 right of 4: targets 4/5 and 1/3, mean (3 * 0.8 + 1 / 3) / 4.
  for (MapFamily family : {MapFamily::platt, MapFamily::temperature, MapFamily::beta}) {
    const auto map = judicious::fit_calibration_map({{0.9, 4, 3}}, family, true);
    CHECK(judicious::calibrated(map, 0.9) == doctest::Approx((2.4 + 1.0 / 3.0) / 4.0));
  }
}

TEST_CASE("two scores and two coefficients: the targets are met exactly") {
  const std::vector<judicious::ScoreBlock> blocks{{3.0, 50, 45}, {-1.0, 50, 20}};
  const auto map = judicious::fit_calibration_map(blocks, MapFamily::platt, false);
  const double right = 66.0 / 67.0, wrong = 1.0 / 37.0;
  CHECK(judicious::calibrated(map, 3.0) == doctest::Approx((45 * right + 5 * wrong) / 50));
  CHECK(judicious::calibrated(map, -1.0) == doctest::Approx((20 * right + 30 * wrong) / 50));
}

TEST_CASE("separated labels give a finite map, falling ones a flat temperature") {
  const std::vector<judicious::ScoreBlock> separated{{0.9, 20, 20}, {0.1, 20, 0}};
  for (MapFamily family : {MapFamily::platt, MapFamily::temperature, MapFamily::beta}) {
    const auto map = judicious::fit_calibration_map(separated, family, true);
    CHECK(map.coef.allFinite());
    CHECK(judicious::calibrated(map, 0.9) > 0.9);
  }
  const std::vector<judicious::ScoreBlock> falling{{0.9, 20, 2}, {0.1, 20, 18}};
  const auto flat = judicious::fit_calibration_map(falling, MapFamily::temperature, true);
  CHECK(judicious::calibrated(flat, 0.99) == 0.5);
  const auto beta = judicious::fit_calibration_map(falling, MapFamily::beta, true);
  CHECK(judicious::calibrated(beta, 0.99) == doctest::Approx(judicious::calibrated(beta, 0.1)));
  CHECK(judicious::calibrated(beta, 0.5) == doctest::Approx(0.5));
}

TEST_CASE("0 and 1 are read as half as far from the end as their neighbours") {
  const auto map = judicious::fit_calibration_map(
      {{1.0, 30, 28}, {0.9, 30, 20}, {0.2, 10, 2}, {0.0, 10, 0}}, MapFamily::platt, true);
  CHECK(map.highest == doctest::Approx(0.95));
  CHECK(map.lowest == doctest::Approx(0.1));
  const double at = map.coef[0] + map.coef[1] * logit(0.95);
  CHECK(logit(judicious::calibrated(map, 1.0)) == doctest::Approx(at));
  const auto only = judicious::fit_calibration_map({{1.0, 10, 9}}, MapFamily::platt, true);
  CHECK(only.coef.allFinite());
  CHECK(std::isnan(judicious::calibrated(map, std::nan(""))));
}

TEST_CASE("far scores neither overflow nor stop the fit") {
  const auto map = judicious::fit_calibration_map(
      {{1e4, 10, 9}, {1.0, 10, 6}, {0.0, 10, 5}, {-1e4, 10, 1}}, MapFamily::platt, false);
  CHECK(map.coef.allFinite());
  CHECK(judicious::calibrated(map, 1e300) <= 1.0);
  CHECK(judicious::calibrated(map, 1e4) > judicious::calibrated(map, -1e4));
}

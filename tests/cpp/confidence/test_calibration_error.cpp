#include <doctest/doctest.h>

#include <cmath>
#include <judicious/confidence/calibration_error.hpp>

TEST_CASE("values on an edge go where the bin is closed") {
  for (int k = 1; k < 10; ++k) {
    const double edge = k / 10.0;
    CAPTURE(k);
    CHECK(judicious::width_bin(edge, 10, true) == k - 1);
    CHECK(judicious::width_bin(edge, 10, false) == k);
    CHECK(judicious::width_bin(std::nextafter(edge, 1.0), 10, true) == k);
    CHECK(judicious::width_bin(std::nextafter(edge, 0.0), 10, false) == k - 1);
  }
  for (bool right_closed : {true, false}) {
    CHECK(judicious::width_bin(0.0, 10, right_closed) == 0);
    CHECK(judicious::width_bin(1.0, 10, right_closed) == 9);
    CHECK(judicious::width_bin(0.7, 1, right_closed) == 0);
  }
}

TEST_CASE("proper scores by hand") {
  const auto scores = judicious::proper_scores({{1.0, 1, 1}, {0.8, 2, 1}, {0.0, 1, 0}});
  CHECK(scores.brier == doctest::Approx((0.04 + 0.64) / 4.0));
  CHECK(scores.log_loss == doctest::Approx(-(std::log(0.8) + std::log(0.2)) / 4.0));
  CHECK(std::isinf(judicious::proper_scores({{1.0, 1, 0}}).log_loss));
  CHECK(std::isinf(judicious::proper_scores({{0.0, 1, 1}}).log_loss));
}

TEST_CASE("bins of equal mass are equal without ties and never part ties") {
  std::vector<judicious::ScoreBlock> blocks;
  for (int i = 20; i > 0; --i) blocks.push_back({i / 20.0, 1.0, static_cast<double>(i % 2)});
  const auto bins = judicious::equal_mass_bins(blocks, 5);
  REQUIRE(bins.size() == 5);
  for (const auto& bin : bins) CHECK(bin.n == 4.0);
  CHECK(bins[0].low == 0.05);
  CHECK(bins[0].high == 0.2);
  const auto tied = judicious::equal_mass_bins({{0.9, 10, 9}, {0.2, 1, 0}}, 5);
  REQUIRE(tied.size() == 2);
  CHECK(tied[1].n == 10.0);
  CHECK(tied[1].accuracy() == doctest::Approx(0.9));
}

TEST_CASE("calibration error by hand") {
  const auto bins =
      judicious::equal_width_bins({{0.95, 2, 1}, {0.9, 2, 2}, {0.35, 1, 0}}, 10, true);
  REQUIRE(bins.size() == 3);
  const auto error = judicious::calibration_error(bins);
  CHECK(error.expected == doctest::Approx((2 * 0.45 + 2 * 0.1 + 0.35) / 5.0));
  CHECK(error.maximum == doctest::Approx(0.45));
}

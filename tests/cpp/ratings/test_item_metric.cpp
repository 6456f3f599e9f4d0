#include <doctest/doctest.h>

#include <cmath>
#include <judicious/ratings/item_metric.hpp>
#include <random>

using judicious::Counts;
using judicious::ItemScores;
using judicious::Summary;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

ItemScores scores_of(std::vector<double> score, Summary summary = Summary::mean) {
  ItemScores out;
  out.summary = summary;
  out.score = std::move(score);
  return out;
}

ItemScores choices_of(std::vector<int> human, std::vector<int> judge, Summary summary) {
  ItemScores out;
  out.summary = summary;
  out.human = std::move(human);
  out.judge = std::move(judge);
  out.n_codes = 4;
  return out;
}

std::mt19937_64 stream(std::uint64_t b) { return std::mt19937_64(judicious::stream_seed(3, b)); }

}  // namespace

TEST_CASE("means leave out items without a score; weights are copies") {
  const auto metric = judicious::item_metric(scores_of({1.0, missing, 4.0}));
  CHECK(metric.value({1, 1, 1}) == 2.5);
  CHECK(metric.value({2, 5, 1}) == 2.0);
  CHECK(std::isnan(metric.value({0, 3, 0})));
}

TEST_CASE("folded means") {
  CHECK(judicious::item_metric(scores_of({-1.0, 0.5}, Summary::absolute_mean)).value({1, 1}) ==
        0.25);
  CHECK(judicious::item_metric(scores_of({-1.0, 0.5}, Summary::squared_mean)).value({1, 1}) ==
        0.0625);
}

TEST_CASE("chance-corrected coefficients of two choices") {
  // Agreement 1/2; Cohen: margins (1/2, 1/2) and (1/4, 3/4), chance 1/2.
  const std::vector<int> human{0, 0, 1, -1, 1}, judge{0, 1, 1, 1, 1};
  const Counts once(5, 1.0);
  CHECK(judicious::item_metric(choices_of(human, judge, Summary::cohen)).value(once) ==
        doctest::Approx(0.5));
  CHECK(judicious::item_metric(choices_of(human, judge, Summary::fleiss)).value(once) ==
        doctest::Approx((0.75 - 34.0 / 64.0) / (30.0 / 64.0)));
  CHECK(judicious::item_metric(choices_of(human, judge, Summary::krippendorff)).value(once) ==
        doctest::Approx(1.0 - 7.0 * 2.0 / 30.0));
}

TEST_CASE("metrics are resampled jointly") {
  auto first = scores_of({1, 2, 3, 4}), twice = scores_of({2, 4, 6, 8});
  first.low = {0, 1, 2, 3};
  first.high = {2, 3, 4, 5};
  const std::vector<judicious::ItemMetric> metrics{judicious::item_metric(first),
                                                   judicious::item_metric(twice)};
  const auto x = judicious::estimate_metrics(metrics, 4, 50, stream, judicious::serial_executor());
  CHECK(x.estimate == std::vector<double>{2.5, 5.0});
  CHECK(x.low == std::vector<double>{1.5, 5.0});
  for (std::size_t b = 0; b < 50; ++b) {
    CHECK(x.replicates[2 * b + 1] == 2.0 * x.replicates[2 * b]);
    CHECK(x.high_replicates[2 * b] == x.replicates[2 * b] + 1.0);
    CHECK(x.low_replicates[2 * b + 1] == x.replicates[2 * b + 1]);
  }
}

TEST_CASE("dropped items have no part") {
  auto scores = scores_of({1.0, 5.0});
  scores.drop(1);
  CHECK_FALSE(scores.uses(1));
  CHECK(judicious::item_metric(scores).value({1, 1}) == 1.0);
  auto choices = choices_of({0, 1}, {0, 1}, Summary::cohen);
  choices.drop(0);
  CHECK_FALSE(choices.uses(0));
  CHECK(choices.uses(1));
}

#include <doctest/doctest.h>

#include <cmath>
#include <judicious/confidence/score_blocks.hpp>
#include <limits>

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("labels are gathered by distinct score, the highest first") {
  const double score[] = {0.5, 0.9, 0.5, 0.1, 0.9, 0.5, -0.0, 0.0};
  const int correct[] = {1, 1, 0, 0, 1, 1, 1, 0};
  const auto blocks = judicious::score_blocks({score, correct, 8});
  REQUIRE(blocks.size() == 4);
  CHECK(blocks[0].score == 0.9);
  CHECK(blocks[0].n == 2.0);
  CHECK(blocks[0].n_correct == 2.0);
  CHECK(blocks[1].n == 3.0);
  CHECK(blocks[1].n_correct == 2.0);
  CHECK(blocks[1].n_wrong() == 1.0);
  CHECK(blocks[2].n_correct == 0.0);
  CHECK(blocks[3].n == 2.0);  // 0 and -0 are one score
  CHECK(judicious::block_totals(blocks).n == 8.0);
  CHECK(judicious::block_totals(blocks).n_wrong() == 3.0);
}

TEST_CASE("rows without a score or a truth are left out") {
  const double infinity = std::numeric_limits<double>::infinity();
  const double score[] = {missing, 0.2, 0.3, infinity, -infinity};
  const int correct[] = {1, std::numeric_limits<int>::min(), 0, 1, 2};
  const auto blocks = judicious::score_blocks({score, correct, 5});
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].score == infinity);
  CHECK(blocks[1].score == 0.3);
  CHECK(judicious::score_blocks({score, correct, 0}).empty());
}

TEST_CASE("kept labels accumulate from the top") {
  const double score[] = {0.5, 0.9, 0.5, 0.1};
  const int correct[] = {1, 1, 0, 0};
  const auto kept = judicious::kept_labels(judicious::score_blocks({score, correct, 4}));
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].n == 1.0);
  CHECK(kept[1].threshold == 0.5);
  CHECK(kept[1].n == 3.0);
  CHECK(kept[1].n_correct == 2.0);
  CHECK(kept[2].n_wrong() == 2.0);
}

#include <doctest/doctest.h>

#include <cmath>
#include <judicious/confidence/stacked_votes.hpp>

namespace {

using judicious::Matrix;

// One judge; 90 of 100 right where it says 0, 60 of 100 where it says 1.
const int labels[] = {0, 1};
const judicious::VotePatterns panel{labels, 2, {0}, 1, 2};

}  // namespace

TEST_CASE("without a penalty one judge's shares are met exactly") {
  Matrix gold(2, 2);
  gold << 90, 10, 40, 60;
  const auto stack = judicious::fit_stacked_votes(panel, gold, 1e-9);
  const Matrix p = judicious::stacked_probabilities(panel, stack);
  CHECK(p(0, 0) == doctest::Approx(0.9).epsilon(1e-6));
  CHECK(p(1, 1) == doctest::Approx(0.6).epsilon(1e-6));
  CHECK(stack.intercept.sum() == doctest::Approx(0.0));
}

TEST_CASE("a copy of a judge shares its weight and changes nothing") {
  const int twins[] = {0, 1, 0, 1};
  Matrix gold(2, 2);
  gold << 90, 10, 40, 60;
  const auto one = judicious::fit_stacked_votes(panel, gold, 1e-6);
  const judicious::VotePatterns pair{twins, 2, {0, 1}, 2, 2};
  const auto two = judicious::fit_stacked_votes(pair, gold, 1e-6);
  CHECK(two.weight[0] == doctest::Approx(two.weight[1]));
  CHECK(two.weight.sum() == doctest::Approx(one.weight[0]).epsilon(1e-5));
}

TEST_CASE("separated gold labels and missing classes leave the weights finite") {
  Matrix gold(2, 2);
  gold << 5, 0, 0, 5;
  const auto stack = judicious::fit_stacked_votes(panel, gold, 1.0);
  CHECK(stack.weight.allFinite());
  CHECK(stack.weight[0] > 0.5);
  gold << 5, 0, 5, 0;
  const auto lopsided = judicious::fit_stacked_votes(panel, gold, 1.0);
  CHECK(lopsided.intercept.allFinite());
  CHECK(judicious::stacked_probabilities(panel, lopsided)(1, 0) > 0.8);
}

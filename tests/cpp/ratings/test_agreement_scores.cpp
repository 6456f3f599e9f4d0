#include <doctest/doctest.h>

#include <judicious/ratings/agreement_scores.hpp>

#include "vectors.hpp"

TEST_CASE("scores of items by hand") {
  using List = std::vector<double>;
  CHECK(judicious::hit_scores(integers({1, 2, 2}), integers({1, 1, 2})) == List{1, 0, 1});
  CHECK(judicious::label_distance_scores(integers({1, 2}), integers({1, 1})) == List{0, 2});
  Eigen::MatrixXd shares(2, 3);
  shares << 0.6, 0.5, 0.1 + 0.2,  //
      0.2, 1.0, 0.9;
  CHECK(judicious::coverage_scores(shares, integers({1, 1, 2}), 0.5) == List{1, 0, 1});
  CHECK(judicious::coverage_scores(shares, integers({2, 2, 1}), 0.3) == List{0, 1, 0});
  const Eigen::MatrixXd other = Eigen::MatrixXd::Constant(2, 3, 0.5);
  CHECK(judicious::squared_distance_scores(shares, other)[1] == doctest::Approx(0.25));
}

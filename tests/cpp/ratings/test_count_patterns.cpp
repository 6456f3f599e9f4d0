#include <doctest/doctest.h>

#include <judicious/ratings/count_patterns.hpp>

TEST_CASE("units with the same values from any raters are one kind") {
  Eigen::MatrixXi codes(6, 3);
  codes << 1, 2, 1,  //
      2, 1, 1,       //
      3, 3, 0,       //
      0, 3, 3,       //
      2, 0, 0,       //
      0, 0, 0;
  const auto data = judicious::patterns_of_ratings(codes, 3, 2);
  CHECK(data.n_kinds() == 2);
  CHECK(data.units.kind == std::vector<int>{0, 0, 1, 1});
  CHECK(data.units.sizes == std::vector<double>{2.0, 2.0});
  CHECK(data.patterns[0] == judicious::Pattern{{0, 2}, {1, 1}});
  CHECK(judicious::value_totals(data, data.units.sizes) == std::vector<double>{4.0, 2.0, 4.0});
  CHECK(judicious::patterns_of_ratings(codes, 3, 1).n_kinds() == 3);

  Eigen::MatrixXi counts(3, 3);
  counts << 2, 1, 0, 0, 0, 2, 2, 1, 0;
  const auto same = judicious::patterns_of_counts(counts, 2);
  CHECK(same.patterns == data.patterns);
  CHECK(same.units.sizes == std::vector<double>{2.0, 1.0});
}

TEST_CASE("one value is not several") {
  CHECK_FALSE(judicious::several_values({0.0, 3.0}));
  CHECK(judicious::several_values({1.0, 3.0}));
}

#include <doctest/doctest.h>

#include <judicious/estimate/joint_classes.hpp>

TEST_CASE("the size of a union is exact where all are in as many sets") {
  CHECK(judicious::size_of_union(0.0, 0.0) == 0.0);
  CHECK(judicious::size_of_union(90.0, 0.0) == doctest::Approx(90.0));    // separate
  CHECK(judicious::size_of_union(120.0, 60.0) == doctest::Approx(60.0));  // all in two of many
  CHECK(judicious::size_of_union(90.0, 90.0) == doctest::Approx(30.0));   // all in all three
  // 20 in one, 30 in two: between both.
  CHECK(judicious::size_of_union(80.0, 30.0) == doctest::Approx(50.0));
  // Never more than there are: 10 in one, 10 in two, 10 in three.
  CHECK(judicious::size_of_union(60.0, 40.0) <= 30.0);
}

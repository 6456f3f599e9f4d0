#include <doctest/doctest.h>

#include <judicious/ratings/option_sets.hpp>
#include <judicious/ratings/threshold.hpp>
#include <stdexcept>
#include <vector>

using judicious::OptionSet;

TEST_CASE("a bitmask means the same set in any list") {
  const OptionSet both = judicious::singleton(0) | judicious::singleton(1);
  CHECK(both == 3);
  CHECK(judicious::contains(both, 0));
  CHECK(judicious::contains(both, 1));
  CHECK_FALSE(judicious::contains(both, 2));
  CHECK(judicious::set_size(both) == 2);
  CHECK(judicious::set_size(judicious::singleton(29) | judicious::singleton(0)) == 2);
}

TEST_CASE("sets are listed by size, then by their options") {
  CHECK(judicious::all_sets(3, 3) == std::vector<OptionSet>{1, 2, 4, 3, 5, 6, 7});
  // Of four: AB, AC, AD, BC, BD, CD.
  CHECK(judicious::all_sets(4, 2) == std::vector<OptionSet>{1, 2, 4, 8, 3, 5, 9, 6, 10, 12});
  CHECK(judicious::all_sets(4, 1).size() == 4);
  CHECK(judicious::all_sets(10, 10).size() == 1023);
  CHECK_THROWS_AS(judicious::all_sets(17, 1), std::invalid_argument);
}

TEST_CASE("sorting drops duplicates") {
  std::vector<OptionSet> sets{7, 1, 3, 1, 2};
  judicious::sort_sets(sets);
  CHECK(sets == std::vector<OptionSet>{1, 2, 3, 7});
}

TEST_CASE("a set is positive if it meets, or holds, the positive options") {
  using judicious::PositiveRule;
  CHECK(judicious::is_positive(5, 4, PositiveRule::any));
  CHECK_FALSE(judicious::is_positive(3, 4, PositiveRule::any));
  CHECK_FALSE(judicious::is_positive(5, 6, PositiveRule::all));
  CHECK(judicious::is_positive(7, 6, PositiveRule::all));
  CHECK_FALSE(judicious::is_positive(7, 0, PositiveRule::all));
  CHECK_FALSE(judicious::is_positive(7, 0, PositiveRule::any));
}

TEST_CASE("a share must be strictly above the threshold, whatever its rounding") {
  CHECK_FALSE(judicious::exceeds(0.5, 0.5));
  CHECK(0.1 + 0.2 > 0.3);
  CHECK_FALSE(judicious::exceeds(0.1 + 0.2, 0.3));
  CHECK_FALSE(judicious::exceeds(0.7 - 0.1 - 0.1, 0.5));
  CHECK(judicious::exceeds(0.5 + 1e-9, 0.5));
  CHECK_FALSE(judicious::exceeds(0.0, 0.0));
}

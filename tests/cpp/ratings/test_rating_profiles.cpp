#include <doctest/doctest.h>

#include <cmath>
#include <judicious/ratings/rating_facts.hpp>
#include <judicious/ratings/rating_profiles.hpp>
#include <vector>

#include "ratings.hpp"

using judicious::InvalidPolicy;
using judicious::PositiveRule;

namespace {

// Item 1: sets {A}, {A, B}, one invalid of both; item 2: two choices of B, no set.
const RatingTable ratings({{1, 1, 1}, {1, 2, 3}, {1, 0, 0, 3}, {2, 2, 0, 0, 2.0}});

judicious::ItemTallies tallies(const judicious::PositiveOptions& positive) {
  return judicious::tally_ratings(ratings.view(), {2, 1, 2}, positive)[0];
}

}  // namespace

TEST_CASE("shares are of the valid answers") {
  const auto p = judicious::profile_items(tallies({2, PositiveRule::any}), InvalidPolicy::exclude);
  CHECK(p.o == std::vector<double>{0.5, 0.5, 0.0, 1.0});
  CHECK(p.omega[0] == 1.0);
  CHECK(p.omega[1] == 0.5);
  CHECK(p.p_positive[0] == 0.5);
  CHECK(std::isnan(p.omega[2]));
  CHECK(std::isnan(p.p_positive[1]));
  CHECK(p.o_low.empty());
}

TEST_CASE("wrong answers name no option; bounds hold all they might have been") {
  const auto wrong =
      judicious::profile_items(tallies({2, PositiveRule::any}), InvalidPolicy::wrong);
  CHECK(wrong.o[0] == doctest::Approx(1.0 / 3));
  CHECK(wrong.omega[0] == doctest::Approx(2.0 / 3));
  CHECK(wrong.p_positive[0] == doctest::Approx(1.0 / 3));
  const auto b = judicious::profile_items(tallies({2, PositiveRule::any}), InvalidPolicy::bounds);
  CHECK(b.o[0] == 0.5);
  CHECK(b.o_low[0] == doctest::Approx(1.0 / 3));
  CHECK(b.o_high[0] == doctest::Approx(2.0 / 3));
  CHECK(b.omega_high[1] == doctest::Approx(2.0 / 3));
  CHECK(b.p_low[0] == doctest::Approx(1.0 / 3));
  CHECK(b.p_high[0] == doctest::Approx(2.0 / 3));
  CHECK(b.o_low[2] == 0.0);
  CHECK(b.o_high[3] == 1.0);
}

TEST_CASE("a set with two positive options counts once") {
  // .45 + .45 > .5, but only .45 of the sets meet the positive options.
  const RatingTable table({{1, 0, 3, 0, 9.0}, {1, 0, 4, 0, 11.0}});
  for (const PositiveRule rule : {PositiveRule::any, PositiveRule::all}) {
    const auto t = judicious::tally_ratings(table.view(), {1, 1, 3}, {3, rule})[0];
    const auto p = judicious::profile_items(t, InvalidPolicy::exclude);
    CHECK(p.omega[0] + p.omega[1] > 0.5);
    CHECK(p.p_positive[0] == doctest::Approx(0.45));
    CHECK_FALSE(judicious::exceeds(p.p_positive[0], 0.5));
  }
  const auto all = judicious::tally_ratings(table.view(), {1, 1, 3}, {5, PositiveRule::all})[0];
  CHECK(all.positive[0] == 0.0);
}

TEST_CASE("hard answers: the first of the most chosen, and sets by the one rule") {
  const std::vector<double> tie{0.2, 0.4, 0.4}, none{0.0, 0.0, 0.0}, mostly_invalid{0.3, 0.1, 0.0};
  CHECK(judicious::hard_choice(tie.data(), 3) == 1);
  CHECK(judicious::hard_choice(none.data(), 3) == -1);
  CHECK(judicious::hard_choice(mostly_invalid.data(), 3) == -1);
  const std::vector<double> omega{0.5, 0.6, 0.1 + 0.2};
  CHECK(judicious::hard_set(omega.data(), 3, 0.5) == 2);
  CHECK(judicious::hard_set(omega.data(), 3, 0.3) == 3);
  CHECK(judicious::hard_set(omega.data(), 3, 0.0) == 7);
}

TEST_CASE("sets are counted per source and item") {
  const RatingTable table({{2, 0, 3}, {1, 0, 1}, {2, 0, 2}, {2, 0, 3}, {1, 0, 1, 0, 1.0, 2}});
  const auto counts = judicious::count_sets(table.view());
  CHECK(counts.source == std::vector<int>{1, 1, 1, 2});
  CHECK(counts.item == std::vector<int>{1, 2, 2, 1});
  CHECK(counts.set == std::vector<int>{1, 2, 3, 1});
  CHECK(counts.n == std::vector<double>{1.0, 1.0, 2.0, 1.0});
}

TEST_CASE("facts by hand") {
  const std::vector<int> rater{1, 2, 3, 1};
  const auto facts = judicious::rating_facts(ratings.view(), {2, 1, 2}, rater.data(), 3)[0];
  CHECK(facts.n_items == 2);
  CHECK(facts.n_raters == 3);
  CHECK(facts.n_ratings == 5.0);
  CHECK(facts.n_invalid == 1.0);
  CHECK(facts.n_contradictory == 0.0);
  CHECK(facts.items_chosen == 2);
  CHECK(facts.items_differing == 1);
  CHECK(facts.items_with_set == 1);
  CHECK(facts.items_several == 1);
  CHECK(facts.mean_set_size() == 1.5);
  CHECK(facts.set_sizes == std::vector<double>{1.0, 1.0});
  CHECK(facts.disagreement == std::vector<double>{1.0, 0.0});
}

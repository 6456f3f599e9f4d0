#include <doctest/doctest.h>

#include <cmath>
#include <judicious/data/lowest_prob.hpp>
#include <judicious/estimate/bases.hpp>
#include <judicious/estimate/verdict.hpp>

namespace {

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-12); }

judicious::StratumBase stratum(double weight, double rows, double units, double p0, double hc2) {
  return {weight, rows, units, p0, hc2, {p0, p0}};
}

}  // namespace

TEST_CASE("rows worth three labels, lowest prob first") {
  using judicious::lowest_prob_mean;
  CHECK(lowest_prob_mean(std::vector<double>(100, 0.1)) == near(0.1));
  CHECK(lowest_prob_mean(std::vector<double>(7, 0.8)) == near(0.8));
  // 20 rows of .1 and two of .5: 22 rows sum to 3.
  std::vector<double> prob(30, 0.5);
  std::fill_n(prob.begin() + 4, 20, 0.1);
  CHECK(lowest_prob_mean(prob) == near(3.0 / 22.0));
  // In part: 20 of .1, one of .5 and 0.5 / 0.8 of one of .8.
  CHECK(lowest_prob_mean([&] {
          std::vector<double> p(25, 0.8);
          std::fill_n(p.begin(), 20, 0.1);
          p[20] = 0.5;
          return p;
        }()) == near(3.0 / (21.0 + 0.5 / 0.8)));
  CHECK(lowest_prob_mean({0.5, 0.5}) == near(1.5));
}

TEST_CASE("the guarded design effect") {
  using judicious::guarded_design_effect;
  // No event seen: clusters are what counts.
  CHECK(guarded_design_effect(200.0, 40.0, 0.0, 0.0) == near(5.0));
  // As variable as independent rows: close to 1, not below.
  CHECK(guarded_design_effect(1000.0, 100.0, 0.5, 0.25 / 1000.0) >= 1.0);
  CHECK(guarded_design_effect(1000.0, 100.0, 0.5, 0.0) == 1.0);
  const double rows = 300.0, m = 3.0, p = 0.2, hc2 = 0.001;
  CHECK(guarded_design_effect(rows, rows / m, p, hc2) ==
        near((rows * (rows - 1.0) * hc2 + 2.0 * m * m) / (rows * p * (1.0 - p) + 2.0 * m)));
  // Never above the rows of a cluster.
  CHECK(guarded_design_effect(rows, rows / m, p, 1.0) == near(m));
  CHECK(guarded_design_effect(30.0, 40.0, p, 1.0) == 1.0);
}

TEST_CASE("strata are guarded one by one and added by their weights") {
  const std::vector<judicious::StratumBase> strata{stratum(0.25, 60.0, 20.0, 0.0, 0.0),
                                                   stratum(0.75, 90.0, 90.0, 0.3, 0.002)};
  CHECK(judicious::base_size(strata, {true, true}) == near(1.0 / (0.0625 / 20.0 + 0.5625 / 90.0)));
  CHECK(judicious::base_size(strata, {false, true}) == near(1.0 / (0.0625 / 60.0 + 0.5625 / 90.0)));
  // Scores: clusters count once.
  CHECK(judicious::base_size(strata, {true, false}) == near(1.0 / (0.0625 / 20.0 + 0.5625 / 90.0)));
  // The scale of the metric does not matter.
  std::vector<judicious::StratumBase> wide{stratum(1.0, 300.0, 100.0, 1.0 + 4.0 * 0.2, 0.016)};
  CHECK(judicious::base_size(wide, {true, true, {1.0, 5.0}}) ==
        near(300.0 / judicious::guarded_design_effect(300.0, 100.0, 0.2, 0.001)));
}

TEST_CASE("verdict: the lowest mean prob among rows with the same answers or fifth of scores") {
  std::vector<double> y(10, 0.0), f{0, 0, 0, 0, 0, 0, 1, 1, 1, 1}, g{0, 0, 0, 1, 1, 1, 0, 0, 1, 1};
  std::vector<double> prob{.1, .2, .3, .4, .5, .6, .7, .8, .2, .2};
  judicious::Rows rows;
  rows.n = 10;
  rows.y = {y.data(), nullptr, 0};
  rows.proxies = {{f.data(), nullptr, 0}};
  rows.prob = judicious::Column{prob.data(), nullptr, 0};
  CHECK(judicious::lowest_prob_by_answer(rows, 1).at(0) == near(0.35));
  rows.proxies.push_back({g.data(), nullptr, 0});
  CHECK(judicious::lowest_prob_by_answer(rows, 1).at(0) == near(0.2));
  g[0] = 0.5;
  CHECK(judicious::lowest_prob_by_answer(rows, 1).empty());
  std::vector<judicious::ScoredProb> scored;
  for (int i = 0; i < 10; ++i) scored.push_back({static_cast<double>(10 - i), prob[i]});
  // Fifths of two rows: the lowest is {.1, .2}.
  CHECK(judicious::lowest_prob_of_fifths(scored) == near(0.15));
  for (auto& row : scored) row.score = 1.0;
  CHECK(judicious::lowest_prob_of_fifths(scored) == near(0.4));
}

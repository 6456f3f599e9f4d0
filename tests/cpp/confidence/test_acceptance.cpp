#include <doctest/doctest.h>

#include <algorithm>
#include <judicious/confidence/acceptance.hpp>
#include <random>
#include <vector>

namespace {

using judicious::ScoreBlock;

// Scores n, n - 1, ..., wrong at the given ranks (from 1).
std::vector<ScoreBlock> ranked(int n, const std::vector<int>& wrong) {
  std::vector<ScoreBlock> out;
  for (int rank = 1; rank <= n; ++rank) {
    const bool is_wrong = std::count(wrong.begin(), wrong.end(), rank) > 0;
    out.push_back({static_cast<double>(n + 1 - rank), 1.0, is_wrong ? 0.0 : 1.0});
  }
  return out;
}

}  // namespace

TEST_CASE("22 right labels are the fewest that show 90 % at level 0.1") {
  CHECK(judicious::fewest_to_pass(0.9, 0.1) == 22.0);
  CHECK(judicious::fewest_to_pass(0.5, 0.25) == 2.0);
  CHECK(!judicious::selective_threshold(ranked(21, {}), 0.9, 0.1, 21));
  CHECK(*judicious::selective_threshold(ranked(22, {}), 0.9, 0.1, 22) == 1.0);
}

TEST_CASE("fixed-sequence testing stops at the first failure") {
  // The first wrong label at rank 30: 1 of 30 does not pass, later ranks would.
  const auto blocks = ranked(200, {30});
  CHECK(judicious::binomial_cdf(1, 200, 0.1) < 0.1);
  CHECK(*judicious::selective_threshold(blocks, 0.9, 0.1, 22) == 172.0);  // rank 29
  CHECK(*judicious::selective_threshold(blocks, 0.9, 0.1, 60) == 1.0);
  CHECK(!judicious::selective_threshold(ranked(200, {1, 2, 3}), 0.9, 0.1, 22));
}

TEST_CASE("the naive rule takes the lowest lucky threshold") {
  CHECK(*judicious::naive_threshold(ranked(20, {1, 19, 20}), 0.9) == 3.0);  // 17 of 18
  CHECK(!judicious::naive_threshold(ranked(3, {1, 2, 3}), 0.9));
}

TEST_CASE("PAC: as many wrong labels as the test allows") {
  // Binomial(100, 0.1): P(X <= 5) = 0.058, P(X <= 6) = 0.117.
  const auto blocks = ranked(100, {40, 50, 60, 70, 80, 90, 95});
  CHECK(*judicious::pac_threshold(blocks, 100, 0.9, 0.1) == 101.0 - 89.0);
  CHECK(*judicious::pac_threshold(ranked(100, {}), 100, 0.9, 0.1) == 1.0);
  CHECK(!judicious::pac_threshold(ranked(21, {}), 21, 0.9, 0.1));
  // Items without a score count: they go to a human, right.
  CHECK(*judicious::pac_threshold(ranked(21, {}), 22, 0.9, 0.1) == 1.0);
}

TEST_CASE("FDR: Benjamini-Hochberg on conformal p-values, as the textbook says") {
  std::mt19937_64 rng(3);
  for (int repeat = 0; repeat < 50; ++repeat) {
    std::vector<double> score, pool;
    std::vector<int> correct;
    const int levels = repeat % 2 == 0 ? 1000 : 8;
    const auto draw = [&] {
      return static_cast<double>(rng() % static_cast<unsigned>(levels)) / levels;
    };
    for (int i = 0; i < 80; ++i) {
      score.push_back(draw());
      correct.push_back(draw() < 0.5 + 0.6 * score.back() ? 1 : 0);
    }
    for (int i = 0; i < 60; ++i) pool.push_back(draw());
    std::sort(pool.rbegin(), pool.rend());
    std::vector<double> p;
    for (double s : pool) {
      double count = 1.0;
      for (std::size_t i = 0; i < score.size(); ++i) count += correct[i] == 0 && score[i] >= s;
      p.push_back(count / 81.0);
    }
    std::size_t rejected = 0;
    for (std::size_t k = 1; k <= p.size(); ++k) {
      if (p[k - 1] <= 0.2 * static_cast<double>(k) / 60.0 + 1e-15) rejected = k;
    }
    const auto found = judicious::fdr_threshold(
        judicious::score_blocks({score.data(), correct.data(), score.size()}), pool, 0.8);
    CHECK(found.has_value() == (rejected > 0));
    if (found) {
      CHECK(static_cast<std::size_t>(std::count_if(
                pool.begin(), pool.end(), [&](double s) { return s >= *found; })) == rejected);
    }
  }
}

#include <doctest/doctest.h>

#include <algorithm>
#include <judicious/data/low_probs.hpp>
#include <random>

namespace {

using judicious::LowProbs;

LowProbs of(const std::vector<double>& probs) {
  LowProbs out;
  for (const double p : probs) out.add(p);
  return out;
}

std::vector<double> draws(std::size_t n, double highest, unsigned seed) {
  std::mt19937_64 rng(seed);
  std::uniform_real_distribution<double> uniform(1e-4, highest);
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(uniform(rng));
  return out;
}

// 3 over the share of the rows it takes, row by row.
double by_sorting(std::vector<double> probs) {
  std::sort(probs.begin(), probs.end());
  double sum = 0.0, rows = 0.0;
  for (const double p : probs) {
    const double take = std::min(1.0, (3.0 - sum) / p);
    sum += take * p;
    rows += take;
    if (sum >= 3.0) break;
  }
  return sum * static_cast<double>(probs.size()) / rows;
}

}  // namespace

TEST_CASE("equal prob are worth their labels") {
  for (const double p : {0.001, 0.1, 0.9}) {
    CHECK(of(std::vector<double>(5000, p)).size(5000.0) == doctest::Approx(5000.0 * p));
    CHECK(of(std::vector<double>(5000, p)).entries().size() == 1);
  }
}

TEST_CASE("a tenth of the rows with a hundredth of the prob") {
  std::vector<double> probs(1000, 0.5);
  std::fill(probs.begin(), probs.begin() + 100, 0.005);
  // 100 x .005 = .5, five more rows of .5 make 3: 3 / (105 / 1000).
  CHECK(of(probs).size(1000.0) == doctest::Approx(3000.0 / 105.0));
}

TEST_CASE("any prob equal sorting, whatever their order") {
  for (unsigned seed = 1; seed < 20; ++seed) {
    for (const double highest : {0.001, 0.05, 0.9}) {
      auto probs = draws(20000, highest, seed);
      const double expected = by_sorting(probs);
      CHECK(of(probs).size(20000.0) == doctest::Approx(expected).epsilon(1e-12));
      std::sort(probs.begin(), probs.end(), std::greater<double>());
      CHECK(of(probs).size(20000.0) == doctest::Approx(expected).epsilon(1e-12));
    }
  }
}

TEST_CASE("parts merge to the whole, in any order") {
  const auto all = draws(9000, 0.02, 3);
  const double whole = of(all).size(9000.0);
  std::vector<LowProbs> parts;
  for (int k = 0; k < 3; ++k)
    parts.push_back(of({all.begin() + 3000 * k, all.begin() + 3000 * (k + 1)}));
  LowProbs left = parts[0], right = parts[2];
  left.merge(parts[1]);
  left.merge(parts[2]);
  right.merge(parts[1]);
  right.merge(parts[0]);
  CHECK(left.size(9000.0) == doctest::Approx(whole).epsilon(1e-12));
  CHECK(left.entries() == right.entries());
}

TEST_CASE("fewer than three expected labels: what there is") {
  CHECK(of({0.5, 0.5}).size(2.0) == doctest::Approx(1.0));
  CHECK(LowProbs().size(7.0) == 7.0);
}

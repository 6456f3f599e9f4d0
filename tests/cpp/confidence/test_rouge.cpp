#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <judicious/confidence/rouge.hpp>
#include <judicious/numeric/random.hpp>
#include <vector>

namespace {

// The textbook table.
std::size_t lcs_by_table(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<std::vector<std::size_t>> best(a.size() + 1,
                                             std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      best[i][j] =
          a[i - 1] == b[j - 1] ? best[i - 1][j - 1] + 1 : std::max(best[i - 1][j], best[i][j - 1]);
    }
  }
  return best[a.size()][b.size()];
}

std::vector<int> random_words(std::size_t n, unsigned n_ids, std::uint64_t seed) {
  std::vector<int> out(n);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = static_cast<int>(judicious::stream_seed(seed, i) % n_ids);
  }
  return out;
}

}  // namespace

TEST_CASE("the longest common subsequence, by hand") {
  const judicious::LcsPattern pattern({0, 1, 2, 1, 3, 0, 1}, 4);  // ABCBDAB
  CHECK(pattern.common({1, 3, 2, 0, 1, 0}) == 4);                 // BDCABA
  CHECK(pattern.common({}) == 0);
  CHECK(judicious::LcsPattern({}, 3).common({1, 2}) == 0);
}

TEST_CASE("it equals the textbook table, in one block of 64 words and in several") {
  std::uint64_t seed = 0;
  for (const std::size_t n : {1, 7, 30, 63, 64, 65, 127, 128, 129, 300}) {
    for (const unsigned n_ids : {2u, 9u, 100u}) {
      for (const std::size_t m : {1, 40, 200}) {
        const auto a = random_words(n, n_ids, ++seed), b = random_words(m, n_ids, ++seed);
        CHECK(judicious::LcsPattern(a, n_ids).common(b) == lcs_by_table(a, b));
      }
    }
  }
}

TEST_CASE("words that the pattern has not met match nothing") {
  CHECK(judicious::LcsPattern({0, 1}, 2).common({5, 0, 9, 1, 7}) == 2);
}

TEST_CASE("ROUGE-L F1") {
  CHECK(judicious::rouge_l("The cat sat.", "the CAT sat") == 1);
  CHECK(judicious::rouge_l("a b c d", "a c") == doctest::Approx(2 * 0.5 * 1 / 1.5));
  CHECK(judicious::rouge_l("a b", "b a") == 0.5);
  CHECK(judicious::rouge_l("a", "b") == 0);
  CHECK(judicious::rouge_l("", "") == 0);
  CHECK(judicious::rouge_l("...", "a") == 0);
}

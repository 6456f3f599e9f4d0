#include <doctest/doctest.h>

#include <cmath>
#include <judicious/confidence/semantic.hpp>
#include <string>
#include <vector>

namespace {

std::vector<int> clusters(const std::vector<std::string_view>& answers, double threshold = 0.5) {
  std::vector<int> out(answers.size());
  judicious::cluster_answers(answers.data(), answers.size(), threshold, out.data());
  return out;
}

}  // namespace

TEST_CASE("an answer joins the first cluster whose first member it resembles") {
  CHECK(clusters({"a b c d", "x y", "a b c", "x y z"}) == std::vector<int>{0, 1, 0, 1});
  // "c d e f" is like "b c d e", which is no first member
  CHECK(clusters({"a b c d", "b c d e", "c d e f", "d e f g"}) == std::vector<int>{0, 0, 0, 1});
  // and like both founders, it joins the older one
  CHECK(clusters({"a b", "c d", "a b c d"}, 0.6) == std::vector<int>{0, 1, 0});
}

TEST_CASE("the threshold itself counts as alike") {
  CHECK(clusters({"a b", "b c"}, 0.5) == std::vector<int>{0, 0});
  CHECK(clusters({"a b", "b c"}, 0.50001) == std::vector<int>{0, 1});
  CHECK(clusters({"a", "b", "c"}, 0) == std::vector<int>{0, 0, 0});
  CHECK(clusters({"a b", "A, b!", "a b c"}, 1) == std::vector<int>{0, 0, 1});
}

TEST_CASE("answers without words are alike") {
  CHECK(clusters({"?", "", "a"}) == std::vector<int>{0, 0, 1});
}

TEST_CASE("items keep to themselves, entropies are of shares of weight") {
  const std::vector<double> weights{1, 1, 2, 5, 3, 1};
  const judicious::RepeatedAnswers data{
      {"yes", "no", "yes", "only", "yes", "no"}, {0, 3, 4, 6}, weights.data()};
  const auto out = judicious::semantic_clusters(data, 0.5, judicious::serial_executor());
  CHECK(out.cluster == std::vector<int>{0, 1, 0, 0, 0, 1});
  CHECK(out.n_clusters == std::vector<int>{2, 1, 2});
  const double bits = -0.75 * std::log2(0.75) - 0.25 * std::log2(0.25);
  CHECK(out.entropy[0] == doctest::Approx(bits));
  CHECK(out.entropy[1] == 0);
  CHECK(out.entropy[2] == doctest::Approx(bits));
}

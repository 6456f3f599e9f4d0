#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <judicious/confidence/auroc.hpp>
#include <random>
#include <vector>

namespace {

using judicious::ScoreBlock;

struct Data {
  std::vector<double> score;
  std::vector<int> correct;

  std::vector<ScoreBlock> blocks() const {
    return judicious::score_blocks({score.data(), correct.data(), score.size()});
  }
};

Data draw_data(std::size_t n, int n_values, unsigned seed) {
  std::mt19937_64 rng(seed);
  Data out;
  for (std::size_t i = 0; i < n; ++i) {
    out.correct.push_back(static_cast<int>(rng() % 3 > 0));
    const auto level = static_cast<double>(rng() % static_cast<unsigned>(n_values));
    out.score.push_back(level + 0.7 * n_values * out.correct.back());
  }
  return out;
}

double kernel(double right, double wrong) {
  return right > wrong ? 1.0 : (right == wrong ? 0.5 : 0.0);
}

double variance(const std::vector<double>& x) {
  double mean = 0.0, cross = 0.0;
  for (double value : x) mean += value / static_cast<double>(x.size());
  for (double value : x) cross += (value - mean) * (value - mean);
  return cross / (static_cast<double>(x.size()) - 1.0);
}

}  // namespace

TEST_CASE("AUROC and DeLong's standard error are those of all pairs") {
  for (int n_values : {2, 5, 1000}) {
    const Data data = draw_data(60, n_values, static_cast<unsigned>(n_values));
    std::vector<double> right, wrong;
    for (std::size_t i = 0; i < data.score.size(); ++i) {
      (data.correct[i] ? right : wrong).push_back(data.score[i]);
    }
    std::vector<double> of_right(right.size()), of_wrong(wrong.size());
    for (std::size_t i = 0; i < right.size(); ++i) {
      for (std::size_t j = 0; j < wrong.size(); ++j) {
        of_right[i] += kernel(right[i], wrong[j]) / static_cast<double>(wrong.size());
        of_wrong[j] += kernel(right[i], wrong[j]) / static_cast<double>(right.size());
      }
    }
    double area = 0.0;
    for (double placement : of_right) area += placement / static_cast<double>(right.size());
    const double error = std::sqrt(variance(of_right) / static_cast<double>(right.size()) +
                                   variance(of_wrong) / static_cast<double>(wrong.size()));
    const auto found = judicious::auroc(data.blocks());
    CHECK(*found.value == doctest::Approx(area).epsilon(1e-13));
    CHECK(*found.std_error == doctest::Approx(error).epsilon(1e-12));
  }
}

TEST_CASE("AUROC needs both kinds of label, its error two of each") {
  const Data one{{0.1, 0.2}, {1, 1}}, few{{0.1, 0.2, 0.3}, {0, 1, 1}};
  CHECK(!judicious::auroc(one.blocks()).value);
  CHECK(!judicious::auroc({}).value);
  CHECK(*judicious::auroc(few.blocks()).value == 1.0);
  CHECK(!judicious::auroc(few.blocks()).std_error);
}

TEST_CASE("AURC by hand, and with ties the mean over orders") {
  // Risks 0, 0, 1/3, 1/4.
  const Data distinct{{0.9, 0.8, 0.7, 0.6}, {1, 1, 0, 1}};
  CHECK(*judicious::aurc(distinct.blocks()) == doctest::Approx((1.0 / 3.0 + 0.25) / 4.0));
  // Last three tied: the wrong one is second, third or fourth.
  const Data tied{{0.9, 0.6, 0.6, 0.6}, {1, 1, 0, 1}};
  const double second = 0.5 + 1.0 / 3.0 + 0.25, third = 1.0 / 3.0 + 0.25, fourth = 0.25;
  CHECK(*judicious::aurc(tied.blocks()) == doctest::Approx((second + third + fourth) / 12.0));
  CHECK(!judicious::aurc({}));
}

TEST_CASE("ROC corners keep the shape and nothing else") {
  // Right, right, wrong, wrong: two straight stretches.
  const Data data{{4, 3, 2, 1}, {1, 1, 0, 0}};
  const auto corners = judicious::roc_corners(judicious::kept_labels(data.blocks()));
  CHECK(corners == std::vector<char>{0, 1, 0, 1});
  CHECK(judicious::roc_corners({}).empty());
}

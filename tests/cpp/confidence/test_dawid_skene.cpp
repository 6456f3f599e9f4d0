#include <doctest/doctest.h>

#include <cmath>
#include <judicious/confidence/dawid_skene.hpp>
#include <random>
#include <vector>

namespace {

using judicious::DawidSkeneOptions;
using judicious::Matrix;
using judicious::Vector;
using judicious::VotePatterns;

struct Panel {
  std::vector<int> labels, truth;
  int n_judges;

  std::size_t n() const { return truth.size(); }
  VotePatterns votes() const {
    std::vector<int> judge;
    for (int j = 0; j < n_judges; ++j) judge.push_back(j);
    return {labels.data(), n(), judge, n_judges, 2};
  }
};

Panel simulate(std::size_t n, const std::vector<double>& accuracy, unsigned seed) {
  std::mt19937_64 rng(seed);
  std::uniform_real_distribution<double> uniform;
  Panel out;
  out.n_judges = static_cast<int>(accuracy.size());
  for (std::size_t i = 0; i < n; ++i) out.truth.push_back(uniform(rng) < 0.3 ? 1 : 0);
  for (double a : accuracy) {
    for (std::size_t i = 0; i < n; ++i) {
      out.labels.push_back(uniform(rng) < a ? out.truth[i] : 1 - out.truth[i]);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("EM finds prior and accuracies, and every step raises the likelihood") {
  const auto fitted = [](const Panel& panel, const DawidSkeneOptions& options) {
    const auto n = static_cast<int>(panel.n());
    return judicious::dawid_skene(panel.votes(), Vector::Ones(n), Matrix::Zero(n, 2), options);
  };
  const Panel few = simulate(600, {0.9, 0.8, 0.7, 0.65}, 1);
  double last = -1e300;
  for (int steps = 1; steps < 30; ++steps) {
    DawidSkeneOptions options;
    options.smooth = 0.0;
    options.max_iterations = steps;
    const auto fit = fitted(few, options);
    CHECK(fit.log_likelihood >= last - 1e-9);
    last = fit.log_likelihood;
  }
  const auto fit = fitted(simulate(4000, {0.9, 0.8, 0.7, 0.65}, 1), {});
  CHECK(fit.converged);
  CHECK(fit.prior[1] == doctest::Approx(0.3).epsilon(0.1));
  CHECK(fit.confusion(0, 0, 0) == doctest::Approx(0.9).epsilon(0.03));
  CHECK(fit.confusion(3, 1, 1) == doctest::Approx(0.65).epsilon(0.08));
}

TEST_CASE("with all truths known the matrices are the plain shares") {
  const Panel panel = simulate(50, {0.9, 0.6}, 2);
  const auto votes = panel.votes();
  Matrix gold = Matrix::Zero(50, 2);
  for (int i = 0; i < 50; ++i) gold(i, panel.truth[static_cast<std::size_t>(i)]) = 1.0;
  DawidSkeneOptions options;
  options.smooth = 0.0;
  const auto fit = judicious::dawid_skene(votes, Vector::Zero(50), gold, options);
  const auto counts = judicious::count_confusions(votes, gold);
  for (int k = 0; k < 2; ++k) {
    const double sum = counts(1, k, 0) + counts(1, k, 1);
    CHECK(fit.confusion(1, k, 0) == doctest::Approx(counts(1, k, 0) / sum));
  }
  CHECK(fit.prior[0] == doctest::Approx(gold.col(0).sum() / 50.0));
}

TEST_CASE("gold labels right a panel whose majority is wrong") {
  // Three judges are right in 30 % of the cases, one in 95 %.
  const Panel panel = simulate(1000, {0.3, 0.3, 0.3, 0.95}, 3);
  const auto votes = panel.votes();
  const auto right = [&](const Matrix& posterior) {
    int count = 0;
    for (int i = 0; i < 1000; ++i) {
      count += (posterior(i, 1) > 0.5) == (panel.truth[static_cast<std::size_t>(i)] == 1);
    }
    return count / 1000.0;
  };
  Vector free = Vector::Ones(1000);
  Matrix gold = Matrix::Zero(1000, 2);
  const double without = right(judicious::dawid_skene(votes, free, gold, {}).posterior);
  for (int i = 0; i < 300; ++i) {
    gold(i, panel.truth[static_cast<std::size_t>(i)]) = 1.0;
    free[i] = 0.0;
  }
  const double with = right(judicious::dawid_skene(votes, free, gold, {}).posterior);
  CHECK(without < 0.5);
  CHECK(with > 0.9);
}

TEST_CASE("a pattern counted twice is two items") {
  const int labels[] = {0, 1, 0, 1, 1, 0, 0, 1, 0};
  const int twice[] = {0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0};
  const auto fit = judicious::dawid_skene(
      {labels, 3, {0, 1, 2}, 3, 2}, (Vector(3) << 2, 1, 1).finished(), Matrix::Zero(3, 2), {});
  const auto long_fit =
      judicious::dawid_skene({twice, 4, {0, 1, 2}, 3, 2}, Vector::Ones(4), Matrix::Zero(4, 2), {});
  CHECK(fit.log_likelihood == doctest::Approx(long_fit.log_likelihood).epsilon(1e-12));
  CHECK(fit.posterior(0, 0) == doctest::Approx(long_fit.posterior(0, 0)).epsilon(1e-9));
}

TEST_CASE("an item without labels has the prior") {
  const int labels[] = {0, 1, -1, 0, 1, -1};
  const auto fit = judicious::dawid_skene(
      {labels, 3, {0, 1}, 2, 2}, (Vector(3) << 10, 5, 1).finished(), Matrix::Zero(3, 2), {});
  CHECK(fit.posterior(2, 0) == doctest::Approx(fit.prior[0]).epsilon(1e-9));
}

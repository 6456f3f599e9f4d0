#include <doctest/doctest.h>

#include <cmath>
#include <judicious/ratings/rating_simulation.hpp>
#include <random>
#include <vector>

using Eigen::MatrixXd;

namespace {

using Rng = std::mt19937_64;

judicious::Executor backwards() {
  return [](std::size_t n, const judicious::Task& task) {
    for (std::size_t i = n; i > 0; --i) task(i - 1);
  };
}

struct Source {
  std::vector<double> theta, forward, o, omega;
  std::vector<int> item, rater, choice, set;

  Source(const judicious::RatingModel& m, const judicious::RatingSource& s)
      : theta(m.n_items * m.sets.size()),
        forward(m.n_items * m.sets.size() * m.n_options),
        o(m.n_items * m.n_options),
        omega(m.n_items * m.n_options),
        item(m.n_items * s.n_ratings),
        rater(item),
        choice(item),
        set(item) {}

  judicious::RatingOutput view() {
    return {theta.data(), forward.data(), o.data(),      omega.data(),
            item.data(),  rater.data(),   choice.data(), set.data()};
  }
};

judicious::RatingModel model(std::size_t n_items) {
  return {n_items, 3, judicious::all_sets(3, 3), 1.0, {}, {1.0, 4, 0.0}, {{-1.0, 2, 0.2}}};
}

struct Run {
  Source human, judge;
  std::vector<double> theta;
  Run(const judicious::RatingModel& m, std::uint64_t seed, const judicious::Executor& run)
      : human(m, m.human), judge(m, m.judges[0]), theta(m.n_items * m.sets.size()) {
    judicious::simulate_ratings<Rng>(m, seed, run, theta.data(), human.view(), {judge.view()});
  }
};

}  // namespace

TEST_CASE("rater error keeps columns distributions, and leans as asked") {
  const auto sets = judicious::all_sets(3, 3);
  const MatrixXd even = judicious::rater_error(sets, 1, 0.3, 0.0);
  CHECK(even(0, 0) == doctest::Approx(0.7));
  CHECK(even(1, 0) == doctest::Approx(0.05));
  for (const double skew : {-1.5, 0.0, 1.5}) {
    const MatrixXd error = judicious::rater_error(sets, 1, 0.2, skew);
    CHECK((error.colwise().sum().array() - 1.0).abs().maxCoeff() < 1e-15);
    CHECK((error.diagonal().array() - 0.8).abs().maxCoeff() < 1e-15);
  }
  // From {B}: {A} holds the positive option, {C} does not.
  CHECK(judicious::rater_error(sets, 1, 0.2, 1.0)(0, 1) >
        judicious::rater_error(sets, 1, 0.2, 1.0)(2, 1));
  CHECK(judicious::rater_error(sets, 1, 0.2, -1.0)(0, 1) <
        judicious::rater_error(sets, 1, 0.2, -1.0)(2, 1));
  CHECK(judicious::rater_error({1}, 1, 0.2, 0.0)(0, 0) == 1.0);
}

TEST_CASE("translations prefer the first or the last option of a set") {
  Rng rng(3);
  const auto sets = judicious::all_sets(3, 3);
  MatrixXd first = MatrixXd::Zero(3, 7), last = first, none = first;
  const int n = 500;
  for (int i = 0; i < n; ++i) {
    first += judicious::random_translation(rng, sets, 3, 1.0) / n;
    last += judicious::random_translation(rng, sets, 3, -1.0) / n;
    none += judicious::random_translation(rng, sets, 3, 0.0) / n;
  }
  const double total = 1.0 + std::exp(-1.0) + std::exp(-2.0);
  CHECK(first(0, 6) == doctest::Approx(1.0 / total).epsilon(0.02));
  CHECK(last(2, 6) == doctest::Approx(1.0 / total).epsilon(0.02));
  CHECK(none(1, 6) == doctest::Approx(1.0 / 3.0).epsilon(0.02));
  CHECK(first(0, 0) == doctest::Approx(1.0));
  CHECK(first(1, 0) == 0.0);
}

TEST_CASE("ratings depend on the seed, not on the executor") {
  const auto m = model(200);
  const Run one(m, 7, judicious::serial_executor()), other(m, 7, backwards()),
      next(m, 8, backwards());
  CHECK(one.human.choice == other.human.choice);
  CHECK(one.judge.set == other.judge.set);
  CHECK(one.theta == other.theta);
  CHECK(one.human.set != next.human.set);
}

TEST_CASE("the humans do not depend on the judges") {
  auto m = model(100);
  const Run one(m, 7, backwards());
  m.judges[0].noise = 0.5;
  const Run other(m, 7, backwards());
  CHECK(one.human.set == other.human.set);
  CHECK(one.judge.theta != other.judge.theta);
}

TEST_CASE("choices lie in their sets and follow the truth") {
  auto m = model(3000);
  m.error = judicious::rater_error(m.sets, 1, 0.2, 1.0);
  const Run run(m, 5, backwards());
  std::vector<double> chosen(3, 0.0), expected(3, 0.0), held(3, 0.0), omega(3, 0.0);
  for (std::size_t row = 0; row < run.human.choice.size(); ++row) {
    const auto k = static_cast<std::size_t>(run.human.choice[row] - 1);
    const auto set = static_cast<judicious::OptionSet>(run.human.set[row]);
    REQUIRE(judicious::contains(set, k));
    chosen[k] += 1.0;
    for (std::size_t j = 0; j < 3; ++j) held[j] += judicious::contains(set, j) ? 1.0 : 0.0;
  }
  for (std::size_t cell = 0; cell < run.human.o.size(); ++cell) {
    expected[cell % 3] += 4 * run.human.o[cell];
    omega[cell % 3] += 4 * run.human.omega[cell];
    REQUIRE(run.human.omega[cell] >= run.human.o[cell] - 1e-12);
  }
  const double margin = 5 * std::sqrt(12000 * 0.25);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(std::abs(chosen[k] - expected[k]) < margin);
    CHECK(std::abs(held[k] - omega[k]) < margin);
  }
}

TEST_CASE("a judge without noise has the humans' true distribution") {
  auto m = model(50);
  m.judges[0].noise = 0.0;
  m.error = judicious::rater_error(m.sets, 1, 0.2, 0.0);
  const Run run(m, 5, backwards());
  for (std::size_t cell = 0; cell < run.theta.size(); ++cell) {
    CHECK(run.judge.theta[cell] == doctest::Approx(run.theta[cell]).epsilon(1e-12));
  }
  CHECK(run.human.theta != run.theta);
}

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <judicious/numeric/parallel.hpp>
#include <judicious/numeric/random.hpp>
#include <judicious/simulate/simulate.hpp>
#include <random>
#include <set>
#include <stdexcept>
#include <vector>

namespace {

using Rng = std::mt19937_64;

// Runs the tasks from the last to the first: results must not care.
judicious::Executor backwards() {
  return [](std::size_t n, const judicious::Task& task) {
    for (std::size_t i = n; i > 0; --i) task(i - 1);
  };
}

struct Binary {
  std::vector<int> y, f;
  explicit Binary(std::size_t n) : y(n, -1), f(n, -1) {}
  judicious::LabelColumns<int> view() { return {y.data(), {f.data()}}; }
};

struct Stats {
  double mean = 0.0, variance = 0.0;
};

template <class Draw>
Stats moments(int n, Draw draw) {
  double sum = 0.0, squares = 0.0;
  for (int i = 0; i < n; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / n;
  return {mean, squares / n - mean * mean};
}

}  // namespace

TEST_CASE("normal, gamma and beta variates have the right first two moments") {
  Rng rng(1);
  const int n = 200000;
  const Stats normal = moments(n, [&] { return judicious::normal01(rng); });
  CHECK(std::abs(normal.mean) < 5 / std::sqrt(n));
  CHECK(std::abs(normal.variance - 1) < 5 * std::sqrt(2.0 / n));

  for (const double shape : {0.3, 1.0, 4.5}) {
    const Stats gamma =
        moments(n, [&] { return std::exp(judicious::log_gamma_variate(rng, shape)); });
    CHECK(std::abs(gamma.mean - shape) < 5 * std::sqrt(shape / n));
    const double fourth = 3 * shape * shape + 6 * shape;
    CHECK(std::abs(gamma.variance - shape) < 5 * std::sqrt((fourth - shape * shape) / n));
  }
  for (const double size : {1e-3, 0.5, 3.0, 1e6}) {
    const double mean = 0.2;
    const double variance = mean * (1 - mean) / (size + 1);
    const Stats beta =
        moments(n, [&] { return judicious::beta_variate(rng, mean * size, (1 - mean) * size); });
    CHECK(std::abs(beta.mean - mean) < 5 * std::sqrt(variance / n));
    CHECK(std::abs(beta.variance / variance - 1) < 0.03);
  }
}

TEST_CASE("feasible correlations by hand") {
  const auto same = judicious::binary_correlation_range(0.3, 0.3);
  CHECK(same.high == doctest::Approx(1.0).epsilon(1e-15));
  CHECK(same.low == doctest::Approx(-3.0 / 7.0).epsilon(1e-15));
  const auto half = judicious::binary_correlation_range(0.5, 0.5);
  CHECK(half.low == -1.0);
  CHECK(half.high == 1.0);
  // P(both) = 0.05 at best: (0.05 - 0.005) / (0.3 sqrt(0.0475))
  const auto rare = judicious::binary_correlation_range(0.1, 0.05);
  CHECK(rare.high == doctest::Approx(0.045 / (0.3 * std::sqrt(0.0475))).epsilon(1e-14));
  CHECK(rare.low == doctest::Approx(-0.005 / (0.3 * std::sqrt(0.0475))).epsilon(1e-14));
  CHECK_THROWS_AS(judicious::binary_correlation_range(0.0, 0.5), std::invalid_argument);
  CHECK_THROWS_AS(judicious::binary_correlation_range(0.5, 1.0), std::invalid_argument);
}

TEST_CASE("a judge reproduces mean and correlation") {
  const double p = 0.3, q = 0.2, rho = 0.4;
  const auto judge = judicious::binary_judge(p, q, rho);
  CHECK(p * judge.sensitivity + (1 - p) * judge.false_positive_rate == doctest::Approx(q));
  const double covariance = p * judge.sensitivity - p * q;
  CHECK(covariance / std::sqrt(p * (1 - p) * q * (1 - q)) == doctest::Approx(rho));
  CHECK_THROWS_AS(judicious::binary_judge(0.1, 0.05, 0.7), std::invalid_argument);
  CHECK_THROWS_AS(judicious::binary_judge(0.1, 0.05, std::nan("")), std::invalid_argument);
  CHECK(judicious::binary_judge(0.3, 0.3, 1.0).false_positive_rate == 0.0);
}

TEST_CASE("numbers depend on the seed, not on the executor") {
  const std::size_t n = 50000;
  const judicious::BinaryModel model{0.3, {judicious::binary_judge(0.3, 0.2, 0.4)}};
  Binary one(n), other(n), next(n);
  judicious::simulate_binary<Rng>(model, n, 7, judicious::serial_executor(), one.view());
  judicious::simulate_binary<Rng>(model, n, 7, backwards(), other.view());
  judicious::simulate_binary<Rng>(model, n, 8, backwards(), next.view());
  CHECK(one.y == other.y);
  CHECK(one.f == other.f);
  CHECK(one.y != next.y);
  CHECK(std::set<int>(one.y.begin(), one.y.end()) == std::set<int>{0, 1});
}

TEST_CASE("truth and judge agree as often as asked") {
  const std::size_t n = 200000;
  const double p = 0.3, q = 0.2, rho = 0.4;
  Binary out(n);
  judicious::simulate_binary<Rng>({p, {judicious::binary_judge(p, q, rho)}}, n, 2, backwards(),
                                  out.view());
  double y = 0.0, f = 0.0, both = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    y += out.y[i];
    f += out.f[i];
    both += out.y[i] * out.f[i];
  }
  const double expected = p * q + rho * std::sqrt(p * (1 - p) * q * (1 - q));
  CHECK(std::abs(y / n - p) < 5 * std::sqrt(p * (1 - p) / n));
  CHECK(std::abs(f / n - q) < 5 * std::sqrt(q * (1 - q) / n));
  CHECK(std::abs(both / n - expected) < 5 * std::sqrt(expected * (1 - expected) / n));
}

TEST_CASE("strata fill consecutive rows with streams of their own") {
  const judicious::BinaryModel sure{1.0 - 1e-12, {{1.0, 0.0}}}, never{1e-12, {{1.0, 0.0}}};
  Binary out(50);
  judicious::simulate_binary_strata<Rng>({sure, never}, {20, 30}, 1, backwards(), out.view());
  for (std::size_t i = 0; i < 50; ++i) CHECK(out.y[i] == (i < 20 ? 1 : 0));

  const judicious::BinaryModel fair{0.5, {{1.0, 0.0}}};
  Binary twins(200);
  judicious::simulate_binary_strata<Rng>({fair, fair}, {100, 100}, 1, backwards(), twins.view());
  CHECK(std::vector<int>(twins.y.begin(), twins.y.begin() + 100) !=
        std::vector<int>(twins.y.begin() + 100, twins.y.end()));
}

TEST_CASE("clusters are non-empty, consecutive and alike as asked") {
  const std::size_t n = 200000, n_clusters = 40000;
  const judicious::BinaryModel model{0.3, {judicious::binary_judge(0.3, 0.2, 0.4)}};
  for (const double diversity : {0.0, 0.2, 0.9, 1.0}) {
    Binary out(n), again(n);
    std::vector<int> cluster(n), cluster_again(n);
    judicious::simulate_binary_clusters<Rng>(model, n, n_clusters, diversity, 3,
                                             judicious::serial_executor(), cluster.data(),
                                             out.view());
    judicious::simulate_binary_clusters<Rng>(model, n, n_clusters, diversity, 3, backwards(),
                                             cluster_again.data(), again.view());
    CHECK(out.y == again.y);
    CHECK(cluster == cluster_again);
    CHECK(cluster.front() == 1);
    CHECK(cluster.back() == int(n_clusters));
    double both = 0.0, pairs = 0.0;
    for (std::size_t i = 1; i < n; ++i) {
      const int step = cluster[i] - cluster[i - 1];
      REQUIRE((step == 0 || step == 1));
      const bool second = step == 0 && (i == 1 || cluster[i - 2] != cluster[i]);
      pairs += second;
      both += second && out.y[i] == 1 && out.y[i - 1] == 1;
    }
    const double expected = 0.09 + (1 - diversity) * 0.21;
    CHECK(std::abs(both / pairs - expected) < 5 * std::sqrt(expected * (1 - expected) / pairs));
  }
  Binary out(5);
  std::vector<int> cluster(5);
  CHECK_THROWS_AS(
      judicious::simulate_binary_clusters<Rng>(model, 5, 6, 0.5, 1, judicious::serial_executor(),
                                               cluster.data(), out.view()),
      std::invalid_argument);
}

TEST_CASE("oracle uncertainty averages to the judge's error rate") {
  const std::size_t n = 200000;
  Binary out(n);
  std::vector<double> uncertainty(n);
  const double p = 0.5, q = 0.6, rho = -0.4;
  judicious::simulate_binary_active<Rng>(p, q, rho, n, 4, backwards(), uncertainty.data(),
                                         out.view());
  double expected = 0.0, wrong = 0.0, y = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    expected += uncertainty[i] * uncertainty[i];
    wrong += out.y[i] != out.f[i];
    y += out.y[i];
  }
  const double both = p * q + rho * std::sqrt(p * (1 - p) * q * (1 - q));
  const double error = p + q - 2 * both;
  const double margin = 5 * std::sqrt(error * (1 - error) / n);
  CHECK(std::abs(wrong / n - error) < margin);
  CHECK(std::abs((expected - wrong) / n) < margin);
  CHECK(std::abs(y / n - p) < 5 * std::sqrt(p * (1 - p) / n));
}

TEST_CASE("gaussian scores have the right moments") {
  const std::size_t n = 200000;
  std::vector<double> y(n), f(n);
  const judicious::GaussianModel model{5.0, 2.0, {{-1.0, 3.0, -0.6}}};
  judicious::simulate_gaussian<Rng>(model, n, 5, backwards(), {y.data(), {f.data()}});
  double sy = 0, sf = 0, cross = 0, yy = 0, ff = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double a = (y[i] - 5.0) / 2.0, b = (f[i] + 1.0) / 3.0;
    sy += a;
    sf += b;
    yy += a * a;
    ff += b * b;
    cross += a * b;
  }
  CHECK(std::abs(sy / n) < 5 / std::sqrt(n));
  CHECK(std::abs(sf / n) < 5 / std::sqrt(n));
  CHECK(std::abs(yy / n - 1) < 5 * std::sqrt(2.0 / n));
  CHECK(std::abs(ff / n - 1) < 5 * std::sqrt(2.0 / n));
  CHECK(std::abs(cross / n + 0.6) < 5 * std::sqrt(1.36 / n));
}

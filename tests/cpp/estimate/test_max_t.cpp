#include <doctest/doctest.h>

#include <algorithm>
#include <judicious/estimate/max_t.hpp>
#include <judicious/numeric/distributions.hpp>
#include <random>

namespace {

using judicious::Matrix;

struct Streams {
  std::mt19937_64 operator()(std::size_t k) const {
    return std::mt19937_64(judicious::stream_seed(1, k));
  }
};

double critical(const Matrix& covariance, double df, double level) {
  auto draws =
      judicious::max_t_draws(covariance, df, 100000, Streams{}, judicious::serial_executor());
  std::sort(draws.begin(), draws.end());
  return draws[static_cast<std::size_t>(level * 100000.0)];
}

}  // namespace

TEST_CASE("one estimate has its own t quantile, whatever its scale") {
  for (const double scale : {1e-6, 1.0, 1e6}) {
    const Matrix one = Matrix::Constant(1, 1, scale);
    CHECK(critical(one, 12.0, 0.95) ==
          doctest::Approx(judicious::t_quantile(0.975, 12.0)).epsilon(0.02));
  }
}

TEST_CASE("independent estimates have Sidak's, copies that of one") {
  const double sidak = judicious::normal_quantile(0.5 + 0.5 * std::pow(0.95, 0.2));
  CHECK(critical(Matrix::Identity(5, 5), 1e6, 0.95) == doctest::Approx(sidak).epsilon(0.01));
  CHECK(critical(Matrix::Ones(5, 5), 1e6, 0.95) == doctest::Approx(1.96).epsilon(0.01));
}

TEST_CASE("estimates without variance are left out, and nothing at all strays nowhere") {
  Matrix some = Matrix::Zero(3, 3);
  some(1, 1) = 2.0;
  CHECK(critical(some, 1e6, 0.95) == doctest::Approx(1.96).epsilon(0.01));
  CHECK(critical(Matrix::Zero(2, 2), 10.0, 0.95) == 0.0);
}

TEST_CASE("a singular covariance has a root") {
  Matrix v(3, 3);
  v << 2, -1, -1, -1, 2, -1, -1, -1, 2;
  const Matrix root = judicious::normal_root(v);
  CHECK(root.cols() == 2);
  CHECK((root * root.transpose() - v).norm() < 1e-12);
}

TEST_CASE("pairs are drawn by way of their groups") {
  // Five means on many degrees of freedom: Tukey's range over the root of 2.
  judicious::PairSums pairs;
  for (int i = 0; i < 5; ++i) {
    for (int j = 0; j < i; ++j) {
      pairs.first.push_back(i);
      pairs.second.push_back(j);
      pairs.a.push_back(1.0);
      pairs.b.push_back(-1.0);
    }
  }
  const auto critical_pairs = [&](const Matrix& covariance) {
    auto draws = judicious::max_t_draws(covariance, pairs, 1e6, 100000, Streams{},
                                        judicious::serial_executor());
    std::sort(draws.begin(), draws.end());
    return draws[95000];
  };
  CHECK(critical_pairs(0.3 * Matrix::Identity(5, 5)) ==
        doctest::Approx(3.8577 / std::sqrt(2.0)).epsilon(0.01));
  // What all share moves no difference.
  const Matrix shared = Matrix::Identity(5, 5) + Matrix::Constant(5, 5, 2.0);
  CHECK(critical_pairs(shared) == doctest::Approx(3.8577 / std::sqrt(2.0)).epsilon(0.01));
  CHECK(critical_pairs(Matrix::Ones(5, 5)) == 0.0);
}

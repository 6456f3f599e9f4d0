#include <doctest/doctest.h>

#include <cmath>
#include <judicious/confidence/label_distribution.hpp>
#include <limits>
#include <vector>

#include "vectors.hpp"

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("tokens of one label add up") {
  const std::vector<double> logprob{std::log(0.4), std::log(0.2), std::log(0.1), std::log(0.5)};
  const std::vector<int> item{0, 0, 0, 1}, label{0, 0, 1, 1};
  const auto masses =
      judicious::label_log_masses({logprob.data(), item.data(), label.data(), 4}, 2, 2);
  CHECK(std::exp(masses(0, 0)) == doctest::Approx(0.6));
  CHECK(std::exp(masses(0, 1)) == doctest::Approx(0.1));
  CHECK(masses(1, 0) == -inf);
  const auto p = judicious::row_probabilities(masses);
  CHECK(p(0, 0) == doctest::Approx(6.0 / 7));
  CHECK(p(1, 1) == 1);
  CHECK(p(1, 0) == 0);
  CHECK(judicious::row_log_sums(masses)[0] == doctest::Approx(std::log(0.7)));
}

TEST_CASE("logs far below the range of doubles keep their ratio") {
  const std::vector<double> logprob{-5000, -5000 + std::log(3.0), -5000};
  const std::vector<int> item{0, 0, 0}, label{0, 1, 0};
  const auto masses =
      judicious::label_log_masses({logprob.data(), item.data(), label.data(), 3}, 1, 2);
  CHECK(masses(0, 0) == doctest::Approx(-5000 + std::log(2.0)).epsilon(1e-14));
  CHECK(judicious::row_probabilities(masses)(0, 1) == doctest::Approx(0.6).epsilon(1e-12));
}

TEST_CASE("a row without any possible label has no distribution") {
  const std::vector<double> logprob{-inf, -1};
  const std::vector<int> item{0, 1}, label{0, 0};
  const auto masses =
      judicious::label_log_masses({logprob.data(), item.data(), label.data(), 2}, 3, 1);
  CHECK(masses(0, 0) == -inf);
  CHECK(judicious::row_log_sums(masses)[2] == -inf);
  const auto p = judicious::row_probabilities(masses);
  CHECK(std::isnan(p(0, 0)));
  CHECK(std::isnan(p(2, 0)));
  CHECK(p(1, 0) == 1);
}

TEST_CASE("entropy in bits") {
  CHECK(judicious::entropy_bits(doubles({1, 1, 1, 1})) == 2);
  CHECK(judicious::entropy_bits(doubles({0, 3, 0})) == 0);
  CHECK(judicious::entropy_bits(doubles({4, 1})) == doctest::Approx(0.7219280948873623));
  CHECK(std::isnan(judicious::entropy_bits(doubles({0, 0}))));
  CHECK(std::isnan(judicious::entropy_bits(doubles({std::nan(""), 1}))));
}

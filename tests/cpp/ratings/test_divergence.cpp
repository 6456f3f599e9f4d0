#include <doctest/doctest.h>

#include <cmath>
#include <judicious/ratings/divergence.hpp>

#include "vectors.hpp"

using judicious::Divergence;

TEST_CASE("divergences by hand, with zeros") {
  const Eigen::VectorXd p = doubles({0.5, 0.5, 0.0}), q = doubles({0.25, 0.25, 0.5});
  CHECK(judicious::kl_divergence(p, q) == doctest::Approx(std::log(2.0)));
  CHECK(std::isinf(judicious::kl_divergence(q, p)));
  CHECK(std::isinf(judicious::cross_entropy(q, p)));
  CHECK(judicious::cross_entropy(p, q) == doctest::Approx(std::log(4.0)));
  CHECK(judicious::js_divergence(p, q) == judicious::js_divergence(q, p));
  CHECK(judicious::js_divergence(doubles({1, 0}), doubles({0, 1})) ==
        doctest::Approx(std::log(2.0)));
  CHECK(judicious::js_distance(p, q) == doctest::Approx(std::sqrt(judicious::js_divergence(p, q))));
  CHECK(judicious::js_divergence(p, p) == 0.0);
  CHECK(judicious::kl_divergence(p, p) == 0.0);
}

TEST_CASE("columns of counts become distributions") {
  Eigen::MatrixXd counts(2, 2);
  counts << 3, 0, 1, 4;
  const Eigen::MatrixXd raw = judicious::distributions(counts, 0.0);
  CHECK(raw(0, 0) == 0.75);
  CHECK(raw(0, 1) == 0.0);
  const Eigen::MatrixXd smooth = judicious::distributions(counts, 0.5);
  CHECK(smooth(0, 0) == 3.5 / 5.0);
  CHECK(smooth(0, 1) == 0.5 / 5.0);
  const auto scores = judicious::divergence_scores(Divergence::kl, raw, smooth);
  CHECK(scores.size() == 2);
  CHECK(scores[1] == doctest::Approx(std::log(5.0 / 4.5)));
}

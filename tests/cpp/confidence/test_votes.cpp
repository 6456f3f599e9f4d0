#include <doctest/doctest.h>

#include <cmath>
#include <judicious/confidence/votes.hpp>

namespace {

using judicious::Matrix;
using judicious::Vector;
using judicious::VotePatterns;

// Three judges, two classes, four patterns; judge 2 is silent on the last.
const int labels[] = {0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, -1};
const VotePatterns panel{labels, 4, {0, 1, 2}, 3, 2};

}  // namespace

TEST_CASE("votes are counted per class, and silence is no vote") {
  Matrix expected(4, 2);
  expected << 3, 0, 1, 2, 1, 2, 1, 1;
  CHECK(judicious::weighted_votes(panel, Vector::Ones(3)) == expected);
  const auto best = judicious::winners(judicious::vote_shares(expected));
  CHECK(best.label == std::vector<int>{0, 1, 1, -1});
  CHECK(best.tie == std::vector<char>{0, 0, 0, 1});
  CHECK(best.probability[1] == doctest::Approx(2.0 / 3.0));
  CHECK(best.probability[3] == 0.5);
}

TEST_CASE("an item without votes has no winner and no tie") {
  const auto best = judicious::winners(judicious::vote_shares(Matrix::Zero(1, 3)));
  CHECK(best.label[0] == -1);
  CHECK(best.tie[0] == 0);
  CHECK(std::isnan(best.probability[0]));
}

TEST_CASE("confusions are counted by judge, truth and label") {
  Matrix truth(4, 2);
  truth << 5, 1, 0, 2, 0, 0, 3, 0;
  const auto counts = judicious::count_confusions(panel, truth);
  CHECK(counts(0, 0, 0) == 5.0);
  CHECK(counts(0, 1, 0) == 3.0);
  CHECK(counts(0, 0, 1) == 3.0);
  CHECK(counts(2, 0, 0) == 5.0);
  CHECK(counts(2, 0, 1) == 0.0);
  CHECK(counts(2, 1, 1) == 2.0);
}

TEST_CASE("copies are worth one judge, independent ones all of them") {
  // Truth is class 0; labels are the errors. Copies:
  const int copies[] = {0, 1, 0, 1, 0, 1};
  Matrix truth(2, 2);
  truth << 70, 0, 30, 0;
  CHECK(*judicious::effective_judges({copies, 2, {0, 1, 2}, 3, 2}, truth) == doctest::Approx(1.0));
  // All combinations of two judges, independent with error rates 0.4 and 0.5.
  const int pairs[] = {0, 0, 1, 1, 0, 1, 0, 1};
  Matrix products(4, 2);
  products << 30, 0, 30, 0, 20, 0, 20, 0;
  CHECK(*judicious::effective_judges({pairs, 4, {0, 1}, 2, 2}, products) == doctest::Approx(2.0));
  // Equicorrelated: J / (1 + (J - 1) rho).
  Matrix some(4, 2);
  some << 40, 0, 10, 0, 10, 0, 40, 0;
  const double rho = (0.4 - 0.25) / 0.25;
  CHECK(*judicious::effective_judges({pairs, 4, {0, 1}, 2, 2}, some) ==
        doctest::Approx(2.0 / (1.0 + rho)));
  Matrix perfect(4, 2);
  perfect << 40, 0, 0, 0, 0, 0, 0, 0;
  CHECK(!judicious::effective_judges({pairs, 4, {0, 1}, 2, 2}, perfect));
}

TEST_CASE("softmax of large scores does not overflow") {
  Matrix scores(1, 2);
  scores << 2000.0, 1999.0;
  CHECK(judicious::softmax_rows(scores)(0, 0) == doctest::Approx(1.0 / (1.0 + std::exp(-1.0))));
}

#include <doctest/doctest.h>

#include <cmath>
#include <judicious/numeric/random.hpp>
#include <judicious/ratings/ranking.hpp>
#include <random>

#include "vectors.hpp"

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Replicates with independent normal errors of the given standard deviation.
MatrixXd replicates(const VectorXd& losses, double sd, int n_boot = 4000) {
  std::mt19937_64 rng(11);
  MatrixXd out(n_boot, losses.size());
  for (int b = 0; b < n_boot; ++b) {
    for (int j = 0; j < losses.size(); ++j) out(b, j) = losses[j] + sd * judicious::normal01(rng);
  }
  return out;
}

}  // namespace

TEST_CASE("ranks, ties and regret without replicates") {
  const VectorXd losses = doubles({0.3, 0.1, 0.3, std::nan(""), 0.1 + 1e-15});
  const auto x = judicious::rank_judges(losses, MatrixXd(0, 5), 0.95);
  CHECK(x.rank[0] == 3);
  CHECK(x.rank[1] == 1);
  CHECK(x.rank[2] == 3);
  CHECK(std::isnan(x.rank[3]));
  CHECK(x.rank[4] == 1);
  CHECK(x.regret[0] == doctest::Approx(0.2));
  CHECK(x.regret[1] == 0.0);
  CHECK(x.regret[4] == 0.0);  // 1e-15 is rounding
  CHECK(std::isnan(x.rank_low[0]));
}

TEST_CASE("judges far apart have their rank alone") {
  const VectorXd losses = doubles({3, 1, 2});
  const auto x = judicious::rank_judges(losses, replicates(losses, 0.01), 0.95);
  for (std::size_t j = 0; j < 3; ++j) {
    CHECK(x.rank_low[j] == x.rank[j]);
    CHECK(x.rank_high[j] == x.rank[j]);
    CHECK(x.tie_group[j] == x.rank[j]);
  }
  CHECK(x.p_best[1] == 1.0);
  CHECK(x.regret_low[1] == 0.0);
  CHECK(x.regret_high[1] == 0.0);
  CHECK(x.regret_low[0] > 1.9);
}

TEST_CASE("judges that noise cannot tell apart may have any rank") {
  const VectorXd losses = doubles({1.00, 1.01, 1.02});
  const auto x = judicious::rank_judges(losses, replicates(losses, 1.0), 0.95);
  for (std::size_t j = 0; j < 3; ++j) {
    CHECK(x.rank_low[j] == 1);
    CHECK(x.rank_high[j] == 3);
    CHECK(x.tie_group[j] == 1);
    CHECK(std::abs(x.p_best[j] - 1.0 / 3.0) < 0.04);
  }
}

TEST_CASE("the margin is that of the largest of all differences") {
  // Three judges: the studentised range of three independent normals, 3.314 / sqrt(2) at 95 %.
  const VectorXd losses = doubles({0, 0, 0});
  const auto x = judicious::rank_judges(losses, replicates(losses, 1.0, 20000), 0.95);
  CHECK(x.regret_high[0] == doctest::Approx(3.314).epsilon(0.03));
}

TEST_CASE("equal judges share rank and chance; incomplete replicates are left out") {
  const VectorXd losses = doubles({1, 1, 2});
  MatrixXd draws = replicates(losses, 0.1);
  draws.col(1) = draws.col(0);
  draws(0, 2) = std::nan("");
  const auto x = judicious::rank_judges(losses, draws, 0.95);
  CHECK(x.p_best[0] == 0.5);
  CHECK(x.p_best[1] == 0.5);
  CHECK(x.rank_high[0] == 2);
  CHECK(x.rank_low[1] == 1);
  CHECK(x.rank[2] == 3);
}

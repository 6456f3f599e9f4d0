#include <doctest/doctest.h>

#include "naive_mean.hpp"

namespace {

using designs::Design;
using designs::Labels;
using designs::Shape;
using judicious::Matrix;
using judicious::MeanOptions;
using judicious::StratumInfluence;
using judicious::Vector;

bool close(const Matrix& a, const Matrix& b) {
  if (a.size() == 0) return a.rows() == b.rows() && a.cols() == b.cols();
  return (a - b).cwiseAbs().maxCoeff() <= 1e-11 * std::max(b.cwiseAbs().maxCoeff(), 1e-12);
}

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-11).scale(1e-3); }

// The influence of every stratum as the library sees it.
std::vector<StratumInfluence> influences(const Design& d, const naive::Options& naive_options) {
  MeanOptions options;
  options.influence.center = naive_options.center;
  if (naive_options.mean_of_clusters) options.influence.estimand = judicious::Estimand::clusters;
  const judicious::MeanResult result = designs::fit(d, options, 2);
  REQUIRE(result.identified);
  std::vector<StratumInfluence> out;
  for (const auto& s : result.design.strata) out.push_back(s.influence);
  return out;
}

// Sums of psi psi' over units with or without a labelled row, psi = (psi_y, psi_f).
Matrix sum_psi(const naive::Stratum& s, bool labelled) {
  Matrix out = Matrix::Zero(1 + s.g.size(), 1 + s.g.size());
  Vector psi(1 + s.g.size());
  for (int j = 0; j < s.n_units(); ++j) {
    if (s.units[static_cast<std::size_t>(j)].labelled() != labelled) continue;
    psi << s.psi_y[j], s.psi_f.row(j).transpose();
    out += psi * psi.transpose();
  }
  return out;
}

void check_stratum(const StratumInfluence& found, const naive::Stratum& s) {
  CHECK(found.size == near(s.size));
  CHECK(found.n_labelled == s.n);
  CHECK(found.n_unlabelled == s.u);
  CHECK(found.n_units == s.n_units());
  CHECK(found.mixed == s.mixed);
  CHECK(found.zeta == near(s.zeta));
  CHECK(found.labels_only == near(s.labels_only));
  CHECK(close(found.g, s.g));
  CHECK(close(found.labelled, sum_psi(s, true)));
  CHECK(close(found.rest, sum_psi(s, false)));
  CHECK(close(found.c, s.c));
  CHECK(close(found.G_optimal, s.G_optimal));
  CHECK(close(found.G_ppi, s.G_ppi));
  CHECK(found.base_rows == near(s.base_rows));
  CHECK(found.base_units == near(s.base_units));
  CHECK(found.residual_df == near(s.residual_df));
  if (!found.known_prob && s.g.size() > 0) CHECK(found.inflation == near(s.inflation));
}

void check(const Design& d, const naive::Options& options) {
  const auto found = influences(d, options);
  const auto expected = naive::describe(d, options);
  REQUIRE(found.size() == expected.size());
  for (std::size_t h = 0; h < found.size(); ++h) {
    CAPTURE(h);
    check_stratum(found[h], expected[h]);
  }
}

// Every number of judges up to beyond those with a compiled size, one and three strata.
void check_all(Shape shape, const naive::Options& options) {
  unsigned seed = 1;
  for (int judges : {0, 1, 2, 3, 5}) {
    for (int strata : {1, 3}) {
      for (bool binary : {false, true}) {
        shape.judges = judges;
        shape.strata = strata;
        shape.binary = binary && judges < 3;  // several 0/1 judges may be collinear
        CAPTURE(judges);
        CAPTURE(strata);
        check(designs::random_design(shape, seed++), options);
      }
    }
  }
}

Shape clustered(Labels labels, bool known_prob) {
  Shape shape;
  shape.clusters = 60;
  shape.labels = labels;
  shape.known_prob = known_prob;
  return shape;
}

naive::Options estimand(bool mean_of_clusters, bool center = true) {
  naive::Options out;
  out.mean_of_clusters = mean_of_clusters;
  out.center = center;
  return out;
}

}  // namespace

TEST_CASE("influence of rows labelled uniformly") { check_all(Shape(), estimand(false)); }

TEST_CASE("influence of whole clusters labelled uniformly") {
  check_all(clustered(Labels::whole_clusters, false), estimand(false));
  check_all(clustered(Labels::whole_clusters, false), estimand(true));
}

TEST_CASE("influence of partly labelled clusters") {
  check_all(clustered(Labels::rows, false), estimand(false));
}

TEST_CASE("mean of cluster means without a judge, partly labelled clusters") {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Shape shape = clustered(Labels::rows, false);
    shape.judges = 0;
    check(designs::random_design(shape, seed), estimand(true));
  }
}

TEST_CASE("influence of rows with known prob") {
  Shape shape;
  shape.known_prob = true;
  check_all(shape, estimand(false));
  check_all(shape, estimand(false, false));
}

TEST_CASE("influence of clusters with known prob, drawn whole or by row") {
  for (Labels labels : {Labels::whole_clusters, Labels::rows}) {
    for (bool center : {true, false}) {
      check_all(clustered(labels, true), estimand(false, center));
      check_all(clustered(labels, true), estimand(true, center));
    }
  }
}

TEST_CASE("the map gives every unit's influence, and it sums to zero") {
  const Design d = designs::random_design(clustered(Labels::whole_clusters, false), 3);
  const StratumInfluence in = influences(d, estimand(false))[0];
  // Means over all units, so that the sum of psi is the map of the totals.
  const Vector total = in.labelled_units.sum() + in.other_units.sum();
  CHECK((in.map * total).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(in.labelled_units.n == in.n_labelled);
  CHECK(in.other_units.n == in.n_unlabelled);
}

TEST_CASE("nothing, or one unit, to borrow from: the classical influence") {
  for (int n_rest : {0, 1}) {
    Design d;
    d.y = {1.0, 4.0, 2.0, 7.0};
    d.f = {{0.5, 3.0, 2.5, 9.0}};
    if (n_rest == 1) {
      d.y.push_back(designs::missing);
      d.f[0].push_back(100.0);
    }
    const StratumInfluence in = influences(d, estimand(false))[0];
    CHECK(in.zeta == near(3.5));
    CHECK(in.g[0] == 0.0);
    CHECK(in.c[0] == 0.0);
    CHECK(in.G_optimal(0, 0) == 0.0);
    CHECK(in.labelled(0, 0) == near(21.0 / 3.0 / 4.0));  // sample variance 7, n 4
  }
}

TEST_CASE("Bessel's factor") {
  CHECK(judicious::bessel(2.0) == near(std::sqrt(2.0)));
  CHECK(judicious::bessel(5.0) == near(std::sqrt(1.25)));
  CHECK(judicious::bessel(1.0) == 1.0);
}

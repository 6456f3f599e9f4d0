#include <doctest/doctest.h>

#include <judicious/estimate/joint.hpp>
#include <random>

#include "estimate/designs.hpp"

namespace {

using designs::Design;
using designs::Labels;
using designs::Shape;
using judicious::Groups;
using judicious::JointFit;
using judicious::LabelSummary;
using judicious::Matrix;
using judicious::MeanFit;
using judicious::MeanOptions;
using judicious::Rows;
using judicious::Vector;

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-10).scale(1e-9); }

std::shared_ptr<const LabelSummary> summary_of(const Rows& rows) {
  return std::make_shared<LabelSummary>(
      judicious::summarise(rows, 1, judicious::serial_executor()));
}

JointFit joint(const Rows& rows, bool own = false, const MeanOptions& options = MeanOptions()) {
  const auto summary = summary_of(rows);
  return JointFit(summary, judicious::all_targets(*summary, own), options);
}

// The design with each row in one of some groups.
struct Grouped {
  Design design;
  std::vector<int> group;
  int n_groups;

  Rows rows() const {
    Rows out = design.rows();
    out.groups = Groups{group.data(), 0, static_cast<std::size_t>(n_groups)};
    return out;
  }
};

Grouped grouped(const Shape& shape, int n_groups, bool by_cluster, unsigned seed) {
  Grouped out{designs::random_design(shape, seed), {}, n_groups};
  std::mt19937_64 rng(seed);
  for (std::size_t i = 0; i < out.design.n(); ++i) {
    const auto draw = static_cast<int>(rng() % static_cast<unsigned>(n_groups));
    out.group.push_back(by_cluster ? out.design.clusters[i] / 3 % n_groups : draw);
  }
  return out;
}

Design only(const Grouped& all, int group) {
  Design out;
  const Design& d = all.design;
  out.f.resize(d.f.size());
  for (std::size_t i = 0; i < d.n(); ++i) {
    if (all.group[i] != group) continue;
    out.y.push_back(d.y[i]);
    for (std::size_t k = 0; k < d.f.size(); ++k) out.f[k].push_back(d.f[k][i]);
    if (!d.strata.empty()) out.strata.push_back(d.strata[i]);
    if (!d.clusters.empty()) out.clusters.push_back(d.clusters[i]);
    if (!d.prob.empty()) out.prob.push_back(d.prob[i]);
  }
  return out;
}

void check_target(const JointFit& fit, int p, const MeanFit& expected) {
  CHECK(fit.fits()[designs::at(p)].estimate == near(expected.estimate));
  CHECK(fit.vcov()(p, p) == near(expected.variance));
  CHECK(fit.hc2()(p, p) == near(expected.hc2));
  CHECK(fit.hc3()(p, p) == near(expected.hc3));
  CHECK(fit.df(Vector::Unit(fit.size(), p)) == near(expected.df));
}

// Whole clusters, and enough labels for groups of them.
std::vector<Shape> shapes() {
  std::vector<Shape> out;
  for (Shape shape : designs::standard_shapes()) {
    if (shape.clusters > 0 && shape.labels == Labels::rows) continue;
    shape.n = 1200;
    shape.share = 0.5;
    if (shape.strata > 1) shape.strata = shape.judges = 2;
    out.push_back(shape);
  }
  return out;
}

}  // namespace

TEST_CASE("one response without groups is the mean") {
  unsigned seed = 1;
  for (const Shape& shape : shapes()) {
    const Design d = designs::random_design(shape, seed++);
    check_target(joint(d.rows()), 0, designs::fit(d, MeanOptions()).fit);
  }
}

TEST_CASE("groups without common clusters are separate fits") {
  unsigned seed = 20;
  for (const Shape& shape : shapes()) {
    const Grouped all = grouped(shape, 3, shape.clusters > 0, seed++);
    const JointFit fit = joint(all.rows());
    for (int g = 0; g < 3; ++g) {
      check_target(fit, g, designs::fit(only(all, g), MeanOptions()).fit);
      for (int k = 0; k < g; ++k) CHECK(fit.vcov()(g, k) == 0.0);
    }
  }
}

TEST_CASE("the same rows twice: the difference of the copies has no variance") {
  Shape shape;
  shape.n = 300;
  const Design once = designs::random_design(shape, 5);
  Grouped twice{once, {}, 2};
  Design& d = twice.design;
  d.y.insert(d.y.end(), once.y.begin(), once.y.end());
  d.f[0].insert(d.f[0].end(), once.f[0].begin(), once.f[0].end());
  for (int copy = 0; copy < 2; ++copy) {
    for (int i = 0; i < 300; ++i) {
      d.clusters.push_back(i);
      twice.group.push_back(copy);
    }
  }
  const JointFit fit = joint(twice.rows());
  Vector a(2);
  a << 1.0, -1.0;
  for (const Matrix& v : {fit.vcov(), fit.hc2(), fit.hc3()}) {
    CHECK(v(0, 0) > 0.0);
    CHECK(std::fabs(a.dot(v * a)) < 1e-12 * v(0, 0));
  }
  CHECK(fit.label_overlap(0, 1) == doctest::Approx(1.0));
  CHECK(fit.contrast(a).variance.plain < 1e-12 * fit.vcov()(0, 0));
}

TEST_CASE("the weights of a combination of responses are the combination of their weights") {
  Shape shape;
  shape.judges = 2;
  const Design d = designs::random_design(shape, 7);
  std::vector<double> other;
  for (std::size_t i = 0; i < d.n(); ++i) {
    other.push_back(std::isnan(d.y[i]) ? d.y[i] : d.y[i] * d.y[i] + d.f[0][i]);
  }
  std::vector<double> sum;
  for (std::size_t i = 0; i < d.n(); ++i) sum.push_back(2.0 * d.y[i] - 3.0 * other[i]);
  Rows rows = d.rows();
  rows.more_y.emplace_back();
  rows.more_y.back().real = other.data();
  const JointFit fit = joint(rows);
  REQUIRE(fit.size() == 2);
  Vector a(2);
  a << 2.0, -3.0;
  Rows combined = d.rows();
  combined.y.real = sum.data();
  const MeanFit expected = designs::fit(combined, MeanOptions()).fit;
  CHECK(fit.value(a) == near(expected.estimate));
  CHECK(a.dot(fit.vcov() * a) == near(expected.variance));
  CHECK(a.dot(fit.hc2() * a) == near(expected.hc2));
}

TEST_CASE("a contrast of one estimate is that estimate, but for the covariance of the judges") {
  Shape shape;
  shape.clusters = 90;
  shape.n = 900;
  const JointFit fit = joint(designs::random_design(shape, 9).rows());
  const auto found = fit.contrast(Vector::Ones(1));
  CHECK(found.estimate == doctest::Approx(fit.fits()[0].estimate).epsilon(0.05));
  CHECK(found.variance_labels_only == near(fit.variance_labels_only(0)));
}

#include <doctest/doctest.h>

#include <judicious/estimate/joint.hpp>

#include "estimate/designs.hpp"

namespace {

using designs::Design;
using designs::Shape;
using judicious::ContrastFit;
using judicious::JointFit;
using judicious::LabelSummary;
using judicious::MeanOptions;
using judicious::Rows;
using judicious::Vector;

// Two answers to every item, the second from its own column.
struct Pairs {
  Design all;
  std::vector<int> group;

  explicit Pairs(unsigned seed, bool overlap = true) {
    Shape shape;
    shape.n = 300;
    const Design a = designs::random_design(shape, seed);
    const Design b = designs::random_design(shape, seed + 1);
    all.f.resize(1);
    for (int copy = 0; copy < 2; ++copy) {
      for (std::size_t i = 0; i < 300; ++i) {
        const bool labelled = overlap ? !std::isnan(a.y[i]) : !std::isnan((copy == 0 ? a : b).y[i]);
        const double latent = a.f[0][i] + (copy == 0 ? 0.0 : 0.5 * b.f[0][i]);
        all.y.push_back(labelled ? latent + 0.3 * a.f[0][299 - i] : designs::missing);
        all.f[0].push_back(latent);
        all.clusters.push_back(static_cast<int>(i) + (overlap ? 0 : 300 * copy));
        group.push_back(copy);
      }
    }
  }
  Rows rows() const {
    Rows out = all.rows();
    out.groups = judicious::Groups{group.data(), 0, 2};
    return out;
  }
};

JointFit joint(const Rows& rows) {
  const auto summary =
      std::make_shared<LabelSummary>(judicious::summarise(rows, 1, judicious::serial_executor()));
  return JointFit(summary, judicious::all_targets(*summary, false), MeanOptions());
}

Vector difference() {
  Vector a(2);
  a << 1.0, -1.0;
  return a;
}

}  // namespace

TEST_CASE("overlap is that of the labelled units, the same from both sides") {
  const JointFit paired = joint(Pairs(3).rows());
  CHECK(paired.label_overlap(0, 1) == doctest::Approx(1.0));
  CHECK(paired.label_overlap(0, 0) == doctest::Approx(1.0));
  const JointFit separate = joint(Pairs(3, false).rows());
  CHECK(separate.label_overlap(0, 1) == 0.0);
  CHECK(separate.label_overlap(1, 0) == 0.0);
}

TEST_CASE("weights of its own never make a paired difference worse than those of the means") {
  for (unsigned seed = 1; seed < 9; ++seed) {
    const JointFit fit = joint(Pairs(seed).rows());
    const ContrastFit best = fit.contrast(difference());
    const double own = difference().dot(fit.vcov() * difference());
    CHECK(best.variance.plain <= own * (1.0 + 1e-9));
    CHECK(best.variance.plain <= best.variance_labels_only * (1.0 + 1e-9));
    CHECK(best.variance.hc2 >= best.variance.plain);
    CHECK(best.variance.hc3 >= best.variance.hc2);
    CHECK(best.df >= 1.0);
  }
}

TEST_CASE("a contrast turns its sign with its coefficients, and grows with them") {
  const JointFit fit = joint(Pairs(5).rows());
  const ContrastFit one = fit.contrast(difference());
  const ContrastFit other = fit.contrast(-3.0 * difference(), 1.0);
  CHECK(other.estimate == doctest::Approx(1.0 - 3.0 * one.estimate));
  CHECK(other.variance.hc3 == doctest::Approx(9.0 * one.variance.hc3));
  CHECK(other.df == doctest::Approx(one.df));
  CHECK(other.lambda[0] == doctest::Approx(one.lambda[0]));
}

TEST_CASE("degrees of freedom: paired items minus the weights, Welch's for separate ones") {
  const JointFit paired = joint(Pairs(7).rows());
  double n = 0.0;
  for (const double y : Pairs(7).all.y) n += std::isnan(y) ? 0.0 : 0.5;
  CHECK(paired.contrast(difference()).df > n - 2.5);
  const JointFit separate = joint(Pairs(7, false).rows());
  const double df = separate.df(difference());
  CHECK(df > separate.df(Vector::Unit(2, 0)));
  CHECK(df < separate.df(Vector::Unit(2, 0)) + separate.df(Vector::Unit(2, 1)) + 600.0);
}

#include <doctest/doctest.h>

#include <cmath>
#include <judicious/numeric/newton.hpp>

namespace {

using judicious::LocalModel;
using judicious::Vector;

}  // namespace

TEST_CASE("a quadratic is solved, and a direction without effect is left alone") {
  const auto bowl = [](const Vector& x) {
    LocalModel out(2);
    out.value = (x[0] - 3.0) * (x[0] - 3.0);
    out.gradient[0] = 2.0 * (x[0] - 3.0);
    out.hessian(0, 0) = 2.0;
    return out;
  };
  const Vector found = judicious::minimise_convex(Vector((Vector(2) << 0.0, 7.0).finished()), bowl);
  CHECK(found[0] == doctest::Approx(3.0).epsilon(1e-14));
  CHECK(found[1] == 7.0);
}

TEST_CASE("full steps that overshoot are shortened") {
  // sqrt(1 + x^2): Newton's full step diverges from |x| > 1.
  const auto ramp = [](const Vector& x) {
    LocalModel out(1);
    const double root = std::sqrt(1.0 + x[0] * x[0]);
    out.value = root;
    out.gradient[0] = x[0] / root;
    out.hessian(0, 0) = 1.0 / (root * root * root);
    return out;
  };
  const Vector found = judicious::minimise_convex(Vector(Vector::Constant(1, 20.0)), ramp);
  CHECK(std::fabs(found[0]) < 1e-6);
}

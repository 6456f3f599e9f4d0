// Newton's method for smooth convex functions of a few variables.
#pragma once

#include <cmath>
#include <judicious/numeric/linear.hpp>

namespace judicious {

// A function's value, gradient and Hessian at a point.
struct LocalModel {
  double value = 0.0;
  Vector gradient;
  Matrix hessian;

  explicit LocalModel(int dim) : gradient(Vector::Zero(dim)), hessian(Matrix::Zero(dim, dim)) {}
};

// Minimises `evaluate(x) -> LocalModel` from `x`. Directions the function does not
// depend on are left as they are.
template <class Function>
Vector minimise_convex(Vector x, Function&& evaluate) {
  LocalModel here = evaluate(x);
  for (int step = 0; step < 200; ++step) {
    const Vector move = here.hessian.completeOrthogonalDecomposition().solve(here.gradient);
    const double decrement = here.gradient.dot(move);
    if (!(decrement > 0.0)) return x;
    double length = 1.0;
    LocalModel next = evaluate(x - move);
    while (!(next.value <= here.value - 1e-4 * length * decrement) && length > 1e-10) {
      // At the minimum rounding decides: the full step is as good as any.
      if (decrement <= 1e-12 * (1.0 + std::fabs(here.value))) break;
      length *= 0.5;
      next = evaluate(x - length * move);
    }
    x -= length * move;
    here = std::move(next);
    // Convergence is quadratic: the step just taken squared what was left.
    if (decrement <= 1e-12 * (1.0 + std::fabs(here.value))) return x;
  }
  return x;
}

}  // namespace judicious

// How far the largest of several correlated estimates strays: what intervals that hold together
// need (single-step max |t|; Hothorn, Bretz and Westfall 2008).
#pragma once

#include <judicious/numeric/linear.hpp>
#include <judicious/numeric/parallel.hpp>
#include <judicious/numeric/random.hpp>

namespace judicious {

// A matrix whose product with independent normals has this covariance, which may be singular.
inline Matrix normal_root(const Matrix& covariance) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(covariance);
  const Vector& values = solver.eigenvalues();
  const double least = 1e-12 * std::max(values.maxCoeff(), 0.0);
  Indices keep;
  for (int k = 0; k < values.size(); ++k) {
    if (values[k] > least) keep.push_back(k);
  }
  Matrix out(covariance.rows(), static_cast<int>(keep.size()));
  for (int k = 0; k < out.cols(); ++k) {
    const int from = keep[static_cast<std::size_t>(k)];
    out.col(k) = std::sqrt(values[from]) * solver.eigenvectors().col(from);
  }
  return out;
}

constexpr std::size_t draws_per_stream = 1000;

// Calls visit(draw, vector, generator) for n draws, a stream for every thousand of them.
template <class Streams, class Visit>
void for_normal_draws(const Matrix& covariance, std::size_t n, const Streams& streams,
                      const Executor& run, const Visit& visit) {
  const Matrix root = normal_root(covariance);
  run((n + draws_per_stream - 1) / draws_per_stream, [&](std::size_t block) {
    auto rng = streams(block);
    const std::size_t from = block * draws_per_stream;
    Vector z(root.cols());
    for (std::size_t i = from; i < std::min(from + draws_per_stream, n); ++i) {
      for (int k = 0; k < z.size(); ++k) z[k] = normal01(rng);
      visit(i, apply(root, z), rng);
    }
  });
}

// Draws of max |t| of estimates with this covariance, all on df degrees of freedom. Those without
// variance are left out.
template <class Streams>
std::vector<double> max_t_draws(const Matrix& covariance, double df, std::size_t n,
                                const Streams& streams, const Executor& run) {
  Indices keep;
  for (int k = 0; k < covariance.rows(); ++k) {
    if (covariance(k, k) > 0.0) keep.push_back(k);
  }
  const auto m = static_cast<int>(keep.size());
  Matrix correlation(m, m);
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < m; ++j) {
      const int a = keep[static_cast<std::size_t>(i)], b = keep[static_cast<std::size_t>(j)];
      correlation(i, j) = covariance(a, b) / std::sqrt(covariance(a, a) * covariance(b, b));
    }
  }
  std::vector<double> out(n, 0.0);
  if (m == 0) return out;
  for_normal_draws(correlation, n, streams, run, [&](std::size_t i, const Vector& z, auto& rng) {
    const double chi_square = 2.0 * std::exp(log_gamma_variate(rng, 0.5 * df));
    out[i] = z.cwiseAbs().maxCoeff() / std::sqrt(chi_square / df);
  });
  return out;
}

}  // namespace judicious

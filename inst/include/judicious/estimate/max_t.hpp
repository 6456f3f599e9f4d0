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
  const bool separate = covariance.isDiagonal(0.0);
  const Vector scale = covariance.diagonal().cwiseMax(0.0).cwiseSqrt();
  const Matrix root = separate ? Matrix() : normal_root(covariance);
  run((n + draws_per_stream - 1) / draws_per_stream, [&](std::size_t block) {
    auto rng = streams(block);
    const std::size_t from = block * draws_per_stream;
    Vector z(separate ? scale.size() : root.cols());
    for (std::size_t i = from; i < std::min(from + draws_per_stream, n); ++i) {
      for (int k = 0; k < z.size(); ++k) z[k] = normal01(rng);
      if (separate) {
        visit(i, Vector(scale.cwiseProduct(z)), rng);
      } else {
        visit(i, apply(root, z), rng);
      }
    }
  });
}

// Sums a x_first + b x_second of two estimates each.
struct PairSums {
  Indices first, second;
  std::vector<double> a, b;

  std::size_t size() const { return first.size(); }
  double of(const Vector& x, std::size_t k) const {
    return a[k] * x[first[k]] + b[k] * x[second[k]];
  }
  // 0 where all that is left of the parts is rounding.
  double variance(const Matrix& v, std::size_t k) const {
    const int i = first[k], j = second[k];
    const double apart = a[k] * a[k] * v(i, i) + b[k] * b[k] * v(j, j);
    const double out = apart + 2.0 * a[k] * b[k] * v(i, j);
    return out > 1e-13 * apart ? out : 0.0;
  }
};

// Draws of max |t| of sums of estimates with this covariance, all on df degrees of freedom. Those
// without variance are left out.
template <class Streams>
std::vector<double> max_t_draws(const Matrix& covariance, const PairSums& pairs, double df,
                                std::size_t n, const Streams& streams, const Executor& run) {
  std::vector<double> out(n, 0.0);
  std::vector<std::size_t> keep;
  std::vector<double> inverse;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const double variance = pairs.variance(covariance, k);
    if (!(variance > 0.0)) continue;
    keep.push_back(k);
    inverse.push_back(1.0 / std::sqrt(variance));
  }
  if (keep.empty()) return out;
  for_normal_draws(covariance, n, streams, run, [&](std::size_t i, const Vector& x, auto& rng) {
    const double chi_square = 2.0 * std::exp(log_gamma_variate(rng, 0.5 * df));
    double largest = 0.0;
    for (std::size_t k = 0; k < keep.size(); ++k) {
      largest = std::max(largest, std::fabs(pairs.of(x, keep[k])) * inverse[k]);
    }
    out[i] = largest / std::sqrt(chi_square / df);
  });
  return out;
}

// The same of the estimates themselves.
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

// The random numbers of a bootstrap and nothing else: as many indices, from the
// same generator, by the same method. Their sum keeps
// the compiler from leaving them out.
// [[Rcpp::depends(judicious, RcppEigen, dqrng)]]
// [[Rcpp::plugins(cpp17)]]
#include <RcppEigen.h>
#include <xoshiro.h>

#include <judicious/estimate/bootstrap.hpp>

struct Sum {
  std::size_t sum;
  void operator()(std::size_t i) { sum += i; }
};

// [[Rcpp::export]]
double draw_indices(double n_boot, double n) {
  const auto rows = static_cast<std::size_t>(n);
  std::size_t sum = 0;
  for (double b = 0.0; b < n_boot; b += 1.0) {
    dqrng::xoshiro256plus rng(judicious::stream_seed(1, static_cast<std::uint64_t>(b)));
    sum = judicious::draw_indices(rng, rows, rows, Sum{sum}).sum;
  }
  return static_cast<double>(sum);
}

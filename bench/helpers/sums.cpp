// What estimate_mean() is compared with, and its own pass without R.
// [[Rcpp::depends(judicious, RcppEigen)]]
// [[Rcpp::plugins(cpp17)]]
#include <RcppEigen.h>

#include <judicious/data/row_pass.hpp>

// The least that any pass over labels and a judge can cost: both columns are read once and summed,
// two doubles at a time, without a look at missing values.
// [[Rcpp::export]]
double sum_both(Rcpp::NumericVector x, Rcpp::NumericVector y) {
  using judicious::load_pair;
  using judicious::Pair;
  const double *a = x.begin(), *b = y.begin();
  Pair s0 = judicious::pair_of(0.0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  const R_xlen_t n = x.size() / 8 * 8;
  for (R_xlen_t i = 0; i < n; i += 8) {
    s0 += load_pair(a + i);
    s1 += load_pair(a + i + 2);
    s2 += load_pair(a + i + 4);
    s3 += load_pair(a + i + 6);
    t0 += load_pair(b + i);
    t1 += load_pair(b + i + 2);
    t2 += load_pair(b + i + 4);
    t3 += load_pair(b + i + 6);
  }
  return judicious::sum((s0 + s1) + (s2 + s3) + (t0 + t1) + (t2 + t3));
}

// The summary of labels and a judge, as the core makes it.
// [[Rcpp::export]]
double summarise_both(Rcpp::NumericVector human, Rcpp::NumericVector judge) {
  judicious::Rows rows;
  rows.n = static_cast<std::size_t>(human.size());
  rows.y.real = human.begin();
  rows.proxies.resize(1);
  rows.proxies[0].real = judge.begin();
  const auto summary = judicious::summarise_rows(rows, judicious::serial_executor());
  return summary.cells[0].rows.n_true;
}

// Result columns: allocated in R's memory once, filled in place by the core.
#pragma once

#include <judicious/simulate/simulate.hpp>
#include <vector>

#include "convert.h"

namespace convert {

inline Eigen::Map<Eigen::VectorXd> view(Rcpp::NumericVector& x) { return {x.begin(), x.size()}; }
inline Eigen::Map<Eigen::VectorXi> view(Rcpp::IntegerVector& x) { return {x.begin(), x.size()}; }

// The columns `prob` and `selected` of a sample.
struct SampleColumns {
  Rcpp::NumericVector prob;
  Rcpp::IntegerVector selected;

  explicit SampleColumns(R_xlen_t n) : prob(Rcpp::no_init(n)), selected(Rcpp::no_init(n)) {}
  SampleColumns(Rcpp::NumericVector p, R_xlen_t n) : prob(p), selected(Rcpp::no_init(n)) {}

  Rcpp::List list() const {
    return Rcpp::List::create(Rcpp::Named("prob") = prob, Rcpp::Named("selected") = selected);
  }
};

// Simulated labels: the truth, then one column per judge. `RVector` is
// Rcpp::IntegerVector or Rcpp::NumericVector.
template <class RVector>
class LabelFrame {
 public:
  using Value = typename RVector::stored_type;

  LabelFrame(R_xlen_t n, R_xlen_t n_judges) {
    for (R_xlen_t k = 0; k <= n_judges; ++k) columns_.emplace_back(Rcpp::no_init(n));
  }

  judicious::LabelColumns<Value> view() {
    judicious::LabelColumns<Value> out{columns_[0].begin(), {}};
    for (std::size_t k = 1; k < columns_.size(); ++k) out.y_proxy.push_back(columns_[k].begin());
    return out;
  }

  Rcpp::List list() const { return Rcpp::List(columns_.begin(), columns_.end()); }

 private:
  std::vector<RVector> columns_;
};

}  // namespace convert

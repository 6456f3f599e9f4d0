// Bindings of the simulators. Every one draws its base seed from R's generator.
#include <judicious/simulate/simulate.hpp>

#include "convert_columns.h"

namespace {

using Generator = convert::Generator;

judicious::BinaryModel binary_model(double true_mean, const Rcpp::NumericVector& proxy_mean,
                                    const Rcpp::NumericVector& correlation) {
  judicious::BinaryModel model{true_mean, {}};
  for (R_xlen_t k = 0; k < proxy_mean.size(); ++k) {
    model.judges.push_back(judicious::binary_judge(true_mean, proxy_mean[k], correlation[k]));
  }
  return model;
}

}  // namespace

// The lowest and highest feasible correlation, one row per pair of means.
// [[Rcpp::export]]
Rcpp::NumericMatrix binary_correlation_range_cpp(const Rcpp::NumericVector true_mean,
                                                 const Rcpp::NumericVector proxy_mean) {
  Rcpp::NumericMatrix out(true_mean.size(), 2);
  for (R_xlen_t k = 0; k < true_mean.size(); ++k) {
    const auto range = judicious::binary_correlation_range(true_mean[k], proxy_mean[k]);
    out(k, 0) = range.low;
    out(k, 1) = range.high;
  }
  return out;
}

// [[Rcpp::export]]
Rcpp::List simulate_binary_cpp(double n, double true_mean, const Rcpp::NumericVector proxy_mean,
                               const Rcpp::NumericVector correlation, int threads) {
  convert::LabelFrame<Rcpp::IntegerVector> out(static_cast<R_xlen_t>(n), proxy_mean.size());
  judicious::simulate_binary<Generator>(binary_model(true_mean, proxy_mean, correlation),
                                        static_cast<std::size_t>(n), convert::base_seed(),
                                        convert::executor(threads), out.view());
  return out.list();
}

// [[Rcpp::export]]
Rcpp::List simulate_binary_strata_cpp(const Rcpp::NumericVector n,
                                      const Rcpp::NumericVector true_mean,
                                      const Rcpp::NumericVector proxy_mean,
                                      const Rcpp::NumericVector correlation, int threads) {
  std::vector<judicious::BinaryModel> models;
  for (R_xlen_t h = 0; h < n.size(); ++h) {
    models.push_back(
        {true_mean[h], {judicious::binary_judge(true_mean[h], proxy_mean[h], correlation[h])}});
  }
  const auto n_rows = Rcpp::as<std::vector<std::size_t>>(n);
  convert::LabelFrame<Rcpp::IntegerVector> out(static_cast<R_xlen_t>(Rcpp::sum(n)), 1);
  judicious::simulate_binary_strata<Generator>(models, n_rows, convert::base_seed(),
                                               convert::executor(threads), out.view());
  return out.list();
}

// [[Rcpp::export]]
Rcpp::List simulate_binary_clusters_cpp(double n, double n_clusters, double true_mean,
                                        const Rcpp::NumericVector proxy_mean,
                                        const Rcpp::NumericVector correlation, double diversity,
                                        int threads) {
  Rcpp::IntegerVector cluster(Rcpp::no_init(static_cast<R_xlen_t>(n)));
  convert::LabelFrame<Rcpp::IntegerVector> out(static_cast<R_xlen_t>(n), proxy_mean.size());
  judicious::simulate_binary_clusters<Generator>(
      binary_model(true_mean, proxy_mean, correlation), static_cast<std::size_t>(n),
      static_cast<std::size_t>(n_clusters), diversity, convert::base_seed(),
      convert::executor(threads), cluster.begin(), out.view());
  return Rcpp::List::create(Rcpp::Named("labels") = out.list(), Rcpp::Named("cluster") = cluster);
}

// [[Rcpp::export]]
Rcpp::List simulate_binary_active_cpp(double n, double true_mean, double proxy_mean,
                                      double correlation, int threads) {
  Rcpp::NumericVector uncertainty(Rcpp::no_init(static_cast<R_xlen_t>(n)));
  convert::LabelFrame<Rcpp::IntegerVector> out(static_cast<R_xlen_t>(n), 1);
  judicious::simulate_binary_active<Generator>(
      true_mean, proxy_mean, correlation, static_cast<std::size_t>(n), convert::base_seed(),
      convert::executor(threads), uncertainty.begin(), out.view());
  return Rcpp::List::create(Rcpp::Named("labels") = out.list(),
                            Rcpp::Named("uncertainty") = uncertainty);
}

// [[Rcpp::export]]
Rcpp::List simulate_gaussian_cpp(double n, double true_mean, double true_sd,
                                 const Rcpp::NumericVector proxy_mean,
                                 const Rcpp::NumericVector proxy_sd,
                                 const Rcpp::NumericVector correlation, int threads) {
  judicious::GaussianModel model{true_mean, true_sd, {}};
  for (R_xlen_t k = 0; k < proxy_mean.size(); ++k) {
    model.judges.push_back({proxy_mean[k], proxy_sd[k], correlation[k]});
  }
  convert::LabelFrame<Rcpp::NumericVector> out(static_cast<R_xlen_t>(n), proxy_mean.size());
  judicious::simulate_gaussian<Generator>(model, static_cast<std::size_t>(n), convert::base_seed(),
                                          convert::executor(threads), out.view());
  return out.list();
}

// Bindings of the samplers.
#include <judicious/sampling.hpp>

#include "convert_columns.h"

// [[Rcpp::export]]
Rcpp::List sample_uniform_cpp(double n_total, double n) {
  convert::SampleColumns out(static_cast<R_xlen_t>(n_total));
  convert::Generator rng(convert::base_seed());
  judicious::sample_uniform(rng, static_cast<std::size_t>(n), convert::view(out.prob),
                            convert::view(out.selected));
  return out.list();
}

// [[Rcpp::export]]
Rcpp::List sample_clusters_cpp(const Eigen::Map<Eigen::VectorXi> codes, double n_total, double n) {
  convert::SampleColumns out(codes.size());
  convert::Generator rng(convert::base_seed());
  judicious::sample_clusters(rng, codes, static_cast<std::size_t>(n_total),
                             static_cast<std::size_t>(n), convert::view(out.prob),
                             convert::view(out.selected));
  return out.list();
}

// [[Rcpp::export]]
Rcpp::NumericVector active_probabilities_cpp(const Eigen::Map<Eigen::VectorXd> uncertainty,
                                             double n) {
  Rcpp::NumericVector prob(Rcpp::no_init(uncertainty.size()));
  judicious::active_probabilities(uncertainty, n, convert::view(prob));
  return prob;
}

// Positions in `order` count from 0.
// [[Rcpp::export]]
Rcpp::List draw_poisson_cpp(const Eigen::Map<Eigen::VectorXd> prob) {
  Rcpp::IntegerVector order(Rcpp::no_init(prob.size())), drawn(Rcpp::no_init(prob.size()));
  convert::Generator rng(convert::base_seed());
  judicious::draw_poisson(rng, prob, convert::view(order), convert::view(drawn));
  return Rcpp::List::create(Rcpp::Named("order") = order, Rcpp::Named("drawn") = drawn);
}

// [[Rcpp::export]]
Rcpp::List cut_off_cpp(const Rcpp::NumericVector prob, const Eigen::Map<Eigen::VectorXi> order,
                       const Eigen::Map<Eigen::VectorXi> drawn, double human_cost,
                       double judge_cost, double budget) {
  convert::SampleColumns out(Rcpp::clone(prob), prob.size());
  judicious::cut_off(order, drawn, {human_cost, judge_cost}, budget, {NA_REAL, NA_INTEGER},
                     convert::view(out.prob), convert::view(out.selected));
  return out.list();
}

// [[Rcpp::export]]
Rcpp::List sample_pivotal_cpp(const Rcpp::NumericVector prob) {
  convert::SampleColumns out(prob, prob.size());
  convert::Generator rng(convert::base_seed());
  judicious::sample_pivotal(rng, convert::view(out.prob), convert::view(out.selected));
  return out.list();
}

// Bindings of agreement metrics on item profiles and of rankings of judges.
#include "convert_agreement.h"
#include "convert_ranking.h"

// Which items (rows) each metric (column) can use.
// [[Rcpp::export]]
Rcpp::LogicalMatrix used_items_cpp(Rcpp::List humans, Rcpp::List judges, Rcpp::List specs,
                                   double n_items) {
  return convert::used_items(convert::item_scores(humans, judges, specs, 0.0),
                             static_cast<std::size_t>(n_items));
}

// Metrics of the items that `items` says, with joint replicates.
// [[Rcpp::export]]
Rcpp::List agreement_metrics_cpp(Rcpp::List humans, Rcpp::List judges, Rcpp::List specs,
                                 double smooth, Rcpp::LogicalMatrix items, double n_boot,
                                 int threads, Rcpp::Function tick) {
  auto scores = convert::item_scores(humans, judges, specs, smooth);
  const auto plan = convert::bootstrap_plan(n_boot, threads, tick);
  return convert::list(judicious::estimate_metrics(convert::metrics_of_items(scores, items),
                                                   static_cast<std::size_t>(items.nrow()),
                                                   plan.n_boot, plan.streams, plan.run));
}

// [[Rcpp::export]]
Rcpp::List rank_judges_cpp(const Eigen::VectorXd& losses, const Eigen::MatrixXd& replicates,
                           double conf_level) {
  return convert::list(judicious::rank_judges(losses, replicates, conf_level));
}

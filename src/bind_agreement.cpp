// Bindings of the agreement coefficients. Codes count from 1; columns are items
// where a matrix holds distributions over options, rows where it holds ratings.
#include "convert_agreement.h"

// [[Rcpp::export]]
Rcpp::List mean_score_cpp(const std::vector<double>& scores, double n_boot, int threads,
                          Rcpp::Function tick) {
  return convert::bootstrapped(judicious::distinct_items(scores.size()),
                               judicious::MeanScore(scores),
                               convert::bootstrap_plan(n_boot, threads, tick));
}

// [[Rcpp::export]]
Rcpp::List cohen_kappa_cpp(const Eigen::Map<Eigen::VectorXi> first,
                           const Eigen::Map<Eigen::VectorXi> second,
                           const std::vector<double>& positions, const std::string& weights,
                           double n_boot, int threads, Rcpp::Function tick) {
  const auto data = judicious::label_pairs(first, second);
  return convert::bootstrapped(
      data.items, judicious::CohenKappa(data, convert::kappa_weights(weights), positions),
      convert::bootstrap_plan(n_boot, threads, tick));
}

// [[Rcpp::export]]
Rcpp::List fleiss_kappa_cpp(const Eigen::Map<Eigen::MatrixXi> ratings, bool are_counts,
                            double n_values, double n_boot, int threads, Rcpp::Function tick) {
  const auto data =
      are_counts ? judicious::patterns_of_counts(ratings, 1)
                 : judicious::patterns_of_ratings(ratings, static_cast<std::size_t>(n_values), 1);
  return convert::bootstrapped(data.units, judicious::FleissKappa(data),
                               convert::bootstrap_plan(n_boot, threads, tick));
}

// [[Rcpp::export]]
Rcpp::List krippendorff_alpha_cpp(const Eigen::Map<Eigen::MatrixXi> ratings,
                                  const std::vector<double>& values, const std::string& level,
                                  double n_boot, int threads, Rcpp::Function tick) {
  const auto data = judicious::patterns_of_ratings(ratings, values.size(), 2);
  return convert::bootstrapped(
      data.units, judicious::KrippendorffAlpha(data, convert::measurement(level), values),
      convert::bootstrap_plan(n_boot, threads, tick));
}

// [[Rcpp::export]]
std::vector<double> hit_scores_cpp(const Eigen::Map<Eigen::VectorXi> first,
                                   const Eigen::Map<Eigen::VectorXi> second) {
  return judicious::hit_scores(first, second);
}

// [[Rcpp::export]]
std::vector<double> coverage_scores_cpp(const Eigen::Map<Eigen::MatrixXd> set_shares,
                                        const Eigen::Map<Eigen::VectorXi> choices, double tau) {
  return judicious::coverage_scores(set_shares, choices, tau);
}

// [[Rcpp::export]]
std::vector<double> label_distance_scores_cpp(const Eigen::Map<Eigen::VectorXi> first,
                                              const Eigen::Map<Eigen::VectorXi> second) {
  return judicious::label_distance_scores(first, second);
}

// [[Rcpp::export]]
std::vector<double> squared_distance_scores_cpp(const Eigen::Map<Eigen::MatrixXd> p,
                                                const Eigen::Map<Eigen::MatrixXd> q) {
  return judicious::squared_distance_scores(p, q);
}

// [[Rcpp::export]]
std::vector<double> divergence_scores_cpp(const std::string& kind,
                                          const Eigen::Map<Eigen::MatrixXd> p,
                                          const Eigen::Map<Eigen::MatrixXd> q, double smooth) {
  return judicious::divergence_scores(convert::divergence(kind),
                                      judicious::distributions(p, smooth),
                                      judicious::distributions(q, smooth));
}

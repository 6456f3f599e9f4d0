// Bindings of what is done with confidences: quality, calibration, thresholds,
// combination of judges.
#include "convert_confidence.h"

// [[Rcpp::export]]
Rcpp::List confidence_quality_cpp(const Rcpp::NumericVector score,
                                  const Rcpp::IntegerVector correct, int n_bins, bool right_closed,
                                  bool probability) {
  return convert::quality_list(judicious::confidence_quality(convert::score_blocks(score, correct),
                                                             {n_bins, right_closed, probability}));
}

// [[Rcpp::export]]
Rcpp::List kept_labels_cpp(const Rcpp::NumericVector score, const Rcpp::IntegerVector correct) {
  return convert::kept_list(judicious::kept_labels(convert::score_blocks(score, correct)));
}

// [[Rcpp::export]]
Rcpp::List roc_points_cpp(const Rcpp::NumericVector score, const Rcpp::IntegerVector correct) {
  const auto kept = judicious::kept_labels(convert::score_blocks(score, correct));
  Rcpp::List out = convert::kept_list(kept);
  out["corner"] = convert::each(judicious::roc_corners(kept), [](char corner) { return corner; });
  return out;
}

// [[Rcpp::export]]
Rcpp::List reliability_bins_cpp(const Rcpp::NumericVector score, const Rcpp::IntegerVector correct,
                                int n_bins, bool equal_mass, bool right_closed) {
  const auto blocks = convert::score_blocks(score, correct);
  return convert::bin_list(equal_mass ? judicious::equal_mass_bins(blocks, n_bins)
                                      : judicious::equal_width_bins(blocks, n_bins, right_closed));
}

// [[Rcpp::export]]
Rcpp::List clopper_pearson_cpp(const Rcpp::NumericVector k, const Rcpp::NumericVector n,
                               double conf_level) {
  Rcpp::NumericVector low(Rcpp::no_init(k.size())), high(Rcpp::no_init(k.size()));
  for (R_xlen_t i = 0; i < k.size(); ++i) {
    const auto interval = judicious::clopper_pearson(k[i], n[i], conf_level);
    low[i] = interval.low;
    high[i] = interval.high;
  }
  return Rcpp::List::create(Rcpp::Named("low") = low, Rcpp::Named("high") = high);
}

// --- calibration -----------------------------------------------------------------

// [[Rcpp::export]]
Rcpp::List isotonic_knots_cpp(const Rcpp::NumericVector score, const Rcpp::IntegerVector correct) {
  const auto knots =
      judicious::isotonic_knots(judicious::isotonic_pools(convert::score_blocks(score, correct)));
  return Rcpp::List::create(Rcpp::Named("x") = knots.x, Rcpp::Named("y") = knots.y);
}

// [[Rcpp::export]]
Rcpp::NumericVector interpolate_cpp(std::vector<double> x, std::vector<double> y,
                                    const Rcpp::NumericVector score) {
  const judicious::Knots knots{std::move(x), std::move(y)};
  return convert::each(score, [&](double s) { return judicious::interpolate(knots, s); });
}

// [[Rcpp::export]]
Rcpp::List fit_calibration_map_cpp(const Rcpp::NumericVector score,
                                   const Rcpp::IntegerVector correct, const std::string& family,
                                   bool probability) {
  return convert::map_list(judicious::fit_calibration_map(
      convert::score_blocks(score, correct), convert::map_family(family), probability));
}

// [[Rcpp::export]]
Rcpp::NumericVector calibration_map_cpp(const Rcpp::NumericVector score, const std::string& family,
                                        bool probability, const std::vector<double>& limits,
                                        const Eigen::VectorXd& coef) {
  const judicious::CalibrationMap map{convert::map_family(family), probability, limits[0],
                                      limits[1], coef};
  return convert::each(score, [&](double s) { return judicious::calibrated(map, s); });
}

// --- thresholds ------------------------------------------------------------------

// [[Rcpp::export]]
double naive_threshold_cpp(const Rcpp::NumericVector score, const Rcpp::IntegerVector correct,
                           double target) {
  return convert::number(judicious::naive_threshold(convert::score_blocks(score, correct), target));
}

// [[Rcpp::export]]
double selective_threshold_cpp(const Rcpp::NumericVector score, const Rcpp::IntegerVector correct,
                               double target, double delta, double first) {
  return convert::number(
      judicious::selective_threshold(convert::score_blocks(score, correct), target, delta, first));
}

// [[Rcpp::export]]
double pac_threshold_cpp(const Rcpp::NumericVector score, const Rcpp::IntegerVector correct,
                         double n_items, double target, double delta) {
  return convert::number(
      judicious::pac_threshold(convert::score_blocks(score, correct), n_items, target, delta));
}

// `pool` in descending order.
// [[Rcpp::export]]
double fdr_threshold_cpp(const Rcpp::NumericVector score, const Rcpp::IntegerVector correct,
                         const std::vector<double>& pool, double target) {
  return convert::number(
      judicious::fdr_threshold(convert::score_blocks(score, correct), pool, target));
}

// [[Rcpp::export]]
double fewest_to_pass_cpp(double target, double delta) {
  return judicious::fewest_to_pass(target, delta);
}

// --- combination of judges -------------------------------------------------------

// [[Rcpp::export]]
Eigen::MatrixXd vote_shares_cpp(Rcpp::List votes) {
  const auto table = convert::votes(votes);
  return judicious::vote_shares(
      judicious::weighted_votes(table, judicious::Vector::Ones(table.n_judges)));
}

// [[Rcpp::export]]
Eigen::MatrixXd weighted_probabilities_cpp(Rcpp::List votes, const Eigen::VectorXd& weight) {
  return judicious::softmax_rows(judicious::weighted_votes(convert::votes(votes), weight));
}

// [[Rcpp::export]]
Rcpp::List dawid_skene_cpp(Rcpp::List votes, const Eigen::VectorXd& free,
                           const Eigen::MatrixXd& gold, double smooth, double tolerance,
                           int max_iterations) {
  const auto table = convert::votes(votes);
  return convert::dawid_skene_list(
      judicious::dawid_skene(table, free, gold, {smooth, tolerance, max_iterations},
                             [] { Rcpp::checkUserInterrupt(); }),
      table);
}

// [[Rcpp::export]]
Rcpp::List stacked_votes_cpp(Rcpp::List votes, const Eigen::MatrixXd& gold, double ridge) {
  const auto table = convert::votes(votes);
  const auto stack = judicious::fit_stacked_votes(table, gold, ridge);
  return Rcpp::List::create(
      Rcpp::Named("intercept") = stack.intercept, Rcpp::Named("weight") = stack.weight,
      Rcpp::Named("posterior") = judicious::stacked_probabilities(table, stack));
}

// `truth`: patterns x classes, numbers of items.
// [[Rcpp::export]]
Eigen::MatrixXd confusion_counts_cpp(Rcpp::List votes, const Eigen::MatrixXd& truth) {
  const auto table = convert::votes(votes);
  return convert::confusion_matrix(judicious::count_confusions(table, truth), table.n_judges,
                                   table.n_classes);
}

// [[Rcpp::export]]
double effective_judges_cpp(Rcpp::List votes, const Eigen::MatrixXd& truth) {
  return convert::number(judicious::effective_judges(convert::votes(votes), truth));
}

// Positions of the winners count from 1, NA where there is none.
// [[Rcpp::export]]
Rcpp::List winners_cpp(const Eigen::MatrixXd& probability) {
  const auto found = judicious::winners(probability);
  Rcpp::IntegerVector label(found.label.begin(), found.label.end());
  for (int& code : label) code = code < 0 ? NA_INTEGER : code + 1;
  return Rcpp::List::create(
      Rcpp::Named("label") = label, Rcpp::Named("probability") = found.probability,
      Rcpp::Named("tie") = Rcpp::LogicalVector(found.tie.begin(), found.tie.end()));
}

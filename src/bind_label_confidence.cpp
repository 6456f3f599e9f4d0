// Bindings of the confidence in a label that a judge's output shows.
#include <judicious/confidence/label_distribution.hpp>
#include <judicious/confidence/rouge.hpp>
#include <judicious/confidence/semantic.hpp>
#include <judicious/confidence/token_spans.hpp>

#include "convert_label_confidence.h"

// [[Rcpp::export]]
Rcpp::List span_confidence_cpp(const Rcpp::NumericVector logprob, const Rcpp::IntegerVector width,
                               const Rcpp::LogicalVector ignored, const Rcpp::List spans) {
  const auto parts = convert::token_spans(spans);
  Rcpp::NumericVector confidence(Rcpp::no_init(parts.size()));
  Rcpp::IntegerVector n_tokens(Rcpp::no_init(parts.size()));
  judicious::span_confidence({logprob.begin(), width.begin(), ignored.begin()}, parts,
                             confidence.begin(), n_tokens.begin());
  return Rcpp::List::create(Rcpp::Named("confidence") = confidence,
                            Rcpp::Named("n_tokens") = n_tokens);
}

// Items and labels count from 0.
// [[Rcpp::export]]
Eigen::MatrixXd label_log_masses_cpp(const Rcpp::NumericVector logprob,
                                     const Rcpp::IntegerVector item,
                                     const Rcpp::IntegerVector label, double n_items,
                                     double n_labels) {
  return judicious::label_log_masses(
      {logprob.begin(), item.begin(), label.begin(), static_cast<std::size_t>(logprob.size())},
      static_cast<std::size_t>(n_items), static_cast<std::size_t>(n_labels));
}

// [[Rcpp::export]]
Eigen::VectorXd row_log_sums_cpp(const Eigen::Map<Eigen::MatrixXd> logs) {
  return judicious::row_log_sums(logs);
}

// [[Rcpp::export]]
Eigen::MatrixXd row_probabilities_cpp(const Eigen::Map<Eigen::MatrixXd> logs) {
  return judicious::row_probabilities(logs);
}

// [[Rcpp::export]]
Eigen::VectorXd row_entropy_bits_cpp(const Eigen::Map<Eigen::MatrixXd> weights) {
  return judicious::row_entropy_bits(weights);
}

// [[Rcpp::export]]
Rcpp::NumericVector rouge_l_cpp(const Rcpp::CharacterVector a, const Rcpp::CharacterVector b) {
  const auto x = convert::text_views(a), y = convert::text_views(b);
  Rcpp::NumericVector out(Rcpp::no_init(x.size()));
  std::transform(x.begin(), x.end(), y.begin(), out.begin(), judicious::rouge_l);
  return out;
}

// The answers of item i are first[i], ..., first[i + 1] - 1, counted from 0.
// [[Rcpp::export]]
Rcpp::List semantic_clusters_cpp(const Rcpp::CharacterVector answers,
                                 const Rcpp::NumericVector first, const Rcpp::NumericVector weights,
                                 double threshold, int threads, const Rcpp::Function tick) {
  return convert::list(judicious::semantic_clusters(
      {convert::text_views(answers), convert::offsets(first), weights.begin()}, threshold,
      convert::executor_with_progress(threads, tick)));
}

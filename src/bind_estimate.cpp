#include "convert_estimate.h"

// With n_boot > 0 the list has an element `boot`; tick(n) is called as replicates
// are done.
// [[Rcpp::export]]
Rcpp::List estimate_mean_cpp(Rcpp::List design, Rcpp::List options, int threads, double n_boot,
                             Rcpp::Function tick) {
  const auto rows = convert::rows(design);
  const auto settings = convert::mean_options(options);
  const auto run = convert::executor(threads);
  judicious::MeanEstimation estimation(rows, settings, static_cast<std::size_t>(threads), run);
  if (estimation.can_estimate()) estimation.estimate();
  Rcpp::List out = convert::mean_result(estimation.result);
  if (n_boot > 0 && estimation.result.identified) {
    judicious::Bootstrap bootstrap(estimation, static_cast<std::size_t>(n_boot));
    bootstrap.draw(convert::Streams{convert::base_seed()},
                   convert::executor_with_progress(threads, tick));
    out["boot"] = convert::bootstrap_result(bootstrap.finish());
  }
  return out;
}

// [[Rcpp::export]]
Rcpp::NumericVector beta_interval_cpp(Rcpp::List mean, double conf_level) {
  return convert::interval(judicious::beta_interval(convert::bounded_mean(mean), conf_level));
}

// [[Rcpp::export]]
Rcpp::NumericVector wilson_interval_cpp(Rcpp::List mean, double conf_level) {
  return convert::interval(judicious::wilson_interval(convert::bounded_mean(mean), conf_level));
}

// [[Rcpp::export]]
Rcpp::NumericVector t_interval_cpp(double estimate, double std_error, double df, double skewness,
                                   double conf_level) {
  return convert::interval(judicious::t_interval(estimate, std_error, df, skewness, conf_level));
}

// [[Rcpp::export]]
Rcpp::NumericVector normal_interval_cpp(double estimate, double std_error, double conf_level) {
  return convert::interval(judicious::normal_interval(estimate, std_error, conf_level));
}

// Effective number of labels and of events among them.
// [[Rcpp::export]]
Rcpp::NumericVector effective_counts_cpp(Rcpp::List mean, double conf_level) {
  const auto counts = judicious::effective_counts(convert::bounded_mean(mean), conf_level);
  return Rcpp::NumericVector::create(counts.size, counts.events);
}

// Labels a variance is worth, against the same labels with variance v0.
// [[Rcpp::export]]
double effective_ratio_cpp(double n_base, double variance0, double variance, double conf_level) {
  return judicious::effective_ratio(n_base, variance0, variance, conf_level);
}

// Smallest and largest code, whether every code between occurs, whether one is
// missing: what decides if integer codes can be used as they are.
// [[Rcpp::export]]
Rcpp::List scan_codes_cpp(Rcpp::IntegerVector codes, double max_span) {
  return convert::code_scan(judicious::scan_codes(
      codes.begin(), static_cast<std::size_t>(codes.size()), static_cast<std::size_t>(max_span)));
}

// Percentile interval of bootstrap replicates; with an acceleration that is not
// missing, bias-corrected and accelerated.
// [[Rcpp::export]]
Rcpp::NumericVector bootstrap_interval_cpp(std::vector<double> replicates, double estimate,
                                           double acceleration, double conf_level) {
  return convert::interval(
      judicious::bootstrap_interval(std::move(replicates), estimate, acceleration, conf_level));
}

#include "convert_summary.h"

namespace {

using judicious::Inference;

double acceleration(const judicious::MeanEstimation& estimation, bool bca) {
  return bca ? estimation.result.fit.skewness / 6.0 : std::numeric_limits<double>::quiet_NaN();
}

Rcpp::List mean_answer(judicious::MeanEstimation& estimation, const Rcpp::List& options,
                       int threads, double n_boot, const Rcpp::Function& tick) {
  const auto reporting = convert::reporting(options);
  if (estimation.can_estimate()) estimation.estimate();
  const judicious::MeanResult& result = estimation.result;
  Rcpp::List out = convert::mean_result(result);
  out["audit"] =
      convert::audit_list(judicious::audit_labels(estimation.summary(), estimation.group()));
  if (!result.identified) return out;
  if (!judicious::labels_in_range(result.facts.labels, reporting.range)) return out;
  auto inference = judicious::infer(result, estimation.options(), reporting);
  out["without_judges"] = convert::inference_list(judicious::without_judges(inference));
  if (n_boot > 0) {
    judicious::Bootstrap bootstrap(estimation, static_cast<std::size_t>(n_boot));
    bootstrap.draw(convert::Streams{convert::base_seed()},
                   convert::executor_with_progress(threads, tick));
    auto boot = bootstrap.finish();
    out["boot_lambda"] = convert::lambda_matrix(boot.design);
    const bool bca = Rcpp::as<bool>(options["bca"]);
    inference = judicious::with_bootstrap(std::move(inference), std::move(boot),
                                          acceleration(estimation, bca));
  }
  out["inference"] = convert::inference_list(inference);
  return out;
}

// From 1.
Rcpp::NumericVector row_numbers(const std::vector<std::size_t>& rows) {
  Rcpp::NumericVector out(static_cast<R_xlen_t>(rows.size()));
  std::transform(rows.begin(), rows.end(), out.begin(),
                 [](std::size_t row) { return static_cast<double>(row) + 1.0; });
  return out;
}

}  // namespace

// With n_boot > 0 replicates are drawn; tick(n) is called as they are done. `inference` is
// missing where there is no estimate or a label lies outside the declared range.
// [[Rcpp::export]]
Rcpp::List estimate_mean_cpp(Rcpp::List design, Rcpp::List options, int threads, double n_boot,
                             Rcpp::Function tick) {
  const auto rows = convert::rows(design);
  judicious::MeanEstimation estimation(rows, convert::mean_options(options),
                                       static_cast<std::size_t>(threads),
                                       convert::executor(threads));
  Rcpp::List out = mean_answer(estimation, options, threads, n_boot, tick);
  out["first_labelled"] = row_numbers(estimation.summary().first_labelled);
  return out;
}

// The same of one group (from 1), response and choice of judges of a summary.
// [[Rcpp::export]]
Rcpp::List estimate_summary_cpp(Rcpp::NumericVector numbers, Rcpp::List options, int group,
                                int response, Rcpp::Nullable<Rcpp::IntegerVector> judges,
                                int threads, double n_boot, Rcpp::Function tick) {
  const auto summary = convert::summary(numbers);
  auto part = std::make_shared<judicious::LabelSummary>(
      judicious::select(*summary, static_cast<std::size_t>(group) - 1,
                        convert::selection(summary->layout, response, judges)));
  judicious::MeanEstimation estimation(std::move(part), convert::mean_options(options));
  return mean_answer(estimation, options, threads, n_boot, tick);
}

// The interval that fits the data where `wanted` may not.
// [[Rcpp::export]]
std::string resolve_interval_cpp(std::string wanted, Rcpp::List inference) {
  return convert::interval_name(
      judicious::resolve(convert::interval_type(wanted), convert::inference(inference)));
}

// The interval of the labels alone beside one of this type.
// [[Rcpp::export]]
std::string labels_only_interval_cpp(std::string interval, Rcpp::List inference) {
  return convert::interval_name(
      judicious::labels_only_type(convert::interval_type(interval), convert::inference(inference)));
}

// Estimate as reported, standard error, both bounds and the effective size.
// [[Rcpp::export]]
Rcpp::List infer_cpp(std::string interval, Rcpp::List inference, double conf_level) {
  const auto type = convert::interval_type(interval);
  const Inference x = convert::inference(inference);
  using Rcpp::_;
  Rcpp::NumericVector bounds = Rcpp::NumericVector::create(NA_REAL, NA_REAL);
  if (type != judicious::IntervalType::none) {
    bounds = convert::interval(judicious::bounds(type, x, conf_level));
  }
  return Rcpp::List::create(_["estimate"] = judicious::reported_estimate(type, x),
                            _["std_error"] = judicious::std_error(type, x), _["bounds"] = bounds,
                            _["n_effective"] = judicious::effective_size(x, conf_level));
}

// Statistic, parameter and p-values of a mean being mu.
// [[Rcpp::export]]
Rcpp::List test_mean_cpp(std::string interval, Rcpp::List inference, double mu, double conf_level) {
  return convert::mean_test(judicious::test_mean(convert::interval_type(interval),
                                                 convert::inference(inference), mu, conf_level));
}

// Both bounds at a one-sided level; effective sizes are those of `conf_level`.
// [[Rcpp::export]]
Rcpp::NumericVector one_sided_bounds_cpp(std::string interval, Rcpp::List inference, double level,
                                         double conf_level) {
  return convert::interval(judicious::one_sided_bounds(
      convert::interval_type(interval), convert::inference(inference), level, conf_level));
}

// Smallest and largest code, if `dense` whether every code between occurs, whether one is
// missing: what decides if integer codes can be used as they are.
// [[Rcpp::export]]
Rcpp::List scan_codes_cpp(Rcpp::IntegerVector codes, double max_span, bool dense) {
  return convert::code_scan(judicious::scan_codes(codes.begin(),
                                                  static_cast<std::size_t>(codes.size()),
                                                  static_cast<std::size_t>(max_span), dense));
}

// The first `most` rows, from 1, of a column's n that are not missing.
// [[Rcpp::export]]
Rcpp::NumericVector labelled_rows_cpp(Rcpp::List column, double n, double most) {
  return Rcpp::wrap(judicious::rows_with_value(convert::column(column), static_cast<std::size_t>(n),
                                               static_cast<std::size_t>(most)));
}

// Percentile interval of bootstrap replicates; with an acceleration that is not
// missing, bias-corrected and accelerated.
// [[Rcpp::export]]
Rcpp::NumericVector bootstrap_interval_cpp(std::vector<double> replicates, double estimate,
                                           double acceleration, double conf_level) {
  return convert::interval(
      judicious::bootstrap_interval(std::move(replicates), estimate, acceleration, conf_level));
}

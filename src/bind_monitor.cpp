#include <judicious/data/regroup.hpp>
#include <judicious/estimate/paired.hpp>

#include "convert_monitor.h"

// A mean watched over the groups of a summary, in the given order (from 1).
// [[Rcpp::export]]
Rcpp::List monitor_cpp(Rcpp::NumericVector numbers, Rcpp::IntegerVector order, Rcpp::List options) {
  const auto summary = convert::summary(numbers);
  const auto batches = convert::batches(*summary, convert::indices(order));
  return convert::monitor_list(batches,
                               judicious::monitor(batches, convert::monitor_options(options)));
}

// The summary of some of the groups (from 1).
// [[Rcpp::export]]
std::vector<double> keep_groups_cpp(Rcpp::NumericVector numbers, Rcpp::IntegerVector groups) {
  return judicious::pack(
      judicious::keep_groups(*convert::summary(numbers), convert::indices(groups)));
}

// The first alarm (0: none) of every monitor (rows) in the streams [first, first + n).
// [[Rcpp::export]]
Rcpp::IntegerMatrix first_alarms_cpp(Rcpp::List study, Rcpp::NumericVector seed, double first,
                                     double n, int threads) {
  const auto what = convert::monitor_study(study);
  const auto alarms = judicious::first_alarms<convert::Generator>(
      what, convert::seed(seed), static_cast<std::size_t>(first), static_cast<std::size_t>(n),
      convert::executor(threads));
  Rcpp::IntegerMatrix out(static_cast<int>(what.monitors.size()), static_cast<int>(n));
  std::copy(alarms.begin(), alarms.end(), out.begin());
  return out;
}

// Difference of two rates of the same items, its interval and McNemar's mid-p.
// [[Rcpp::export]]
Rcpp::NumericVector paired_change_cpp(double n, double first_only, double second_only,
                                      double conf_level) {
  using Rcpp::_;
  const judicious::DiscordantPairs counts{n, first_only, second_only};
  const auto interval = judicious::paired_interval(counts, conf_level);
  return Rcpp::NumericVector::create(_["estimate"] = judicious::paired_difference(counts),
                                     _["low"] = interval.low, _["high"] = interval.high,
                                     _["p"] = judicious::mcnemar_mid_p(counts));
}

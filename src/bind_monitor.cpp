#include <judicious/data/regroup.hpp>

#include "convert_monitor.h"

// A mean watched over the groups of a summary, in the given order (from 1).
// [[Rcpp::export]]
Rcpp::List monitor_cpp(Rcpp::NumericVector numbers, Rcpp::IntegerVector order,
                       Rcpp::List options) {
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

#include "convert_validate.h"

// [[Rcpp::export]]
Rcpp::NumericVector coverage_seed_cpp() { return convert::seed_words(convert::base_seed()); }

// The data set of one replicate, counted from 0.
// [[Rcpp::export]]
Rcpp::List simulated_rows_cpp(Rcpp::List plan, Rcpp::NumericVector seed, double replicate) {
  judicious::SimulatedRows rows;
  const auto stream =
      judicious::stream_seed(convert::seed(seed), static_cast<std::uint64_t>(replicate));
  judicious::simulate_rows<convert::Generator>(convert::row_model(plan), convert::label_plan(plan),
                                               stream, rows);
  return convert::data_set(rows);
}

// Tallies of the replicates [first, first + n), one per method and interval.
// [[Rcpp::export]]
Rcpp::List count_coverage_cpp(Rcpp::List study, Rcpp::NumericVector seed, double first, double n,
                              int threads) {
  const auto tallies = judicious::count_coverage<convert::Generator>(
      convert::coverage_study(study), convert::seed(seed), static_cast<std::size_t>(first),
      static_cast<std::size_t>(n), convert::executor(threads));
  Rcpp::List out;
  for (const auto& tally : tallies) out.push_back(convert::tally_list(tally));
  return out;
}

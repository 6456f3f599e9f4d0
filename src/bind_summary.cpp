#include "convert_queried.h"

// The summary of a parsed design: as numbers, with what it tells of itself.
// [[Rcpp::export]]
Rcpp::List summarise_labels_cpp(Rcpp::List design, int threads) {
  const auto rows = convert::rows(design);
  const auto summary =
      judicious::summarise(rows, static_cast<std::size_t>(threads), convert::executor(threads));
  return convert::summary_list(summary);
}

// The same of labelled rows that were fetched and the sums a database sent of the others.
// [[Rcpp::export]]
Rcpp::List summarise_queried_cpp(Rcpp::List design, double n_labelled, Rcpp::List queried) {
  auto rows = convert::rows(design);
  if (!Rf_isNull(design["count"])) rows.count = convert::column(design["count"]);
  auto summary = judicious::summarise_queried(rows, static_cast<std::size_t>(n_labelled),
                                              convert::queried(queried, rows.prob.has_value()),
                                              convert::executor(1));
  convert::add_pairs(queried["pairs"], summary);
  return convert::summary_list(summary);
}

// [[Rcpp::export]]
Rcpp::List summary_facts_cpp(Rcpp::NumericVector numbers) {
  return convert::summary_facts(*convert::summary(numbers));
}

// Read and written again: the same numbers.
// [[Rcpp::export]]
std::vector<double> pack_again_cpp(Rcpp::NumericVector numbers) {
  return judicious::pack(*convert::summary(numbers));
}

// The summary of both parts. `strata` and `groups` say which of the n the part's are, from 1.
// [[Rcpp::export]]
std::vector<double> merge_summaries_cpp(Rcpp::NumericVector a, Rcpp::IntegerVector strata_a,
                                        Rcpp::IntegerVector groups_a, Rcpp::NumericVector b,
                                        Rcpp::IntegerVector strata_b, Rcpp::IntegerVector groups_b,
                                        double n_strata, double n_groups) {
  const auto spread = [&](const Rcpp::NumericVector& numbers, const Rcpp::IntegerVector& strata,
                          const Rcpp::IntegerVector& groups) {
    return judicious::spread(*convert::summary(numbers), convert::indices(strata),
                             static_cast<std::size_t>(n_strata), convert::indices(groups),
                             static_cast<std::size_t>(n_groups));
  };
  auto out = spread(a, strata_a, groups_a);
  judicious::merge(spread(b, strata_b, groups_b), out);
  return judicious::pack(std::move(out));
}

// Several quantities from one summary. `own`: response k may use judge k alone. Rows of
// `contrasts` are linear combinations, which get judge weights of their own.
// [[Rcpp::export]]
Rcpp::List joint_fit_cpp(Rcpp::NumericVector numbers, Rcpp::List options, bool own,
                         Rcpp::NumericMatrix contrasts, Rcpp::NumericVector base) {
  using Rcpp::_;
  const auto summary = convert::summary(numbers);
  const judicious::JointFit fit(summary, judicious::all_targets(*summary, own),
                                convert::mean_options(options));
  Rcpp::List own_weights, best_weights;
  for (int i = 0; i < contrasts.nrow(); ++i) {
    const judicious::Vector a = Rcpp::as<judicious::Vector>(Rcpp::NumericVector(contrasts(i, _)));
    const auto variance = [&](const judicious::Matrix& v) { return a.dot(v * a); };
    own_weights.push_back(Rcpp::List::create(
        _["estimate"] = base[i] + fit.value(a), _["variance"] = variance(fit.vcov()),
        _["hc2"] = variance(fit.hc2()), _["hc3"] = variance(fit.hc3()), _["df"] = fit.df(a)));
    best_weights.push_back(convert::contrast_list(fit.contrast(a, base[i])));
  }
  Rcpp::List out = convert::joint_list(fit);
  out["own"] = own_weights;
  out["contrast"] = best_weights;
  return out;
}

// Share of labelled units that each pair of quantities has in common.
// [[Rcpp::export]]
Rcpp::NumericMatrix label_overlap_cpp(Rcpp::NumericVector numbers, Rcpp::List options) {
  const auto summary = convert::summary(numbers);
  const judicious::JointFit fit(summary, judicious::all_targets(*summary, false),
                                convert::mean_options(options));
  Rcpp::NumericMatrix out(fit.size(), fit.size());
  for (int p = 0; p < fit.size(); ++p) {
    for (int q = 0; q < fit.size(); ++q) {
      out(p, q) = fit.label_overlap(static_cast<std::size_t>(p), static_cast<std::size_t>(q));
    }
  }
  return out;
}

// Do the labelled rows of a group (from 1) look like a random sample?
// [[Rcpp::export]]
Rcpp::List audit_labels_cpp(Rcpp::NumericVector numbers, int group) {
  return convert::audit_list(
      judicious::audit_labels(*convert::summary(numbers), static_cast<std::size_t>(group) - 1));
}

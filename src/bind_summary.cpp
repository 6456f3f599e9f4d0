#include <judicious/data/kept_units.hpp>

#include "convert_queried.h"

// The summary of a parsed design: as numbers, with what it tells of itself.
// [[Rcpp::export]]
Rcpp::List summarise_labels_cpp(Rcpp::List design, int threads) {
  const auto rows = convert::rows(design);
  const auto summary =
      judicious::summarise(rows, static_cast<std::size_t>(threads), convert::executor(threads));
  return convert::summary_list(summary);
}

// The same, keeping all clusters: `units` are their codes, from 1, in the order of their numbers.
// [[Rcpp::export]]
Rcpp::List summarise_keeping_cpp(Rcpp::List design, int threads) {
  const auto rows = convert::rows(design);
  std::vector<std::int64_t> codes;
  const auto summary = judicious::summarise_keeping(rows, static_cast<std::size_t>(threads),
                                                    convert::executor(threads), codes);
  Rcpp::List out = convert::summary_list(summary);
  std::vector<double> from_one;
  for (const std::int64_t code : codes) from_one.push_back(static_cast<double>(code) + 1.0);
  out["units"] = from_one;
  std::vector<double> stratum(codes.size());
  for (std::size_t i = 0; i < summary.kept.size(); ++i) {
    stratum[static_cast<std::size_t>(summary.kept.unit[i])] =
        static_cast<double>(summary.kept.stratum[i]) + 1.0;
  }
  out["unit_strata"] = stratum;
  return out;
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

namespace {

// A part's summary among the strata and groups of all, which `place` gives from 1.
judicious::LabelSummary spread(const Rcpp::List& part, const Rcpp::List& place) {
  return judicious::spread(*convert::summary(part["numbers"]), convert::indices(place["strata"]),
                           static_cast<std::size_t>(Rcpp::as<double>(place["n_strata"])),
                           convert::indices(place["groups"]),
                           static_cast<std::size_t>(Rcpp::as<double>(place["n_groups"])));
}

std::vector<std::int64_t> numbers_from_one(const Rcpp::IntegerVector& from_one) {
  std::vector<std::int64_t> out;
  for (const int i : from_one) out.push_back(i - 1);
  return out;
}

}  // namespace

// The summary of two parts. Where they keep their units, places have `units` as well: which of all
// clusters the part's are, from 1.
// [[Rcpp::export]]
std::vector<double> merge_summaries_cpp(Rcpp::List a, Rcpp::List place_a, Rcpp::List b,
                                        Rcpp::List place_b) {
  auto out = spread(a, place_a);
  const auto part = spread(b, place_b);
  if (out.keeps_units) {
    judicious::merge_kept(part, numbers_from_one(place_b["units"]),
                          numbers_from_one(place_a["units"]), out);
  } else {
    judicious::merge(part, out);
  }
  return judicious::pack(out);
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

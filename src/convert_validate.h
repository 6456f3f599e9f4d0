// Translates simulators and estimators to a coverage study, and its tallies back.
#pragma once

#include <judicious/simulate/coverage.hpp>
#include <string>

#include "convert_estimate.h"

namespace convert {

using Numbers = std::vector<double>;

inline double number(const Rcpp::List& x, const char* name) { return Rcpp::as<double>(x[name]); }
inline Numbers numbers(const Rcpp::List& x, const char* name) { return Rcpp::as<Numbers>(x[name]); }
inline std::size_t count(const Rcpp::List& x, const char* name) {
  return static_cast<std::size_t>(number(x, name));
}

inline judicious::BinaryModel binary_model(const Rcpp::List& x) {
  return judicious::binary_model(number(x, "true_mean"), numbers(x, "proxy_mean"),
                                 numbers(x, "correlation"));
}

inline judicious::BinaryStrataRows strata_rows(const Rcpp::List& x) {
  judicious::BinaryStrataRows out{{}, Rcpp::as<std::vector<std::size_t>>(x["n"])};
  const auto true_mean = numbers(x, "true_mean");
  const auto proxy_mean = numbers(x, "proxy_mean");
  const auto correlation = numbers(x, "correlation");
  for (std::size_t h = 0; h < out.n.size(); ++h) {
    out.models.push_back(judicious::binary_model(true_mean[h], {proxy_mean[h]}, {correlation[h]}));
  }
  return out;
}

inline judicious::GaussianRows gaussian_rows(const Rcpp::List& x) {
  judicious::GaussianRows out{{number(x, "true_mean"), number(x, "true_sd"), {}}, count(x, "n")};
  const auto mean = numbers(x, "proxy_mean");
  const auto sd = numbers(x, "proxy_sd");
  const auto correlation = numbers(x, "correlation");
  for (std::size_t k = 0; k < mean.size(); ++k) {
    out.model.judges.push_back({mean[k], sd[k], correlation[k]});
  }
  return out;
}

inline judicious::RowModel row_model(const Rcpp::List& x) {
  const auto kind = Rcpp::as<std::string>(x["kind"]);
  if (kind == "binary") return judicious::BinaryRows{binary_model(x), count(x, "n")};
  if (kind == "binary_strata") return strata_rows(x);
  if (kind == "binary_clusters") {
    return judicious::BinaryClusterRows{binary_model(x), count(x, "n"), count(x, "n_clusters"),
                                        number(x, "diversity")};
  }
  if (kind == "binary_active") {
    return judicious::BinaryActiveRows{number(x, "true_mean"), number(x, "proxy_mean"),
                                       number(x, "correlation"), count(x, "n")};
  }
  return gaussian_rows(x);
}

inline judicious::LabelPlan label_plan(const Rcpp::List& x) {
  using judicious::LabelDraw;
  static const std::map<std::string, LabelDraw> draws{{"rows", LabelDraw::rows},
                                                      {"clusters", LabelDraw::clusters},
                                                      {"independent", LabelDraw::independent},
                                                      {"poisson", LabelDraw::poisson},
                                                      {"pivotal", LabelDraw::pivotal}};
  const SEXP mix = x["mix"];
  return {draws.at(Rcpp::as<std::string>(x["sampling"])),
          Rcpp::as<std::vector<std::size_t>>(x["n_labelled"]), number(x, "oversample"),
          Rf_isNull(mix) ? std::nullopt : std::optional<double>(Rcpp::as<double>(mix))};
}

inline judicious::CoverageMethod coverage_method(const Rcpp::List& x) {
  judicious::CoverageMethod out;
  out.options = mean_options(x["options"]);
  for (const double judge : numbers(x, "judges")) {
    out.judges.push_back(static_cast<std::size_t>(judge) - 1);
  }
  out.strata = Rcpp::as<bool>(x["strata"]);
  out.clusters = Rcpp::as<bool>(x["clusters"]);
  out.prob = Rcpp::as<bool>(x["prob"]);
  out.reporting = reporting(x);
  out.conf_level = number(x, "conf_level");
  out.n_boot = count(x, "n_boot");
  out.bca = Rcpp::as<bool>(x["bca"]);
  for (const auto& name : Rcpp::as<std::vector<std::string>>(x["intervals"])) {
    out.intervals.push_back(interval_type(name));
  }
  return out;
}

inline judicious::CoverageStudy coverage_study(const Rcpp::List& x) {
  judicious::CoverageStudy out;
  out.model = row_model(x["plan"]);
  out.labels = label_plan(x["plan"]);
  for (const Rcpp::List method : Rcpp::List(x["methods"])) {
    out.methods.push_back(coverage_method(method));
  }
  out.conf_levels = numbers(x, "conf_level");
  out.truth = number(x, "truth");
  out.fallback_misses = Rcpp::as<bool>(x["fallback_misses"]);
  return out;
}

// A 64-bit seed as two 32-bit words, which doubles hold exactly.
inline Rcpp::NumericVector seed_words(std::uint64_t seed) {
  return Rcpp::NumericVector::create(static_cast<double>(seed >> 32),
                                     static_cast<double>(seed & 0xFFFFFFFFULL));
}
inline std::uint64_t seed(const Rcpp::NumericVector& words) {
  return (static_cast<std::uint64_t>(words[0]) << 32) | static_cast<std::uint64_t>(words[1]);
}

inline Rcpp::List tally_list(const judicious::CoverageTally& tally) {
  using Rcpp::_;
  Rcpp::NumericMatrix levels(static_cast<int>(tally.levels.size()), 4);
  for (int l = 0; l < levels.nrow(); ++l) {
    const auto& level = tally.levels[static_cast<std::size_t>(l)];
    levels(l, 0) = level.hits;
    levels(l, 1) = level.above;
    levels(l, 2) = level.below;
    levels(l, 3) = level.width;
  }
  return Rcpp::List::create(_["counts"] = Rcpp::NumericVector::create(
                                _["failed"] = tally.n_failed, _["fallback"] = tally.n_fallback,
                                _["error"] = tally.error, _["squared_error"] = tally.squared_error,
                                _["size"] = tally.size, _["n_size"] = tally.n_size),
                            _["levels"] = levels, _["failures"] = Rcpp::wrap(tally.failures));
}

inline Rcpp::List data_set(const judicious::SimulatedRows& rows) {
  using Rcpp::_;
  Rcpp::List proxies;
  for (const auto& column : rows.y_proxy) proxies.push_back(Rcpp::wrap(column));
  return Rcpp::List::create(_["y_true"] = rows.y_true, _["y_proxy"] = proxies,
                            _["human"] = rows.human, _["prob"] = rows.prob,
                            _["uncertainty"] = rows.uncertainty, _["stratum"] = rows.stratum,
                            _["cluster"] = rows.cluster);
}

}  // namespace convert

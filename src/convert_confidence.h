// Translates confidences, calibration maps and votes between R and the core.
#pragma once

#include <judicious/confidence/acceptance.hpp>
#include <judicious/confidence/calibration_maps.hpp>
#include <judicious/confidence/confidence_quality.hpp>
#include <judicious/confidence/dawid_skene.hpp>
#include <judicious/confidence/isotonic.hpp>
#include <judicious/confidence/stacked_votes.hpp>
#include <string>

#include "convert.h"

namespace convert {

inline std::vector<judicious::ScoreBlock> score_blocks(const Rcpp::NumericVector& score,
                                                       const Rcpp::IntegerVector& correct) {
  return judicious::score_blocks(
      {score.begin(), correct.begin(), static_cast<std::size_t>(score.size())});
}

inline double number(const std::optional<double>& x) { return x.value_or(NA_REAL); }

// One value per element, by a function of the element.
template <class Elements, class Get>
Rcpp::NumericVector each(const Elements& elements, Get&& get) {
  Rcpp::NumericVector out(Rcpp::no_init(static_cast<R_xlen_t>(elements.size())));
  for (std::size_t i = 0; i < elements.size(); ++i) {
    out[static_cast<R_xlen_t>(i)] = get(elements[i]);
  }
  return out;
}

inline Rcpp::List kept_list(const std::vector<judicious::KeptLabels>& kept) {
  using Rcpp::_;
  using Kept = judicious::KeptLabels;
  return Rcpp::List::create(_["threshold"] = each(kept, [](const Kept& k) { return k.threshold; }),
                            _["n"] = each(kept, [](const Kept& k) { return k.n; }),
                            _["n_correct"] = each(kept, [](const Kept& k) { return k.n_correct; }));
}

inline Rcpp::List quality_list(const judicious::ConfidenceQuality& x) {
  using Rcpp::_;
  const auto field = [](const auto& part, auto member) { return part ? (*part).*member : NA_REAL; };
  using Error = judicious::CalibrationError;
  using Scores = judicious::ProperScores;
  return Rcpp::List::create(
      _["n"] = x.total.n, _["n_correct"] = x.total.n_correct,
      _["mean_confidence"] = number(x.mean_confidence), _["auroc"] = number(x.ranking.value),
      _["auroc_std_error"] = number(x.ranking.std_error), _["aurc"] = number(x.risk_coverage),
      _["brier"] = field(x.scores, &Scores::brier),
      _["log_loss"] = field(x.scores, &Scores::log_loss),
      _["ece"] = field(x.equal_width, &Error::expected),
      _["mce"] = field(x.equal_width, &Error::maximum),
      _["ece_mass"] = field(x.equal_mass, &Error::expected),
      _["mce_mass"] = field(x.equal_mass, &Error::maximum));
}

inline Rcpp::List bin_list(const std::vector<judicious::ReliabilityBin>& bins) {
  using Bin = judicious::ReliabilityBin;
  using Rcpp::_;
  return Rcpp::List::create(
      _["bin"] = each(bins, [](const Bin& b) { return b.bin + 1; }),
      _["low"] = each(bins, [](const Bin& b) { return b.low; }),
      _["high"] = each(bins, [](const Bin& b) { return b.high; }),
      _["n"] = each(bins, [](const Bin& b) { return b.n; }),
      _["n_correct"] = each(bins, [](const Bin& b) { return b.n_correct; }),
      _["mean_confidence"] = each(bins, [](const Bin& b) { return b.mean_confidence(); }));
}

inline judicious::MapFamily map_family(const std::string& name) {
  if (name == "platt") return judicious::MapFamily::platt;
  return name == "beta" ? judicious::MapFamily::beta : judicious::MapFamily::temperature;
}

inline Rcpp::List map_list(const judicious::CalibrationMap& map) {
  using Rcpp::_;
  return Rcpp::List::create(_["coef"] = map.coef,
                            _["limits"] = Rcpp::NumericVector::create(map.lowest, map.highest));
}

// list(labels = integer matrix of codes from 0, judge = of each column, from 0,
// n_judges, n_classes), read in place.
inline judicious::VotePatterns votes(const Rcpp::List& x) {
  const Rcpp::IntegerMatrix labels = x["labels"];
  judicious::VotePatterns out;
  out.labels = labels.begin();
  out.n_patterns = static_cast<std::size_t>(labels.nrow());
  out.judge = Rcpp::as<std::vector<int>>(x["judge"]);
  out.n_judges = Rcpp::as<int>(x["n_judges"]);
  out.n_classes = Rcpp::as<int>(x["n_classes"]);
  return out;
}

// judges x (true class, label), labels of one true class side by side.
inline judicious::Matrix confusion_matrix(const judicious::ConfusionTable& table, int n_judges,
                                          int n_classes) {
  judicious::Matrix out(n_judges, n_classes * n_classes);
  for (int j = 0; j < n_judges; ++j) {
    for (int k = 0; k < n_classes; ++k) {
      for (int l = 0; l < n_classes; ++l) out(j, k * n_classes + l) = table(j, k, l);
    }
  }
  return out;
}

inline Rcpp::List dawid_skene_list(const judicious::DawidSkene& fit,
                                   const judicious::VotePatterns& votes) {
  using Rcpp::_;
  return Rcpp::List::create(
      _["prior"] = fit.prior,
      _["confusion"] = confusion_matrix(fit.confusion, votes.n_judges, votes.n_classes),
      _["posterior"] = fit.posterior, _["log_likelihood"] = fit.log_likelihood,
      _["iterations"] = fit.iterations, _["converged"] = fit.converged);
}

}  // namespace convert

// Summaries of labels, and joint fits of several quantities, between R and the core.
#pragma once

#include <judicious/data/merge.hpp>
#include <judicious/data/pack.hpp>
#include <judicious/estimate/audit.hpp>
#include <judicious/estimate/joint.hpp>
#include <memory>

#include "convert_estimate.h"

namespace convert {

inline std::shared_ptr<const judicious::LabelSummary> summary(const Rcpp::NumericVector& numbers) {
  return std::make_shared<judicious::LabelSummary>(
      judicious::unpack(numbers.begin(), static_cast<std::size_t>(numbers.size())));
}

inline std::vector<std::size_t> indices(const Rcpp::IntegerVector& from_one) {
  std::vector<std::size_t> out;
  for (const int i : from_one) out.push_back(static_cast<std::size_t>(i) - 1);
  return out;
}

// Which response (from 1) and judges (from 1; NULL: all) of a summary are asked for.
inline judicious::Selection selection(const judicious::Layout& layout, int response,
                                      const Rcpp::Nullable<Rcpp::IntegerVector>& judges) {
  judicious::Selection out = judicious::whole_selection(layout, response - 1);
  if (judges.isNull()) return out;
  out.judges.clear();
  for (const int k : Rcpp::IntegerVector(judges)) out.judges.push_back(k - 1);
  return out;
}

// Counts by cell, strata varying fastest: a matrix, strata x groups.
template <class Get>
Rcpp::NumericMatrix by_cell(const judicious::LabelSummary& s, Get&& get) {
  Rcpp::NumericMatrix out(static_cast<int>(s.n_strata), static_cast<int>(s.n_groups));
  for (std::size_t h = 0; h < s.n_strata; ++h) {
    for (std::size_t g = 0; g < s.n_groups; ++g) {
      out(static_cast<int>(h), static_cast<int>(g)) = get(s.cells[s.at(h, g)]);
    }
  }
  return out;
}

inline Rcpp::List summary_facts(const judicious::LabelSummary& s) {
  using judicious::Cell;
  using Rcpp::_;
  std::vector<judicious::StratumMoments> moments;
  for (const Cell& cell : s.cells) moments.push_back(cell.rows);
  judicious::DesignFacts facts = judicious::collect_facts(moments);
  facts.nested = s.nested;
  bool complete = true;
  for (const Cell& cell : s.cells) complete = complete && cell.units.complete;
  return Rcpp::List::create(
      _["facts"] = facts_list(facts), _["complete"] = complete,
      _["n_rows"] = by_cell(s, [](const Cell& c) { return c.rows.n_rows; }),
      _["n_true"] = by_cell(s, [](const Cell& c) { return c.rows.n_true; }),
      _["n_units"] = by_cell(s, [](const Cell& c) { return c.rows.n_units(); }),
      _["n_labelled_units"] = by_cell(s, [](const Cell& c) { return c.rows.labelled.n; }));
}

// z and means: strata x judges (with known prob, z has the number of labels first).
inline Rcpp::List audit_list(const judicious::Audit& audit) {
  using Rcpp::_;
  const auto matrix = [&](judicious::Vector judicious::StratumAudit::*field) {
    const auto n = static_cast<int>(audit.strata.size());
    judicious::Matrix out(n, n > 0 ? (audit.strata[0].*field).size() : 0);
    for (int h = 0; h < n; ++h) out.row(h) = audit.strata[static_cast<std::size_t>(h)].*field;
    return out;
  };
  const auto numbers = [&](double judicious::StratumAudit::*field) {
    return per_stratum(audit.strata,
                       [field](const judicious::StratumAudit& s) { return s.*field; });
  };
  return Rcpp::List::create(_["z"] = matrix(&judicious::StratumAudit::z),
                            _["labelled_mean"] = matrix(&judicious::StratumAudit::labelled_mean),
                            _["mean"] = matrix(&judicious::StratumAudit::mean),
                            _["chi_square"] = numbers(&judicious::StratumAudit::chi_square),
                            _["df"] = numbers(&judicious::StratumAudit::df),
                            _["total"] = audit.chi_square, _["total_df"] = audit.df,
                            _["expected_labels"] = audit.expected_labels);
}

// Codes of the labelled clusters that are kept, from 1.
inline Rcpp::NumericVector labelled_clusters(const judicious::LabelSummary& s) {
  std::vector<double> out;
  for (const auto& cell : s.cells) {
    for (std::size_t i = 0; i < cell.units.ids.size(); ++i) {
      if (cell.units.is_labelled(i)) out.push_back(static_cast<double>(cell.units.ids[i]) + 1.0);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return Rcpp::wrap(out);
}

// What R keeps of a summary.
inline Rcpp::List summary_list(const judicious::LabelSummary& s) {
  Rcpp::List out = summary_facts(s);
  out["labelled_clusters"] = labelled_clusters(s);
  Rcpp::NumericVector numbers(Rcpp::no_init(static_cast<R_xlen_t>(judicious::pack_size(s))));
  judicious::pack(s, numbers.begin());
  out["numbers"] = numbers;
  return out;
}

// One value per target of a joint fit.
template <class Get>
Rcpp::NumericVector by_target(const judicious::JointFit& fit, Get&& get) {
  Rcpp::NumericVector out(fit.size());
  for (int p = 0; p < fit.size(); ++p) out[p] = get(fit.fits()[static_cast<std::size_t>(p)]);
  return out;
}

inline Rcpp::List joint_list(const judicious::JointFit& fit) {
  using judicious::TargetFit;
  using Rcpp::_;
  Rcpp::List lambda;
  Rcpp::NumericVector df(fit.size()), alone(fit.size());
  for (int p = 0; p < fit.size(); ++p) {
    const auto at = static_cast<std::size_t>(p);
    lambda.push_back(Rcpp::wrap(fit.fits()[at].lambda));
    df[p] = fit.df(judicious::Vector::Unit(fit.size(), p));
    alone[p] = fit.variance_labels_only(at);
  }
  return Rcpp::List::create(
      _["group"] = by_target(fit, [](const TargetFit& t) { return 1.0 + t.target.group; }),
      _["response"] =
          by_target(fit, [](const TargetFit& t) { return 1.0 + t.target.what.response; }),
      _["estimate"] = by_target(fit, [](const TargetFit& t) { return t.estimate; }),
      _["labels_only"] = by_target(fit, [](const TargetFit& t) { return t.labels_only; }),
      _["p0"] = by_target(fit, [](const TargetFit& t) { return t.p0; }),
      _["base_rows"] = by_target(fit, [](const TargetFit& t) { return t.base_rows; }),
      _["base_units"] = by_target(fit, [](const TargetFit& t) { return t.base_units; }),
      _["n_rows"] = by_target(fit, [](const TargetFit& t) { return t.n_rows; }),
      _["n_true"] = by_target(fit, [](const TargetFit& t) { return t.n_true; }),
      _["vcov"] = fit.vcov(), _["hc2"] = fit.hc2(), _["hc3"] = fit.hc3(), _["df"] = df,
      _["variance_labels_only"] = alone, _["lambda"] = lambda);
}

inline Rcpp::List contrast_list(const judicious::ContrastFit& fit) {
  using Rcpp::_;
  return Rcpp::List::create(_["estimate"] = fit.estimate, _["labels_only"] = fit.labels_only,
                            _["p0"] = fit.p0, _["variance"] = fit.variance.plain,
                            _["hc2"] = fit.variance.hc2, _["hc3"] = fit.variance.hc3,
                            _["variance_labels_only"] = fit.variance_labels_only, _["df"] = fit.df,
                            _["lambda"] = fit.lambda);
}

}  // namespace convert

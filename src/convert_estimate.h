// Translates a parsed design and its options to the core, and the answer back.
#pragma once

#include <judicious/data/codes.hpp>
#include <judicious/estimate/bootstrap.hpp>
#include <judicious/estimate/mean_test.hpp>
#include <map>
#include <string>

#include "convert.h"

namespace convert {

// list(values, skip, shift, indicator): a column of a vector or matrix, read in place.
inline judicious::Column column(const Rcpp::List& x) {
  const SEXP values = x["values"];
  const auto skip = static_cast<R_xlen_t>(Rcpp::as<double>(x["skip"]));
  judicious::Column out;
  out.offset = Rcpp::as<int>(x["shift"]);
  if (x.containsElementNamed("indicator")) out.indicator = Rcpp::as<int>(x["indicator"]);
  if (TYPEOF(values) == REALSXP) {
    out.real = REAL(values) + skip;
  } else {
    out.integer = (TYPEOF(values) == LGLSXP ? LOGICAL(values) : INTEGER(values)) + skip;
  }
  return out;
}

// list(codes, first, n): group membership, read in place.
inline judicious::Groups groups(const Rcpp::List& x) {
  const SEXP codes = x["codes"];
  judicious::Groups out;
  out.first = Rcpp::as<int>(x["first"]);
  out.n_groups = static_cast<std::size_t>(Rcpp::as<double>(x["n"]));
  if (TYPEOF(codes) == RAWSXP) {
    out.bytes = RAW(codes);
  } else {
    out.codes = INTEGER(codes);
  }
  return out;
}

inline judicious::Rows rows(const Rcpp::List& design) {
  judicious::Rows out;
  out.n = static_cast<std::size_t>(Rcpp::as<double>(design["n"]));
  out.y = column(design["y"]);
  for (const Rcpp::List proxy : Rcpp::List(design["proxies"])) out.proxies.push_back(column(proxy));
  if (!Rf_isNull(design["prob"])) out.prob = column(design["prob"]);
  if (!Rf_isNull(design["strata"])) out.strata = groups(design["strata"]);
  if (!Rf_isNull(design["clusters"])) out.clusters = groups(design["clusters"]);
  if (design.containsElementNamed("by") && !Rf_isNull(design["by"])) {
    out.groups = groups(design["by"]);
  }
  if (design.containsElementNamed("more_y")) {
    for (const Rcpp::List y : Rcpp::List(design["more_y"])) out.more_y.push_back(column(y));
  }
  return out;
}

inline judicious::Pooling pooling(const std::string& name) {
  if (name == "automatic") return judicious::Pooling::automatic;
  return name == "pooled" ? judicious::Pooling::pooled : judicious::Pooling::own;
}

inline judicious::MeanOptions mean_options(const Rcpp::List& x) {
  judicious::MeanOptions out;
  out.influence.estimand = Rcpp::as<std::string>(x["estimand"]) == "rows"
                               ? judicious::Estimand::rows
                               : judicious::Estimand::clusters;
  out.influence.center = Rcpp::as<bool>(x["center"]);
  out.influence.clustered = Rcpp::as<bool>(x["clustered"]);
  const auto rule = Rcpp::as<std::string>(x["rule"]);
  out.tuning.rule = rule == "optimal" ? judicious::TuningRule::optimal
                    : rule == "ppi++" ? judicious::TuningRule::ppi
                                      : judicious::TuningRule::fixed;
  out.tuning.pooling = pooling(Rcpp::as<std::string>(x["pooling"]));
  out.tuning.shrink = Rcpp::as<bool>(x["shrink"]);
  out.tuning.guard = Rcpp::as<bool>(x["guard"]);
  out.tuning.fixed = Rcpp::as<judicious::Vector>(x["fixed"]);
  out.finite_population = Rcpp::as<bool>(x["finite"]);
  out.lonely_pool = Rcpp::as<bool>(x["lonely_pool"]);
  out.skew = Rcpp::as<bool>(x["third_moments"]);
  out.verdict = Rcpp::as<bool>(x["verdict"]);
  out.weights = Rcpp::as<std::vector<double>>(x["weights"]);
  return out;
}

inline Rcpp::List fit_list(const judicious::MeanFit& fit) {
  using Rcpp::_;
  return Rcpp::List::create(_["estimate"] = fit.estimate, _["variance"] = fit.variance,
                            _["hc2"] = fit.hc2, _["hc3"] = fit.hc3, _["df"] = fit.df,
                            _["skewness"] = fit.skewness);
}

inline Rcpp::List facts_list(const judicious::DesignFacts& facts) {
  using Rcpp::_;
  return Rcpp::List::create(
      _["finite"] = facts.finite, _["prob_valid"] = facts.prob_valid, _["nested"] = facts.nested,
      _["mixed"] = facts.mixed, _["whole_clusters"] = facts.whole_clusters,
      _["n_dropped"] = facts.n_dropped, _["lowest_label"] = facts.labels.lowest,
      _["highest_label"] = facts.labels.highest, _["binary"] = facts.labels.binary,
      _["known_prob"] = facts.prob.highest > 0.0, _["lowest_prob"] = facts.prob.lowest,
      _["highest_weight_share"] = facts.highest_weight_share);
}

// One value per stratum, by a function of the stratum.
template <class Strata, class Get>
Rcpp::NumericVector per_stratum(const Strata& strata, Get&& get) {
  Rcpp::NumericVector out(static_cast<R_xlen_t>(strata.size()));
  for (std::size_t h = 0; h < strata.size(); ++h) {
    out[static_cast<R_xlen_t>(h)] = get(strata[h]);
  }
  return out;
}

inline Rcpp::List strata_list(const judicious::MeanResult& result) {
  using Rcpp::_;
  using Moments = judicious::StratumMoments;
  using Tuned = judicious::TunedStratum;
  const auto& m = result.moments;
  const auto& tuned = result.design.strata;
  return Rcpp::List::create(
      _["n_rows"] = per_stratum(m, [](const Moments& s) { return s.n_rows; }),
      _["n_true"] = per_stratum(m, [](const Moments& s) { return s.n_true; }),
      _["n_units"] = per_stratum(m, [](const Moments& s) { return s.n_units(); }),
      _["n_labelled_units"] = per_stratum(m, [](const Moments& s) { return s.labelled.n; }),
      _["weight"] = per_stratum(tuned, [](const Tuned& s) { return s.weight; }),
      _["estimate"] = per_stratum(tuned, [](const Tuned& s) { return s.theta; }),
      _["std_error"] = per_stratum(result.stratum_variance, [](double v) { return std::sqrt(v); }),
      _["labels_only"] = per_stratum(tuned, [](const Tuned& s) { return s.influence.zeta; }),
      _["too_few_labels"] =
          per_stratum(tuned, [](const Tuned& s) { return s.too_few_labels ? 1.0 : 0.0; }));
}

inline judicious::Matrix lambda_matrix(const judicious::TunedDesign& design) {
  const auto n_strata = static_cast<int>(design.strata.size());
  judicious::Matrix out(n_strata, n_strata > 0 ? design.strata.front().lambda.size() : 0);
  for (int h = 0; h < n_strata; ++h) {
    out.row(h) = design.strata[static_cast<std::size_t>(h)].lambda;
  }
  return out;
}

inline Rcpp::List mean_result(const judicious::MeanResult& result) {
  using Rcpp::_;
  return Rcpp::List::create(_["facts"] = facts_list(result.facts),
                            _["identified"] = result.identified, _["strata"] = strata_list(result),
                            _["lambda"] = lambda_matrix(result.design),
                            _["pooled"] = result.design.pooled, _["fit"] = fit_list(result.fit),
                            _["labels_only"] = fit_list(result.labels_only), _["p0"] = result.p0,
                            _["base_rows"] = result.base_rows, _["base_units"] = result.base_units,
                            _["proxy_spread"] = result.proxy_spread);
}

// --- inference -----------------------------------------------------------------

inline std::optional<judicious::Interval> metric_range(const SEXP x) {
  if (Rf_isNull(x) || Rf_length(x) == 0) return std::nullopt;
  const auto ends = Rcpp::as<std::vector<double>>(x);
  return judicious::Interval{ends[0], ends[1]};
}

inline judicious::Reporting reporting(const Rcpp::List& x) {
  return {Rcpp::as<bool>(x["published"]), Rcpp::as<bool>(x["skew"]), metric_range(x["range"])};
}

inline const std::map<std::string, judicious::IntervalType>& interval_types() {
  using judicious::IntervalType;
  static const std::map<std::string, IntervalType> types{
      {"auto", IntervalType::automatic}, {"beta", IntervalType::beta},
      {"wilson", IntervalType::wilson},  {"t", IntervalType::t},
      {"normal", IntervalType::normal},  {"bootstrap", IntervalType::bootstrap},
      {"mover", IntervalType::mover},    {"fieller", IntervalType::fieller},
      {"exact", IntervalType::exact},    {"none", IntervalType::none}};
  return types;
}

inline judicious::IntervalType interval_type(const std::string& name) {
  return interval_types().at(name);
}

inline std::string interval_name(judicious::IntervalType type) {
  for (const auto& [name, known] : interval_types()) {
    if (known == type) return name;
  }
  return "none";
}

inline Rcpp::NumericVector interval(const judicious::Interval& x) {
  return Rcpp::NumericVector::create(x.low, x.high);
}

// One of the two estimates behind a difference or ratio, as numbers, and back.
inline Rcpp::NumericVector bounded_numbers(const judicious::BoundedMean& m) {
  const auto end = m.prediction.value_or(judicious::Interval{NA_REAL, NA_REAL});
  return {m.estimate, m.labels_only,   m.variance,
          m.n_base,   m.n_cap,         m.low,
          m.high,     m.high_variance, m.known_prob ? 1.0 : 0.0,
          end.low,    end.high};
}

inline judicious::BoundedMean bounded_mean(const Rcpp::NumericVector& x) {
  judicious::BoundedMean out{x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8] > 0.0};
  if (!std::isnan(x[9])) out.prediction = judicious::Interval{x[9], x[10]};
  return out;
}

inline Rcpp::List pair_list(const judicious::PairParts& x) {
  using Rcpp::_;
  return Rcpp::List::create(_["first"] = bounded_numbers(x.first),
                            _["second"] = bounded_numbers(x.second), _["hc2"] = x.hc2,
                            _["hc3"] = x.hc3);
}

inline judicious::PairParts pair_parts(const Rcpp::List& x) {
  return {bounded_mean(x["first"]), bounded_mean(x["second"]), Rcpp::as<double>(x["hc2"]),
          Rcpp::as<double>(x["hc3"])};
}

// What an estimate keeps in R for its intervals and tests, and back.
inline Rcpp::List inference_list(const judicious::Inference& x) {
  using Rcpp::_;
  Rcpp::List out = fit_list(x.fit);
  out["alone"] = fit_list(x.labels_only);
  out["labels_only"] = x.p0;
  out["n_true"] = x.n_true;
  out["n_base"] = x.n_base;
  out["n_cap"] = x.n_cap;
  out["known_prob"] = x.known_prob;
  out["census"] = x.census;
  out["lowest_label"] = x.labels.lowest;
  out["highest_label"] = x.labels.highest;
  out["binary"] = x.labels.binary;
  out["two_valued"] = x.labels.two_valued;
  out["as_published"] = x.published;
  out["prediction"] = interval(x.prediction);
  out["range"] = x.range ? Rcpp::RObject(interval(*x.range)) : Rcpp::RObject(R_NilValue);
  if (x.pair) {
    out["guard_share"] = x.guard_share;
    out["pair"] = pair_list(*x.pair);
  }
  if (!x.replicates.empty()) {
    out["replicates"] = x.replicates;
    out["centre"] = x.centre;
    out["acceleration"] = x.acceleration;
  }
  return out;
}

inline judicious::MeanFit mean_fit(const Rcpp::List& x) {
  const auto number = [&](const char* name) { return Rcpp::as<double>(x[name]); };
  return {number("estimate"), number("variance"), number("hc2"),
          number("hc3"),      number("df"),       number("skewness")};
}

inline judicious::Inference inference(const Rcpp::List& x) {
  const auto number = [&](const char* name) { return Rcpp::as<double>(x[name]); };
  const auto flag = [&](const char* name) { return Rcpp::as<bool>(x[name]); };
  judicious::Inference out;
  out.fit = mean_fit(x);
  out.labels_only = mean_fit(x["alone"]);
  out.p0 = number("labels_only");
  out.n_true = number("n_true");
  out.n_base = number("n_base");
  out.n_cap = number("n_cap");
  out.known_prob = flag("known_prob");
  out.census = flag("census");
  out.labels = {number("lowest_label"), number("highest_label"), flag("binary"),
                flag("two_valued")};
  out.published = flag("as_published");
  out.range = metric_range(x["range"]);
  out.prediction = *metric_range(x["prediction"]);
  if (x.containsElementNamed("pair")) {
    out.guard_share = number("guard_share");
    out.pair = pair_parts(x["pair"]);
  }
  if (x.containsElementNamed("replicates")) {
    out.replicates = Rcpp::as<std::vector<double>>(x["replicates"]);
    out.centre = number("centre");
    out.acceleration = number("acceleration");
  }
  return out;
}

inline Rcpp::List mean_test(const judicious::MeanTest& x) {
  using Rcpp::_;
  return Rcpp::List::create(_["statistic"] = x.statistic, _["parameter"] = x.parameter,
                            _["greater"] = x.greater, _["less"] = x.less,
                            _["two_sided"] = x.two_sided);
}

inline Rcpp::List code_scan(const judicious::CodeScan& scan) {
  using Rcpp::_;
  return Rcpp::List::create(_["first"] = scan.lowest, _["n"] = static_cast<double>(scan.span()),
                            _["has_missing"] = scan.has_missing, _["fits"] = scan.fits,
                            _["dense"] = scan.dense);
}

}  // namespace convert

// Monitors between R and the core.
#pragma once

#include <judicious/estimate/monitor.hpp>
#include <judicious/simulate/monitor_study.hpp>
#include <map>
#include <string>

#include "convert_summary.h"
#include "convert_validate.h"

namespace convert {

inline std::vector<judicious::Batch> batches(const judicious::LabelSummary& summary,
                                             const std::vector<std::size_t>& order) {
  judicious::InfluenceOptions options;
  options.clustered = summary.clustered;
  std::vector<judicious::Batch> out;
  for (const std::size_t group : order) {
    out.push_back(judicious::batch_of(summary, group, options));
  }
  return out;
}

inline judicious::MonitorOptions monitor_options(const Rcpp::List& x) {
  using namespace judicious;
  static const std::map<std::string, MonitorSide> sides{{"greater", MonitorSide::above},
                                                        {"less", MonitorSide::below},
                                                        {"two.sided", MonitorSide::both}};
  static const std::map<std::string, BatchWeights> weights{{"equal", BatchWeights::equal},
                                                           {"precision", BatchWeights::precision},
                                                           {"rows", BatchWeights::rows}};
  MonitorOptions out;
  const bool published = Rcpp::as<std::string>(x["preset"]) == "published";
  out.rule = published ? MonitorRule::published : MonitorRule::repaired;
  out.side = sides.at(Rcpp::as<std::string>(x["alternative"]));
  out.tuned = Rcpp::as<bool>(x["tuned"]);
  out.fixed = Rcpp::as<Vector>(x["fixed"]);
  out.threshold = Rcpp::as<double>(x["threshold"]);
  out.error = 1.0 - Rcpp::as<double>(x["conf_level"]);
  out.range = Rcpp::as<double>(x["width"]);
  out.tune_at = static_cast<std::size_t>(Rcpp::as<double>(x["tune_at"]));
  out.planned_variance = Rcpp::as<double>(x["planned_variance"]);
  out.weights = weights.at(Rcpp::as<std::string>(x["weights"]));
  out.window = static_cast<std::size_t>(Rcpp::as<double>(x["window"]));
  out.n_blocks = static_cast<std::size_t>(Rcpp::as<double>(x["n_blocks"]));
  return out;
}

template <class Items, class Get>
Rcpp::NumericVector column(const Items& items, Get&& get) {
  Rcpp::NumericVector out(static_cast<R_xlen_t>(items.size()));
  for (std::size_t i = 0; i < items.size(); ++i) out[static_cast<R_xlen_t>(i)] = get(items[i]);
  return out;
}

// A row per item, NA where the item has no vector.
template <class Items, class Get>
Rcpp::NumericMatrix rows_of(const Items& items, int n_columns, Get&& get) {
  Rcpp::NumericMatrix out(static_cast<int>(items.size()), n_columns);
  std::fill(out.begin(), out.end(), NA_REAL);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const judicious::Vector& x = get(items[i]);
    for (int k = 0; k < x.size(); ++k) out(static_cast<int>(i), k) = x[k];
  }
  return out;
}

inline Rcpp::List bounds_list(const std::vector<judicious::RunningBound>& bounds) {
  using Rcpp::_;
  using Bound = judicious::RunningBound;
  return Rcpp::List::create(_["mean"] = column(bounds, [](const Bound& b) { return b.mean; }),
                            _["low"] = column(bounds, [](const Bound& b) { return b.low; }),
                            _["high"] = column(bounds, [](const Bound& b) { return b.high; }),
                            _["alarm"] = column(bounds, [](const Bound& b) { return b.alarm; }));
}

inline Rcpp::List monitor_list(const std::vector<judicious::Batch>& batches,
                               const judicious::MonitorFit& fit) {
  using judicious::Batch;
  using judicious::BatchFit;
  using Rcpp::_;
  const int m = batches.empty() ? 0 : static_cast<int>(batches[0].g.size());
  const auto of_batch = [&](auto field) {
    return column(batches, [field](const Batch& b) { return b.*field; });
  };
  const auto of_fit = [&](auto field) {
    return column(fit.batches, [field](const BatchFit& b) { return b.*field; });
  };
  return Rcpp::List::create(
      _["n_true"] = of_batch(&Batch::n_true), _["n_rows"] = of_batch(&Batch::n_rows),
      _["n_units"] = of_batch(&Batch::n_units), _["used"] = of_fit(&BatchFit::used),
      _["estimate"] = of_fit(&BatchFit::estimate), _["variance"] = of_fit(&BatchFit::variance),
      _["weight"] = of_fit(&BatchFit::weight),
      _["lambda"] = rows_of(fit.batches, m,
                            [](const BatchFit& b) -> const judicious::Vector& { return b.lambda; }),
      _["judge_mean"] = rows_of(
          batches, m, [](const Batch& b) -> const judicious::Vector& { return b.judge_mean; }),
      _["judge_bias"] = rows_of(
          batches, m, [](const Batch& b) -> const judicious::Vector& { return b.judge_bias; }),
      _["chi_square"] = column(batches, [](const Batch& b) { return b.audit.chi_square; }),
      _["chi_df"] = column(batches, [](const Batch& b) { return b.audit.df; }),
      _["expected_labels"] =
          column(batches, [](const Batch& b) { return b.audit.expected_labels; }),
      _["running"] = bounds_list(fit.running), _["block"] = bounds_list(fit.block));
}

inline judicious::MonitorStudy monitor_study(const Rcpp::List& x) {
  judicious::MonitorStudy out;
  out.before = {row_model(x["before"]), label_plan(x["before"])};
  out.after = {row_model(x["after"]), label_plan(x["after"])};
  out.n_batches = count(x, "n_batches");
  out.change_at = count(x, "change_at");
  for (const double judge : numbers(x, "judges")) {
    out.design.judges.push_back(static_cast<std::size_t>(judge) - 1);
  }
  out.design.strata = Rcpp::as<bool>(x["strata"]);
  out.design.clusters = Rcpp::as<bool>(x["clusters"]);
  out.design.prob = Rcpp::as<bool>(x["prob"]);
  for (const Rcpp::List options : Rcpp::List(x["monitors"])) {
    out.monitors.push_back(monitor_options(options));
  }
  return out;
}

}  // namespace convert

// Item profiles, metrics and rankings between R and the core.
#pragma once

#include <judicious/ratings/agreement_metrics.hpp>
#include <judicious/ratings/ranking.hpp>
#include <string>
#include <unordered_map>

#include "convert_ratings.h"

namespace convert {

inline judicious::Metric metric(const std::string& name) {
  using judicious::Metric;
  static const std::unordered_map<std::string, Metric> metrics = {
      {"hit_rate", Metric::hit_rate},
      {"cohen_kappa", Metric::cohen_kappa},
      {"fleiss_kappa", Metric::fleiss_kappa},
      {"krippendorff_alpha", Metric::krippendorff_alpha},
      {"kl_human_judge", Metric::kl_human_judge},
      {"kl_judge_human", Metric::kl_judge_human},
      {"cross_entropy_human_judge", Metric::cross_entropy_human_judge},
      {"cross_entropy_judge_human", Metric::cross_entropy_judge_human},
      {"js_divergence", Metric::js_divergence},
      {"js_distance", Metric::js_distance},
      {"coverage", Metric::coverage},
      {"coverage_srs", Metric::coverage_srs},
      {"mse_h", Metric::mse_h},
      {"mse_s", Metric::mse_s},
      {"mse_hrs", Metric::mse_hrs},
      {"mse_srs", Metric::mse_srs},
      {"consistency", Metric::consistency},
      {"bias", Metric::bias},
      {"bias_abs", Metric::bias_abs},
      {"bias_squared", Metric::bias_squared}};
  const auto at = metrics.find(name);
  if (at == metrics.end()) throw std::invalid_argument("unknown metric");
  return at->second;
}

inline std::vector<judicious::RatedItems> rated_items(const Rcpp::List& profiles) {
  std::vector<judicious::RatedItems> out;
  for (R_xlen_t k = 0; k < profiles.size(); ++k) {
    const Rcpp::List profile = profiles[k];
    out.push_back({item_profiles(profile), Rcpp::as<std::vector<double>>(profile["n_choice"])});
  }
  return out;
}

// One element per row of `specs`: which human and judge profile (from 1), metric, tau.
inline std::vector<judicious::ItemScores> item_scores(const Rcpp::List& humans,
                                                      const Rcpp::List& judges,
                                                      const Rcpp::List& specs, double smooth) {
  const auto human = rated_items(humans), judge = rated_items(judges);
  const Rcpp::IntegerVector human_of = specs["human"], judge_of = specs["judge"];
  const Rcpp::CharacterVector name = specs["metric"];
  const Rcpp::NumericVector tau = specs["tau"];
  std::vector<judicious::ItemScores> out;
  for (R_xlen_t k = 0; k < name.size(); ++k) {
    const judicious::AgreementScorer scorer(human[static_cast<std::size_t>(human_of[k] - 1)],
                                            judge[static_cast<std::size_t>(judge_of[k] - 1)],
                                            tau[k], smooth);
    out.push_back(scorer.score(metric(Rcpp::as<std::string>(name[k]))));
  }
  return out;
}

// Items x metrics.
inline Rcpp::LogicalMatrix used_items(const std::vector<judicious::ItemScores>& scores,
                                      std::size_t n_items) {
  Rcpp::LogicalMatrix out(static_cast<int>(n_items), static_cast<int>(scores.size()));
  for (int k = 0; k < out.ncol(); ++k) {
    for (int i = 0; i < out.nrow(); ++i) {
      out(i, k) = scores[static_cast<std::size_t>(k)].uses(static_cast<std::size_t>(i));
    }
  }
  return out;
}

// The metrics, each of the items that its column says.
inline std::vector<judicious::ItemMetric> metrics_of_items(
    std::vector<judicious::ItemScores>& scores, const Rcpp::LogicalMatrix& items) {
  std::vector<judicious::ItemMetric> out;
  for (int k = 0; k < items.ncol(); ++k) {
    auto& of_metric = scores[static_cast<std::size_t>(k)];
    for (int i = 0; i < items.nrow(); ++i) {
      if (!items(i, k)) of_metric.drop(static_cast<std::size_t>(i));
    }
    out.push_back(judicious::item_metric(of_metric));
  }
  return out;
}

// Replicates x metrics, from replicates by row.
inline Rcpp::NumericMatrix replicate_matrix(const std::vector<double>& by_row,
                                            const judicious::MetricEstimates& x) {
  const std::size_t width = x.estimate.size();
  Rcpp::NumericMatrix out(static_cast<int>(x.n_boot), static_cast<int>(width));
  for (std::size_t b = 0; b < x.n_boot; ++b) {
    for (std::size_t k = 0; k < width; ++k) {
      out(static_cast<int>(b), static_cast<int>(k)) = by_row[b * width + k];
    }
  }
  return out;
}

inline Rcpp::List list(const judicious::MetricEstimates& x) {
  using Rcpp::_;
  Rcpp::List out = Rcpp::List::create(_["estimate"] = x.estimate,
                                      _["replicates"] = replicate_matrix(x.replicates, x));
  if (x.low.empty()) return out;
  out["low"] = x.low;
  out["high"] = x.high;
  out["low_replicates"] = replicate_matrix(x.low_replicates, x);
  out["high_replicates"] = replicate_matrix(x.high_replicates, x);
  return out;
}

inline Rcpp::List list(const judicious::Ranking& x) {
  using Rcpp::_;
  return Rcpp::List::create(_["rank"] = x.rank, _["rank_low"] = x.rank_low,
                            _["rank_high"] = x.rank_high, _["p_best"] = x.p_best,
                            _["tie_group"] = x.tie_group, _["regret"] = x.regret,
                            _["regret_low"] = x.regret_low, _["regret_high"] = x.regret_high);
}

}  // namespace convert

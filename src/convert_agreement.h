// What agreement coefficients take and give.
#pragma once

#include <judicious/ratings/agreement_scores.hpp>
#include <judicious/ratings/divergence.hpp>
#include <judicious/ratings/kappa.hpp>
#include <judicious/ratings/krippendorff.hpp>

#include "convert.h"

namespace convert {

inline judicious::Measurement measurement(const std::string& name) {
  if (name == "nominal") return judicious::Measurement::nominal;
  if (name == "ordinal") return judicious::Measurement::ordinal;
  if (name == "interval") return judicious::Measurement::interval;
  if (name == "ratio") return judicious::Measurement::ratio;
  throw std::invalid_argument("unknown level of measurement");
}

inline judicious::KappaWeights kappa_weights(const std::string& name) {
  if (name == "unweighted") return judicious::KappaWeights::unweighted;
  if (name == "linear") return judicious::KappaWeights::linear;
  if (name == "quadratic") return judicious::KappaWeights::quadratic;
  throw std::invalid_argument("unknown weights");
}

inline judicious::Divergence divergence(const std::string& name) {
  if (name == "kl") return judicious::Divergence::kl;
  if (name == "cross_entropy") return judicious::Divergence::cross_entropy;
  if (name == "js_divergence") return judicious::Divergence::js_divergence;
  if (name == "js_distance") return judicious::Divergence::js_distance;
  throw std::invalid_argument("unknown divergence");
}

// How a bootstrap is to be run: replicates, threads, and whom to tell.
struct BootstrapPlan {
  std::size_t n_boot;
  Streams streams;
  judicious::Executor run;
};

// Nothing is drawn from R's generator unless there are replicates to draw.
inline BootstrapPlan bootstrap_plan(double n_boot, int threads, const Rcpp::Function& tick) {
  if (n_boot == 0.0) return {0, {0}, judicious::serial_executor()};
  return {static_cast<std::size_t>(n_boot), {base_seed()}, executor_with_progress(threads, tick)};
}

// Estimate, replicates and the number of items they are of.
template <class Statistic>
Rcpp::List bootstrapped(const judicious::ItemKinds& items, const Statistic& statistic,
                        const BootstrapPlan& plan) {
  using Rcpp::_;
  const auto result =
      judicious::estimate_with_replicates(items, statistic, plan.n_boot, plan.streams, plan.run);
  return Rcpp::List::create(_["estimate"] = result.estimate, _["replicates"] = result.replicates,
                            _["n_items"] = static_cast<double>(items.n_items()));
}

}  // namespace convert

// What the samplers return beside columns.
#pragma once

#include <judicious/sample/cost_optimal.hpp>

#include "convert.h"

namespace convert {

inline Rcpp::List list(const judicious::CostOptimalPolicy& policy) {
  return Rcpp::List::create(Rcpp::Named("tau") = policy.tau, Rcpp::Named("gamma") = policy.gamma,
                            Rcpp::Named("objective") = policy.objective);
}

}  // namespace convert

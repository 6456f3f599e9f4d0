// What is planned for, between R and the core.
#pragma once

#include <judicious/sample/plan_assumptions.hpp>

#include "convert.h"

namespace convert {

inline judicious::PlanTest plan_test(const Rcpp::List& x) {
  judicious::PlanTest out;
  out.conf_level = Rcpp::as<double>(x["conf_level"]);
  if (!Rf_isNull(x["mu"])) out.mu = Rcpp::as<double>(x["mu"]);
  const auto side = Rcpp::as<std::string>(x["alternative"]);
  out.alternative = side == "greater" ? judicious::Alternative::greater
                    : side == "less"  ? judicious::Alternative::less
                                      : judicious::Alternative::two_sided;
  return out;
}

}  // namespace convert

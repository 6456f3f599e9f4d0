// Bindings of the planner.
#include <judicious/sample/plan.hpp>

#include "convert.h"
#include "convert_plan.h"

namespace {

using Uncertainty = Rcpp::Nullable<Rcpp::NumericVector>;

judicious::PlanAssumptions plan_assumptions(const Rcpp::List& x) {
  const auto number = [&](const char* name) { return Rcpp::as<double>(x[name]); };
  judicious::PlanAssumptions out;
  out.binary = Rcpp::as<bool>(x["binary"]);
  out.mean = number("mean");
  out.variance = number("variance");
  out.correlation = number("correlation");
  out.proxy_mean = number("proxy_mean");
  out.n_total = number("n_total");
  out.base_share = number("base_share");
  out.rows_per_unit = number("rows_per_unit");
  out.unit_share = number("unit_share");
  out.unit_kurtosis = number("unit_kurtosis");
  out.unequal_bias = number("unequal_bias");
  return out;
}

// Calls predict(n) for the design: uniform, or active where uncertainties are given.
template <class Body>
auto with_predictor(const Rcpp::List& assumptions, const Rcpp::List& test,
                    const Uncertainty& uncertainty, Body&& body) {
  const auto a = plan_assumptions(assumptions);
  const auto t = convert::plan_test(test);
  if (uncertainty.isNull()) {
    return body([&](double n) { return predict(a, t, judicious::uniform_point(a, n)); });
  }
  const Rcpp::NumericVector values(uncertainty);
  const Eigen::Map<const Eigen::VectorXd> u(values.begin(), values.size());
  return body([&](double n) { return predict(a, t, judicious::active_point(a, u, n)); });
}

}  // namespace

// Expected width, power and effective sample size at every number of labels.
// [[Rcpp::export]]
Rcpp::List plan_predict_cpp(Rcpp::List assumptions, Rcpp::List test, Rcpp::NumericVector n,
                            Rcpp::Nullable<Rcpp::NumericVector> uncertainty) {
  return with_predictor(assumptions, test, uncertainty, [&](const auto& predict_at) {
    Rcpp::NumericVector width(n.size()), power(n.size()), n_effective(n.size());
    for (R_xlen_t i = 0; i < n.size(); ++i) {
      const judicious::Prediction p = predict_at(n[i]);
      width[i] = p.width;
      power[i] = p.power;
      n_effective[i] = p.n_effective;
      Rcpp::checkUserInterrupt();
    }
    using Rcpp::_;
    return Rcpp::List::create(_["width"] = width, _["power"] = power,
                              _["n_effective"] = n_effective);
  });
}

// The smallest number of labels in [lowest, highest] that reaches the goal, or NA.
// [[Rcpp::export]]
double plan_smallest_cpp(Rcpp::List assumptions, Rcpp::List test, double width, double power,
                         double lowest, double highest,
                         Rcpp::Nullable<Rcpp::NumericVector> uncertainty) {
  const judicious::PlanGoal goal{width, power};
  return with_predictor(assumptions, test, uncertainty, [&](const auto& predict_at) {
    const auto found = judicious::smallest_number(
        lowest, highest, [&](double n) { return goal.reached(predict_at(n)); });
    return found.value_or(NA_REAL);
  });
}

// [[Rcpp::export]]
Rcpp::NumericVector cluster_effect_cpp(const Eigen::Map<Eigen::VectorXd> sizes, double icc,
                                       double correlation, double excess) {
  using Rcpp::_;
  const auto e = judicious::cluster_effect(sizes, icc, correlation, excess);
  return Rcpp::NumericVector::create(
      _["design_effect"] = e.design_effect, _["correlation"] = e.correlation, _["base_share"] = 1.0,
      _["rows_per_unit"] = e.rows_per_unit, _["unit_share"] = e.unit_share,
      _["unit_kurtosis"] = e.unit_kurtosis, _["unequal_bias"] = e.unequal_bias);
}

// Bindings of the planner of differences.
#include <judicious/sample/plan.hpp>
#include <judicious/sample/plan_difference.hpp>

#include "convert.h"
#include "convert_plan.h"

namespace {

judicious::PlannedSystem planned_system(const Rcpp::List& x) {
  const auto number = [&](const char* name) { return Rcpp::as<double>(x[name]); };
  return {number("mean"), number("variance"), number("correlation")};
}

judicious::DifferenceAssumptions difference_assumptions(const Rcpp::List& x) {
  return {Rcpp::as<bool>(x["binary"]), planned_system(x["first"]), planned_system(x["second"]),
          Rcpp::as<double>(x["covariance"]), Rcpp::as<double>(x["n_total"])};
}

}  // namespace

// Expected width, power and effective size at numbers of labels per system.
// [[Rcpp::export]]
Rcpp::List plan_difference_cpp(Rcpp::List assumptions, Rcpp::List test, Rcpp::NumericVector n,
                               bool paired) {
  const auto a = difference_assumptions(assumptions);
  const auto t = convert::plan_test(test);
  Rcpp::NumericVector width(n.size()), power(n.size()), n_effective(n.size());
  for (R_xlen_t i = 0; i < n.size(); ++i) {
    const judicious::Prediction p = judicious::predict_difference(a, t, n[i], paired);
    width[i] = p.width;
    power[i] = p.power;
    n_effective[i] = p.n_effective;
    Rcpp::checkUserInterrupt();
  }
  using Rcpp::_;
  return Rcpp::List::create(_["width"] = width, _["power"] = power, _["n_effective"] = n_effective);
}

// The smallest number of labels per system in [lowest, highest] that reaches the goal, or NA.
// [[Rcpp::export]]
double plan_smallest_difference_cpp(Rcpp::List assumptions, Rcpp::List test, bool paired,
                                    double width, double power, double lowest, double highest) {
  const auto a = difference_assumptions(assumptions);
  const auto t = convert::plan_test(test);
  const judicious::PlanGoal goal{width, power};
  const auto found = judicious::smallest_number(lowest, highest, [&](double n) {
    return goal.reached(judicious::predict_difference(a, t, n, paired));
  });
  return found.value_or(NA_REAL);
}

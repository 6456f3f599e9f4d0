// Regressions by their scores.
#include <judicious/estimate/score_fit.hpp>

#include "convert_summary.h"

// The next step of the coefficients, with the judges' weights given or (NULL) best for them, and
// the covariances and degrees of freedom of the rows of `map` times the coefficients.
// [[Rcpp::export]]
Rcpp::List score_fit_cpp(Rcpp::NumericVector numbers, Rcpp::List options, int n_coefficients,
                         int n_judges, Rcpp::Nullable<Rcpp::NumericVector> lambda,
                         Eigen::MatrixXd map) {
  std::optional<judicious::Vector> given;
  if (lambda.isNotNull()) given = Rcpp::as<judicious::Vector>(lambda.get());
  const judicious::ScoreFit fit(convert::summary(numbers), {n_coefficients, n_judges}, given,
                                convert::mean_options(options));
  const auto of = [&](const judicious::Matrix& v) {
    return judicious::Matrix(map * v * map.transpose());
  };
  std::vector<double> df;
  for (int k = 0; k < map.rows(); ++k) df.push_back(fit.df(map.row(k)));
  using Rcpp::_;
  return Rcpp::List::create(
      _["step"] =
          convert::by_target(fit.joint(), [](const judicious::TargetFit& t) { return t.estimate; }),
      _["lambda"] = fit.lambda(), _["df"] = df, _["plain"] = of(fit.joint().vcov()),
      _["hc2"] = of(fit.hc2()), _["hc3"] = of(fit.hc3()));
}

// Several quantities of one summary: means, differences, ratios, and what they need to hold
// together.
#include <judicious/estimate/max_t.hpp>
#include <judicious/estimate/several.hpp>

#include "convert_summary.h"

namespace {

// list(group, response, judges): one target each, counted from 1.
std::vector<judicious::Target> as_targets(const Rcpp::List& x, bool with_judges = true) {
  const Rcpp::IntegerVector group = x["group"], response = x["response"];
  const Rcpp::List judges = x["judges"];
  std::vector<judicious::Target> out;
  for (R_xlen_t i = 0; i < group.size(); ++i) {
    judicious::Target target;
    target.group = static_cast<std::size_t>(group[i]) - 1;
    target.what.response = response[i] - 1;
    if (with_judges) {
      for (const int k : Rcpp::IntegerVector(judges[i])) target.what.judges.push_back(k - 1);
    }
    out.push_back(std::move(target));
  }
  return out;
}

// list(lowest =): base sizes trust the judges' verdicts; see lowest_probs_cpp().
judicious::LowestProbs as_lowest(const Rcpp::List& targets) {
  judicious::LowestProbs out;
  if (!targets.containsElementNamed("lowest")) return out;
  const Rcpp::List lowest = targets["lowest"];
  for (R_xlen_t i = 0; i < lowest.size(); ++i) {
    out.push_back(Rcpp::as<std::vector<double>>(lowest[i]));
  }
  return out;
}

Rcpp::List one_mean(judicious::MeanEstimation& estimation, const judicious::Reporting& reporting) {
  const judicious::MeanResult& result = estimation.result;
  Rcpp::List out = convert::mean_result(result);
  out["audit"] =
      convert::audit_list(judicious::audit_labels(estimation.summary(), estimation.group()));
  if (!result.identified) return out;
  if (!judicious::labels_in_range(result.facts.labels, reporting.range)) return out;
  const auto inference = judicious::infer(result, estimation.options(), reporting);
  out["without_judges"] = convert::inference_list(judicious::without_judges(inference));
  out["inference"] = convert::inference_list(inference);
  return out;
}

// With the labels alone beside it, made in the same way without any judge.
Rcpp::List both_ways(judicious::Inference inference, const judicious::Inference& alone) {
  inference.labels_only = alone.fit;
  using Rcpp::_;
  return Rcpp::List::create(_["inference"] = convert::inference_list(inference),
                            _["without_judges"] = convert::inference_list(alone));
}

}  // namespace

// Per target, in every stratum the mean prob of the judges' verdict that was drawn least. `also`:
// further proxies of the design (from 1) whose values tell verdicts apart.
// [[Rcpp::export]]
Rcpp::List lowest_probs_cpp(Rcpp::List design, Rcpp::NumericVector numbers, Rcpp::List options,
                            Rcpp::List targets, Rcpp::IntegerVector also) {
  const auto rows = convert::rows(design);
  const auto summary = convert::summary(numbers);
  const auto wanted = as_targets(targets);
  std::vector<int> columns;
  for (const int k : also) columns.push_back(k - 1);
  return Rcpp::wrap(judicious::VerdictPass(rows, *summary, wanted, columns)
                        .lowest(convert::mean_options(options)));
}

// One answer per target, as of estimate_mean().
// [[Rcpp::export]]
Rcpp::List several_means_cpp(Rcpp::NumericVector numbers, Rcpp::List options, Rcpp::List targets) {
  const auto summary = convert::summary(numbers);
  const auto mean_options = convert::mean_options(options);
  const auto reporting = convert::reporting(options);
  const auto lowest = as_lowest(targets);
  const auto wanted = as_targets(targets);
  Rcpp::List out(static_cast<R_xlen_t>(wanted.size()));
  for (std::size_t p = 0; p < wanted.size(); ++p) {
    Rcpp::checkUserInterrupt();
    auto estimation = judicious::target_estimation(*summary, wanted[p], mean_options,
                                                   lowest.empty() ? nullptr : &lowest[p]);
    out[static_cast<R_xlen_t>(p)] = one_mean(estimation, reporting);
  }
  return out;
}

// Estimates and covariances of all targets: plain, HC2 and HC3.
// [[Rcpp::export]]
Rcpp::List several_vcov_cpp(Rcpp::NumericVector numbers, Rcpp::List options, Rcpp::List targets) {
  const judicious::JointFit fit(convert::summary(numbers), as_targets(targets),
                                convert::mean_options(options));
  using Rcpp::_;
  return Rcpp::List::create(_["estimate"] = convert::by_target(
                                fit, [](const judicious::TargetFit& t) { return t.estimate; }),
                            _["plain"] = fit.vcov(), _["hc2"] = fit.hc2(), _["hc3"] = fit.hc3());
}

// Differences ("difference", or "own" with the judge weights of both means), ratios ("ratio") or
// shares ("share") of pairs of targets (from 1). A share is NULL where its whole has no label.
// [[Rcpp::export]]
Rcpp::List several_pairs_cpp(Rcpp::NumericVector numbers, Rcpp::List options, Rcpp::List targets,
                             Rcpp::IntegerVector first, Rcpp::IntegerVector second,
                             std::string kind) {
  const auto summary = convert::summary(numbers);
  const auto mean_options = convert::mean_options(options);
  const auto reporting = convert::reporting(options);
  const auto lowest = as_lowest(targets);
  const judicious::Several fit(summary, as_targets(targets), mean_options, reporting, lowest);
  const judicious::Several alone(summary, as_targets(targets, false), mean_options, reporting,
                                 lowest);
  Rcpp::List out;
  for (R_xlen_t k = 0; k < first.size(); ++k) {
    Rcpp::checkUserInterrupt();
    const auto p = static_cast<std::size_t>(first[k]) - 1;
    const auto q = static_cast<std::size_t>(second[k]) - 1;
    const bool best = kind == "difference" && fit.has_best_weights(p, q);
    Rcpp::List one;
    if (kind == "difference" || kind == "own") {
      one = both_ways(fit.difference(p, q, best), alone.difference(p, q, best));
    } else if (kind == "ratio") {
      one = both_ways(fit.ratio(p, q), alone.ratio(p, q));
    } else {
      const auto share = fit.share_of(p, q);
      if (!share) {
        out.push_back(R_NilValue);
        continue;
      }
      one = both_ways(*share, *alone.share_of(p, q));
    }
    const judicious::JointFit& joint = fit.joint();
    const auto i = static_cast<int>(p), j = static_cast<int>(q);
    one["overlap"] = joint.label_overlap(p, q);
    one["best_weights"] = best;
    one["variance_apart"] = joint.vcov()(i, i) + joint.vcov()(j, j);
    out.push_back(one);
  }
  return out;
}

// A smooth function of shares, by its gradient and its value with and without the judges.
// [[Rcpp::export]]
Rcpp::List several_smooth_cpp(Rcpp::NumericVector numbers, Rcpp::List options, Rcpp::List targets,
                              Eigen::VectorXd gradient, double value,
                              Eigen::VectorXd gradient_alone, double value_alone) {
  const auto summary = convert::summary(numbers);
  const auto mean_options = convert::mean_options(options);
  const auto reporting = convert::reporting(options);
  const auto lowest = as_lowest(targets);
  const judicious::Several fit(summary, as_targets(targets), mean_options, reporting, lowest);
  const judicious::Several alone(summary, as_targets(targets, false), mean_options, reporting,
                                 lowest);
  return both_ways(fit.smooth(gradient, value), alone.smooth(gradient_alone, value_alone));
}

// Draws of the largest |t| of estimates with this covariance.
// [[Rcpp::export]]
std::vector<double> max_t_cpp(Eigen::MatrixXd covariance, double df, double n, int threads) {
  return judicious::max_t_draws(covariance, df, static_cast<std::size_t>(n),
                                convert::Streams{convert::base_seed()}, convert::executor(threads));
}

// The same of sums a x_first + b x_second of two estimates each (from 1).
// [[Rcpp::export]]
std::vector<double> max_t_pairs_cpp(Eigen::MatrixXd covariance, Rcpp::IntegerVector first,
                                    Rcpp::IntegerVector second, std::vector<double> a,
                                    std::vector<double> b, double df, double n, int threads) {
  judicious::PairSums pairs;
  pairs.a = std::move(a);
  pairs.b = std::move(b);
  for (const int k : first) pairs.first.push_back(k - 1);
  for (const int k : second) pairs.second.push_back(k - 1);
  return judicious::max_t_draws(covariance, pairs, df, static_cast<std::size_t>(n),
                                convert::Streams{convert::base_seed()}, convert::executor(threads));
}

// How often each of several estimates with this covariance is the largest.
// [[Rcpp::export]]
std::vector<double> chance_of_largest_cpp(Eigen::VectorXd estimates, Eigen::MatrixXd covariance,
                                          double n, int threads) {
  std::vector<int> largest(static_cast<std::size_t>(n));
  judicious::for_normal_draws(covariance, largest.size(), convert::Streams{convert::base_seed()},
                              convert::executor(threads),
                              [&](std::size_t i, const judicious::Vector& z, auto&) {
                                (estimates + z).maxCoeff(&largest[i]);
                              });
  std::vector<double> out(static_cast<std::size_t>(estimates.size()), 0.0);
  for (const int k : largest) out[static_cast<std::size_t>(k)] += 1.0 / n;
  return out;
}

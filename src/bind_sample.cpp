// Bindings of the samplers.
#include <judicious/sample/active_mix.hpp>
#include <judicious/sample/allocation.hpp>
#include <judicious/sample/cost_optimal.hpp>
#include <judicious/sample/sampling.hpp>
#include <judicious/sample/second_round.hpp>

#include "convert_columns.h"
#include "convert_sample.h"

// [[Rcpp::export]]
Rcpp::List sample_uniform_cpp(double n_total, double n) {
  convert::SampleColumns out(static_cast<R_xlen_t>(n_total));
  convert::Generator rng(convert::base_seed());
  judicious::sample_uniform(rng, static_cast<std::size_t>(n), convert::view(out.prob),
                            convert::view(out.selected));
  return out.list();
}

// [[Rcpp::export]]
Rcpp::List sample_clusters_cpp(const Eigen::Map<Eigen::VectorXi> codes, double n_total, double n) {
  convert::SampleColumns out(codes.size());
  convert::Generator rng(convert::base_seed());
  judicious::sample_clusters(rng, codes, static_cast<std::size_t>(n_total),
                             static_cast<std::size_t>(n), convert::view(out.prob),
                             convert::view(out.selected));
  return out.list();
}

// [[Rcpp::export]]
Rcpp::NumericVector active_probabilities_cpp(const Eigen::Map<Eigen::VectorXd> uncertainty,
                                             double n) {
  Rcpp::NumericVector prob(Rcpp::no_init(uncertainty.size()));
  judicious::active_probabilities(uncertainty, n, convert::view(prob));
  return prob;
}

// The best mix with random rows (`mix` is NULL), or what to expect of a given one, and
// the probabilities. `active` are those that follow the uncertainty alone.
// [[Rcpp::export]]
Rcpp::List active_mix_cpp(const Eigen::Map<Eigen::VectorXd> uncertainty,
                          const Rcpp::NumericVector active, double frame,
                          Rcpp::Nullable<Rcpp::NumericVector> mix) {
  Rcpp::NumericVector prob = Rcpp::clone(active);
  const judicious::ActiveDesigns designs(uncertainty, convert::view(prob));
  judicious::MixChoice choice;
  if (mix.isNull()) {
    choice = judicious::choose_mix(designs, frame);
    designs.raise(uncertainty, choice.mix, convert::view(prob));
  } else {
    choice = judicious::rate_mix(designs, frame, Rcpp::as<double>(mix.get()));
    judicious::mix_probabilities(choice.mix, convert::view(prob));
  }
  return Rcpp::List::create(
      Rcpp::Named("mix") = choice.mix, Rcpp::Named("width_ratio") = choice.width_ratio,
      Rcpp::Named("width_ratio_useless") = choice.width_ratio_useless, Rcpp::Named("prob") = prob);
}

// The rest of `n` labels after a random first part: `labelled` is 1 there, and the labels
// and judge's answers are those of the first part.
// [[Rcpp::export]]
Rcpp::List second_round_cpp(const Eigen::Map<Eigen::VectorXd> uncertainty, double n,
                            const Eigen::Map<Eigen::VectorXi> labelled,
                            const Eigen::Map<Eigen::VectorXd> label,
                            const Eigen::Map<Eigen::VectorXd> judge) {
  const double first = labelled.sum(), frame = static_cast<double>(uncertainty.size());
  Rcpp::NumericVector prob(Rcpp::no_init(uncertainty.size()));
  judicious::active_probabilities(uncertainty, n, convert::view(prob));
  const judicious::ActiveDesigns designs(uncertainty, convert::view(prob));
  const judicious::LearnedMix learned = judicious::learn_mix(
      designs, frame,
      judicious::learned_share(judicious::first_labels(uncertainty, labelled, label, judge)),
      first / n);
  designs.raise(uncertainty, learned.mix, convert::view(prob));
  const Rcpp::NumericVector second =
      Rcpp::wrap(judicious::second_probabilities(labelled, n - first, convert::view(prob)));
  convert::SampleColumns out(second, second.size());
  convert::Generator rng(convert::base_seed());
  judicious::sample_pivotal(rng, convert::view(out.prob), convert::view(out.selected));
  return Rcpp::List::create(Rcpp::Named("prob") = prob, Rcpp::Named("selected") = out.selected,
                            Rcpp::Named("mix") = learned.mix,
                            Rcpp::Named("useful") = learned.useful,
                            Rcpp::Named("width_ratio") = learned.width_ratio);
}

// Positions in `order` count from 0.
// [[Rcpp::export]]
Rcpp::List draw_poisson_cpp(const Eigen::Map<Eigen::VectorXd> prob) {
  Rcpp::IntegerVector order(Rcpp::no_init(prob.size())), drawn(Rcpp::no_init(prob.size()));
  convert::Generator rng(convert::base_seed());
  judicious::draw_poisson(rng, prob, convert::view(order), convert::view(drawn));
  return Rcpp::List::create(Rcpp::Named("order") = order, Rcpp::Named("drawn") = drawn);
}

// [[Rcpp::export]]
Rcpp::List cut_off_cpp(const Rcpp::NumericVector prob, const Eigen::Map<Eigen::VectorXi> order,
                       const Eigen::Map<Eigen::VectorXi> drawn, double human_cost,
                       double judge_cost, double budget) {
  convert::SampleColumns out(Rcpp::clone(prob), prob.size());
  judicious::cut_off(order, drawn, {human_cost, judge_cost}, budget, {NA_REAL, NA_INTEGER},
                     convert::view(out.prob), convert::view(out.selected));
  return out.list();
}

// [[Rcpp::export]]
Rcpp::List sample_pivotal_cpp(const Rcpp::NumericVector prob) {
  convert::SampleColumns out(prob, prob.size());
  convert::Generator rng(convert::base_seed());
  judicious::sample_pivotal(rng, convert::view(out.prob), convert::view(out.selected));
  return out.list();
}

// [[Rcpp::export]]
Rcpp::NumericVector count_strata_cpp(const Eigen::Map<Eigen::VectorXi> codes, int first,
                                     int n_strata) {
  Rcpp::NumericVector sizes(Rcpp::no_init(n_strata));
  judicious::count_strata(codes, first, convert::view(sizes));
  return sizes;
}

// [[Rcpp::export]]
Rcpp::NumericVector spread_of_strata_cpp(const Eigen::Map<Eigen::VectorXi> codes, int first,
                                         int n_strata, const Eigen::Map<Eigen::VectorXd> values) {
  Rcpp::NumericVector sd(Rcpp::no_init(n_strata));
  judicious::spread_of_strata(codes, first, values, convert::view(sd));
  return sd;
}

// [[Rcpp::export]]
Eigen::VectorXd allocate_labels_cpp(const Eigen::Map<Eigen::VectorXd> weights,
                                    const Eigen::Map<Eigen::VectorXd> sizes, double n) {
  return judicious::allocate_labels(weights, sizes, n);
}

// [[Rcpp::export]]
double labels_needed_cpp(const Eigen::Map<Eigen::VectorXd> weights,
                         const Eigen::Map<Eigen::VectorXd> sizes, double least) {
  return judicious::labels_needed(weights, sizes, least);
}

// [[Rcpp::export]]
Rcpp::List sample_strata_cpp(const Eigen::Map<Eigen::VectorXi> codes, int first,
                             const Eigen::Map<Eigen::VectorXd> labels,
                             const Eigen::Map<Eigen::VectorXd> sizes) {
  convert::SampleColumns out(codes.size());
  convert::Generator rng(convert::base_seed());
  judicious::sample_strata(rng, codes, first, labels, sizes, convert::view(out.prob),
                           convert::view(out.selected));
  return out.list();
}

// [[Rcpp::export]]
Rcpp::List cost_optimal_policy_cpp(const Eigen::Map<Eigen::VectorXd> uncertainty, double variance,
                                   double human_cost, double judge_cost) {
  return convert::list(
      judicious::cost_optimal_policy(uncertainty, variance, {human_cost, judge_cost}));
}

// [[Rcpp::export]]
Rcpp::List cost_optimal_rate_cpp(double variance, double mean_squared_error, double human_cost,
                                 double judge_cost) {
  return convert::list(
      judicious::cost_optimal_rate(variance, mean_squared_error, {human_cost, judge_cost}));
}

// [[Rcpp::export]]
Rcpp::NumericVector cost_optimal_probabilities_cpp(const Eigen::Map<Eigen::VectorXd> uncertainty,
                                                   double tau, double gamma) {
  Rcpp::NumericVector prob(Rcpp::no_init(uncertainty.size()));
  judicious::cost_optimal_probabilities(uncertainty, {tau, gamma}, convert::view(prob));
  return prob;
}

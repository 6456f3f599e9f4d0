// Bindings of ratings, translations and simulated ratings.
#include <judicious/numeric/simplex.hpp>

#include "convert_ratings.h"

// [[Rcpp::export]]
Rcpp::IntegerVector all_sets_cpp(int n_options, int max_size) {
  const auto sets =
      judicious::all_sets(static_cast<std::size_t>(n_options), static_cast<std::size_t>(max_size));
  return Rcpp::IntegerVector(sets.begin(), sets.end());
}

// [[Rcpp::export]]
Rcpp::IntegerVector sort_sets_cpp(const Rcpp::IntegerVector bits) {
  auto sets = convert::option_sets(bits);
  judicious::sort_sets(sets);
  return Rcpp::IntegerVector(sets.begin(), sets.end());
}

// The sets whose members are listed: option[i], counted from 1, is in set[i].
// [[Rcpp::export]]
Rcpp::IntegerVector sets_from_members_cpp(const Rcpp::IntegerVector set,
                                          const Rcpp::IntegerVector option, double n_sets) {
  Rcpp::IntegerVector out(static_cast<R_xlen_t>(n_sets));
  for (R_xlen_t i = 0; i < set.size(); ++i) {
    out[set[i] - 1] |= static_cast<int>(judicious::singleton(option[i] - 1));
  }
  return out;
}

// [[Rcpp::export]]
Rcpp::IntegerVector set_size_cpp(const Rcpp::IntegerVector bits) {
  Rcpp::IntegerVector out(bits.size(), NA_INTEGER);
  for (R_xlen_t i = 0; i < bits.size(); ++i) {
    if (bits[i] != NA_INTEGER) out[i] = judicious::set_size(bits[i]);
  }
  return out;
}

// [[Rcpp::export]]
Rcpp::LogicalVector contains_cpp(const Rcpp::IntegerVector bits, const Rcpp::IntegerVector option) {
  Rcpp::LogicalVector out(bits.size(), NA_LOGICAL);
  for (R_xlen_t i = 0; i < bits.size(); ++i) {
    if (bits[i] == NA_INTEGER || option[i] == NA_INTEGER) continue;
    out[i] = judicious::contains(bits[i], option[i] - 1);
  }
  return out;
}

// [[Rcpp::export]]
Rcpp::LogicalVector exceeds_cpp(const Rcpp::NumericVector share, double tau) {
  Rcpp::LogicalVector out(share.size(), NA_LOGICAL);
  for (R_xlen_t i = 0; i < share.size(); ++i) {
    if (!std::isnan(share[i])) out[i] = judicious::exceeds(share[i], tau);
  }
  return out;
}

// One list of facts per source. `rater` is empty if raters are anonymous.
// [[Rcpp::export]]
Rcpp::List rating_facts_cpp(const Rcpp::List ratings, const Rcpp::IntegerVector rater,
                            double n_raters) {
  const convert::Ratings x(ratings);
  Rcpp::List out;
  for (const auto& facts :
       judicious::rating_facts(x.view(), x.shape, rater.size() > 0 ? rater.begin() : nullptr,
                               static_cast<std::size_t>(n_raters))) {
    out.push_back(convert::list(facts));
  }
  return out;
}

// One list of profiles per source.
// [[Rcpp::export]]
Rcpp::List item_profiles_cpp(const Rcpp::List ratings, int positive, std::string rule,
                             std::string policy) {
  const convert::Ratings x(ratings);
  Rcpp::List out;
  for (const auto& tallies :
       judicious::tally_ratings(x.view(), x.shape, convert::positive_options(positive, rule))) {
    const auto profiles = judicious::profile_items(tallies, convert::invalid_policy(policy));
    out.push_back(convert::list(profiles, tallies));
  }
  return out;
}

// The same with omega, p_positive and theta from the choices. `pooled`: one
// translation for all items.
// [[Rcpp::export]]
Rcpp::List reconstruct_sets_cpp(const Rcpp::List ratings, const Rcpp::List translation, bool pooled,
                                int positive, std::string rule, std::string policy, int threads) {
  const convert::Ratings x(ratings);
  const auto by = convert::translation(translation);
  const auto options = convert::positive_options(positive, rule);
  const auto invalid = convert::invalid_policy(policy);
  Rcpp::List out;
  for (const auto& tallies : judicious::tally_ratings(x.view(), x.shape, options)) {
    const auto rebuilt = pooled ? judicious::reconstruct_pooled(tallies, by, options, invalid)
                                : judicious::reconstruct_items(tallies, by, options, invalid,
                                                               convert::executor(threads));
    out.push_back(
        Rcpp::List::create(Rcpp::Named("profile") = convert::list(rebuilt.profiles, tallies),
                           Rcpp::Named("theta") = convert::matrix(rebuilt.theta)));
  }
  return out;
}

// `sets` empty: all are admissible.
// [[Rcpp::export]]
Rcpp::List bound_items_cpp(const Rcpp::List ratings, const Rcpp::IntegerVector sets, int positive,
                           std::string rule, std::string policy) {
  const convert::Ratings x(ratings);
  const auto options = convert::positive_options(positive, rule);
  const auto bounds = judicious::set_bounds(convert::option_sets(sets), x.shape.n_options, options);
  Rcpp::List out;
  for (const auto& tallies : judicious::tally_ratings(x.view(), x.shape, options)) {
    out.push_back(
        convert::list(judicious::bound_items(tallies, bounds, convert::invalid_policy(policy)),
                      x.shape.n_options));
  }
  return out;
}

// [[Rcpp::export]]
Rcpp::List count_sets_cpp(const Rcpp::List ratings) {
  const auto counts = judicious::count_sets(convert::Ratings(ratings).view());
  return Rcpp::List::create(Rcpp::Named("source") = counts.source,
                            Rcpp::Named("item") = counts.item, Rcpp::Named("set") = counts.set,
                            Rcpp::Named("n") = counts.n);
}

// `sets` empty: those observed, and singletons.
// [[Rcpp::export]]
Rcpp::List fit_translation_cpp(const Rcpp::List ratings, const Rcpp::IntegerVector sets,
                               int positive, double smooth) {
  const convert::Ratings x(ratings);
  const auto support = sets.size() > 0 ? convert::option_sets(sets)
                                       : judicious::observed_sets(x.view(), x.shape.n_options);
  return convert::list(judicious::fit_translation(
      x.view(), x.shape.n_options, support, static_cast<judicious::OptionSet>(positive), smooth));
}

// `added` counts from 1.
// [[Rcpp::export]]
Rcpp::List translation_beta_cpp(int n_options, int positive, int added, double beta,
                                bool positive_only) {
  const auto to =
      positive_only ? judicious::BetaTarget::positive_only : judicious::BetaTarget::both;
  return convert::list(judicious::translation_beta(static_cast<std::size_t>(n_options),
                                                   static_cast<judicious::OptionSet>(positive),
                                                   static_cast<std::size_t>(added - 1), beta, to));
}

// [[Rcpp::export]]
Eigen::MatrixXd bayes_inverse_cpp(const Eigen::Map<Eigen::MatrixXd> likelihood,
                                  const Eigen::Map<Eigen::VectorXd> prior) {
  return judicious::bayes_inverse(likelihood, prior);
}

// [[Rcpp::export]]
Eigen::VectorXd project_simplex_cpp(const Eigen::Map<Eigen::VectorXd> x) {
  return judicious::project_simplex(x);
}

// [[Rcpp::export]]
Eigen::MatrixXd rater_error_cpp(const Rcpp::IntegerVector sets, int positive, double rate,
                                double skew) {
  return judicious::rater_error(convert::option_sets(sets),
                                static_cast<judicious::OptionSet>(positive), rate, skew);
}

// The first source is the humans; `noise` is of the judges.
// [[Rcpp::export]]
Rcpp::List simulate_ratings_cpp(double n_items, int n_options, const Rcpp::IntegerVector sets,
                                double concentration, const Eigen::Map<Eigen::MatrixXd> error,
                                const Rcpp::NumericVector preference,
                                const Rcpp::NumericVector n_ratings,
                                const Rcpp::NumericVector noise, int threads) {
  judicious::RatingModel model{static_cast<std::size_t>(n_items),
                               static_cast<std::size_t>(n_options),
                               convert::option_sets(sets),
                               concentration,
                               error,
                               {preference[0], static_cast<std::size_t>(n_ratings[0]), 0.0},
                               {}};
  for (R_xlen_t j = 0; j < noise.size(); ++j) {
    model.judges.push_back(
        {preference[j + 1], static_cast<std::size_t>(n_ratings[j + 1]), noise[j]});
  }
  Rcpp::NumericMatrix theta_true(static_cast<int>(model.sets.size()), static_cast<int>(n_items));
  std::vector<convert::SimulatedSource> sources{{model, model.human}};
  for (const auto& judge : model.judges) sources.emplace_back(model, judge);
  std::vector<judicious::RatingOutput> outputs;
  for (auto& source : sources) outputs.push_back(source.view());
  const std::vector<judicious::RatingOutput> judges(outputs.begin() + 1, outputs.end());
  judicious::simulate_ratings<convert::Generator>(model, convert::base_seed(),
                                                  convert::executor(threads), theta_true.begin(),
                                                  outputs[0], judges);
  Rcpp::List out;
  for (const auto& source : sources) out.push_back(source.list());
  return Rcpp::List::create(Rcpp::Named("theta_true") = theta_true, Rcpp::Named("sources") = out);
}

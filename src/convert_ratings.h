// Ratings, their profiles and translations between R and the core.
#pragma once

#include <judicious/ratings/rating_facts.hpp>
#include <judicious/ratings/rating_simulation.hpp>
#include <judicious/ratings/reconstruct.hpp>
#include <string>
#include <vector>

#include "convert.h"

namespace convert {

inline std::vector<judicious::OptionSet> option_sets(const Rcpp::IntegerVector& bits) {
  return {bits.begin(), bits.end()};
}

// The columns of a judicious_ratings, and how many codes they have.
struct Ratings {
  Rcpp::IntegerVector item, source, choice, set, invalid;
  Rcpp::Nullable<Rcpp::NumericVector> n;
  judicious::RatingShape shape;

  explicit Ratings(const Rcpp::List& x)
      : item(x["item"]),
        source(x["source"]),
        choice(x["choice"]),
        set(x["set"]),
        invalid(x["invalid"]),
        n(x["n"]) {
    const Rcpp::List task = x["task"];
    shape.n_items = static_cast<std::size_t>(Rf_xlength(x["items"]));
    shape.n_sources = static_cast<std::size_t>(Rf_xlength(x["sources"]));
    shape.n_options = static_cast<std::size_t>(Rf_xlength(task["options"]));
  }

  judicious::RatingColumns view() const {
    judicious::RatingColumns out;
    out.size = static_cast<std::size_t>(item.size());
    out.item = item.begin();
    out.source = source.begin();
    out.choice = choice.begin();
    out.set = set.begin();
    out.invalid = invalid.begin();
    if (n.isNotNull()) out.n = REAL(n.get());
    return out;
  }
};

inline judicious::PositiveOptions positive_options(int bits, const std::string& rule) {
  return {static_cast<judicious::OptionSet>(bits),
          rule == "all" ? judicious::PositiveRule::all : judicious::PositiveRule::any};
}

inline judicious::InvalidPolicy invalid_policy(const std::string& name) {
  if (name == "wrong") return judicious::InvalidPolicy::wrong;
  return name == "bounds" ? judicious::InvalidPolicy::bounds : judicious::InvalidPolicy::exclude;
}

// What the core leaves undefined is missing in R.
template <class RVector>
RVector with_missing(RVector x) {
  for (double& value : x) {
    if (std::isnan(value)) value = NA_REAL;
  }
  return x;
}

inline Rcpp::NumericMatrix matrix(const Eigen::MatrixXd& x) {
  return with_missing(Rcpp::NumericMatrix(Rcpp::wrap(x)));
}

inline Rcpp::NumericVector numbers(const std::vector<double>& values) {
  return with_missing(Rcpp::NumericVector(values.begin(), values.end()));
}

// Options x items.
inline Rcpp::NumericMatrix cells(const std::vector<double>& values, std::size_t n_options) {
  const auto rows = static_cast<int>(n_options);
  const auto columns = static_cast<int>(values.size() / n_options);
  return with_missing(Rcpp::NumericMatrix(rows, columns, values.begin()));
}

// NULL for bounds that were not asked for.
template <class... Shape>
SEXP if_any(const std::vector<double>& values, Shape... n_options) {
  if (values.empty()) return R_NilValue;
  if constexpr (sizeof...(n_options) > 0) return cells(values, n_options...);
  return numbers(values);
}

inline Rcpp::List list(const judicious::ItemProfiles& x, const judicious::ItemTallies& t) {
  using Rcpp::Named;
  return Rcpp::List::create(
      Named("o") = cells(x.o, x.n_options), Named("omega") = cells(x.omega, x.n_options),
      Named("p_positive") = numbers(x.p_positive), Named("n_choice") = t.n_choice,
      Named("n_set") = t.n_set, Named("invalid_choice") = t.invalid_choice,
      Named("invalid_set") = t.invalid_set, Named("o_low") = if_any(x.o_low, x.n_options),
      Named("o_high") = if_any(x.o_high, x.n_options),
      Named("omega_low") = if_any(x.omega_low, x.n_options),
      Named("omega_high") = if_any(x.omega_high, x.n_options), Named("p_low") = if_any(x.p_low),
      Named("p_high") = if_any(x.p_high));
}

// Profiles of one source as R holds them, copied for the core.
inline judicious::ItemProfiles item_profiles(const Rcpp::List& profile) {
  const auto values = [&](const char* name) {
    return Rf_isNull(profile[name]) ? std::vector<double>()
                                    : Rcpp::as<std::vector<double>>(profile[name]);
  };
  judicious::ItemProfiles out;
  const Rcpp::NumericMatrix o = profile["o"];
  out.n_options = static_cast<std::size_t>(o.nrow());
  out.n_items = static_cast<std::size_t>(o.ncol());
  out.o = values("o");
  out.omega = values("omega");
  out.p_positive = values("p_positive");
  out.o_low = values("o_low");
  out.o_high = values("o_high");
  out.omega_low = values("omega_low");
  out.omega_high = values("omega_high");
  out.p_low = values("p_low");
  out.p_high = values("p_high");
  return out;
}

inline Rcpp::List list(const judicious::RatingFacts& x) {
  using Rcpp::Named;
  return Rcpp::List::create(
      Named("n_items") = static_cast<double>(x.n_items),
      Named("n_raters") = static_cast<double>(x.n_raters), Named("n_ratings") = x.n_ratings,
      Named("n_choices") = x.n_choices, Named("n_sets") = x.n_sets,
      Named("items_chosen") = static_cast<double>(x.items_chosen),
      Named("items_differing") = static_cast<double>(x.items_differing),
      Named("items_with_set") = static_cast<double>(x.items_with_set),
      Named("items_several") = static_cast<double>(x.items_several),
      Named("mean_set_size") = x.mean_set_size(), Named("n_contradictory") = x.n_contradictory,
      Named("n_invalid") = x.n_invalid, Named("set_sizes") = x.set_sizes,
      Named("disagreement") = x.disagreement);
}

inline Rcpp::List list(const judicious::ItemBounds& x, std::size_t n_options) {
  return Rcpp::List::create(Rcpp::Named("set_low") = cells(x.set_low, n_options),
                            Rcpp::Named("set_high") = cells(x.set_high, n_options),
                            Rcpp::Named("p_low") = numbers(x.p_low),
                            Rcpp::Named("p_high") = numbers(x.p_high));
}

inline SEXP matrix_or_null(const Eigen::MatrixXd& x) {
  if (x.size() == 0) return R_NilValue;
  return matrix(x);
}

inline Rcpp::List list(const judicious::Translation& x) {
  const std::vector<int> sets(x.sets.begin(), x.sets.end());
  return Rcpp::List::create(Rcpp::Named("sets") = sets,
                            Rcpp::Named("F") = matrix_or_null(x.forward),
                            Rcpp::Named("F_inverse") = matrix(x.inverse),
                            Rcpp::Named("set_prob") = matrix_or_null(x.set_prob));
}

inline judicious::Translation translation(const Rcpp::List& x) {
  judicious::Translation out;
  out.sets = option_sets(x["sets"]);
  out.inverse = Rcpp::as<Eigen::MatrixXd>(x["F_inverse"]);
  if (!Rf_isNull(x["F"])) out.forward = Rcpp::as<Eigen::MatrixXd>(x["F"]);
  if (!Rf_isNull(x["set_prob"])) out.set_prob = Rcpp::as<Eigen::VectorXd>(x["set_prob"]);
  return out;
}

inline Rcpp::List list(const judicious::TranslationFit& x) {
  using Rcpp::Named;
  return Rcpp::List::create(
      Named("translation") = list(x.translation), Named("counts") = x.counts.joint,
      Named("F_se") = matrix(x.forward_se), Named("F_inverse_se") = matrix(x.inverse_se),
      Named("n_pairs") = x.counts.n_pairs, Named("n_items") = x.counts.n_items,
      Named("n_contradictory") = x.counts.n_contradictory,
      Named("sensitivity") =
          Rcpp::NumericVector::create(Named("estimate") = x.sensitivity.estimate,
                                      Named("std_error") = x.sensitivity.std_error));
}

// A source's simulated ratings and truth, allocated in R's memory.
class SimulatedSource {
 public:
  SimulatedSource(const judicious::RatingModel& model, const judicious::RatingSource& source)
      : theta_(static_cast<int>(model.sets.size()), static_cast<int>(model.n_items)),
        forward_(static_cast<R_xlen_t>(model.n_options * model.sets.size() * model.n_items)),
        o_(static_cast<int>(model.n_options), static_cast<int>(model.n_items)),
        omega_(static_cast<int>(model.n_options), static_cast<int>(model.n_items)) {
    for (Rcpp::IntegerVector& column : ratings_) {
      column = Rcpp::IntegerVector(static_cast<R_xlen_t>(model.n_items * source.n_ratings));
    }
    forward_.attr("dim") = Rcpp::IntegerVector::create(static_cast<int>(model.n_options),
                                                       static_cast<int>(model.sets.size()),
                                                       static_cast<int>(model.n_items));
  }

  judicious::RatingOutput view() {
    judicious::RatingOutput out;
    out.theta = theta_.begin();
    out.forward = forward_.begin();
    out.o = o_.begin();
    out.omega = omega_.begin();
    out.item = ratings_[0].begin();
    out.rater = ratings_[1].begin();
    out.choice = ratings_[2].begin();
    out.set = ratings_[3].begin();
    return out;
  }

  Rcpp::List list() const {
    using Rcpp::Named;
    return Rcpp::List::create(Named("theta") = theta_, Named("F") = forward_, Named("o") = o_,
                              Named("omega") = omega_, Named("item") = ratings_[0],
                              Named("rater") = ratings_[1], Named("choice") = ratings_[2],
                              Named("set") = ratings_[3]);
  }

 private:
  Rcpp::NumericMatrix theta_;
  Rcpp::NumericVector forward_;
  Rcpp::NumericMatrix o_, omega_;
  Rcpp::IntegerVector ratings_[4];
};

}  // namespace convert

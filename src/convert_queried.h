// Sums that a database sent, from R to the core.
#pragma once

#include <judicious/data/queried.hpp>

#include "convert_summary.h"

namespace convert {

inline double number(const Rcpp::List& x, const char* name) { return Rcpp::as<double>(x[name]); }
inline judicious::Vector vector(const Rcpp::List& x, const char* name) {
  return Rcpp::as<judicious::Vector>(x[name]);
}
inline judicious::Matrix matrix(const Rcpp::List& x, const char* name) {
  return Rcpp::as<judicious::Matrix>(x[name]);
}
inline std::size_t cell_index(const Rcpp::List& x, const char* name) {
  return static_cast<std::size_t>(number(x, name)) - 1;
}

// list(prob, n): the lowest probabilities and how often each is met.
inline judicious::LowProbs low_probs(const Rcpp::List& x) {
  const Rcpp::NumericVector prob = x["prob"], n = x["n"];
  judicious::LowProbs out;
  for (R_xlen_t i = 0; i < prob.size(); ++i) out.add(prob[i], n[i]);
  out.prune();
  return out;
}

template <class Sums>
Sums queried_sums(const Rcpp::List& x) {
  Sums out;
  out.cell = cell_index(x, "cell");
  out.n = number(x, "n");
  out.pilot = vector(x, "pilot");
  out.sum = vector(x, "sum");
  out.cross = matrix(x, "cross");
  return out;
}

inline judicious::QueriedRows queried_rows(const Rcpp::List& x, bool known_prob) {
  auto out = queried_sums<judicious::QueriedRows>(x);
  out.low = vector(x, "low");
  out.high = vector(x, "high");
  if (!known_prob) return out;
  out.weighted_n = number(x, "weighted_n");
  out.weighted_sum = vector(x, "weighted_sum");
  out.weighted_cross = matrix(x, "weighted_cross");
  out.prob.lowest = number(x, "lowest_prob");
  out.prob.highest = number(x, "highest_prob");
  out.prob.n_dropped = number(x, "n_dropped");
  out.prob.low = low_probs(x["low_probs"]);
  return out;
}

inline judicious::QueriedUnits queried_units(const Rcpp::List& x, bool known_prob) {
  auto out = queried_sums<judicious::QueriedUnits>(x);
  out.n_rows = number(x, "n_rows");
  out.size = number(x, "size");
  out.mean_sum = vector(x, "mean_sum");
  out.mean_cross = matrix(x, "mean_cross");
  if (!known_prob) return out;
  out.sum_inverse = number(x, "sum_inverse");
  out.whole = Rcpp::as<bool>(x["whole"]);
  out.poisson = matrix(x, "poisson");
  out.low_probs = low_probs(x["low_probs"]);
  return out;
}

inline judicious::Queried queried(const Rcpp::List& x, bool known_prob) {
  const auto cells = [&](const char* name, const auto read) {
    std::vector<decltype(read(x, known_prob))> out;
    for (const Rcpp::List cell : Rcpp::List(x[name])) out.push_back(read(cell, known_prob));
    return out;
  };
  return {cells("rows", queried_rows), cells("units", queried_units)};
}

// Sums of products of (m, F) and of (1, F / m) of clusters, as parts of u.
inline judicious::SharedUnits shared_units(const judicious::Layout& layout, const Rcpp::List& x,
                                           const char* aa, const char* bb, const char* ab) {
  const auto rest = [&](const char* name) {
    const int size = 1 + layout.n_proxies;
    judicious::Matrix out = judicious::Matrix::Zero(layout.size(), layout.size());
    out.block(layout.rest(), layout.rest(), size, size) = matrix(x, name);
    return out;
  };
  judicious::SharedUnits out;
  out.n = number(x, "n");
  out.aa = rest(aa);
  out.bb = rest(bb);
  out.ab = rest(ab);
  return out;
}

inline void add_pairs(const Rcpp::List& pairs, judicious::LabelSummary& to) {
  for (const Rcpp::List x : pairs) {
    judicious::QueriedPair pair;
    pair.a = cell_index(x, "a");
    pair.b = cell_index(x, "b");
    pair.rows = shared_units(to.layout, x, "aa", "bb", "ab");
    pair.means = shared_units(to.layout, x, "mean_aa", "mean_bb", "mean_ab");
    judicious::add_pair(pair, vector(x, "pilot_a"), vector(x, "pilot_b"), to);
  }
}

}  // namespace convert

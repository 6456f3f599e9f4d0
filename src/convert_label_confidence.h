// Tokens, spans and texts in; label distributions and clusters out.
#pragma once

#include <judicious/confidence/semantic.hpp>
#include <judicious/confidence/token_spans.hpp>
#include <string_view>
#include <vector>

#include "convert.h"

namespace convert {

// Views of strings that R keeps; missing strings must have been taken out.
inline std::vector<std::string_view> text_views(const Rcpp::CharacterVector& x) {
  std::vector<std::string_view> out;
  out.reserve(static_cast<std::size_t>(x.size()));
  for (R_xlen_t i = 0; i < x.size(); ++i) {
    const SEXP text = STRING_ELT(x, i);
    out.emplace_back(CHAR(text), static_cast<std::size_t>(LENGTH(text)));
  }
  return out;
}

inline std::vector<std::size_t> offsets(const Rcpp::NumericVector& first) {
  return std::vector<std::size_t>(first.begin(), first.end());
}

// Spans from a data frame of columns named as the fields of TokenSpan.
inline std::vector<judicious::TokenSpan> token_spans(const Rcpp::List& spans) {
  const auto column = [&](const char* name) { return Rcpp::as<Rcpp::NumericVector>(spans[name]); };
  const Rcpp::NumericVector token = column("token"), token_end = column("token_end"),
                            start = column("start"), last = column("last"),
                            last_end = column("last_end"), core = column("core"),
                            core_end = column("core_end");
  std::vector<judicious::TokenSpan> out;
  for (R_xlen_t i = 0; i < token.size(); ++i) {
    const auto place = [i](const Rcpp::NumericVector& x) {
      return static_cast<std::int64_t>(x[i]);
    };
    out.push_back({static_cast<std::size_t>(token[i]), static_cast<std::size_t>(token_end[i]),
                   place(start), place(last), place(last_end), place(core), place(core_end)});
  }
  return out;
}

inline Rcpp::List list(const judicious::AnswerClusters& x) {
  return Rcpp::List::create(Rcpp::Named("cluster") = Rcpp::wrap(x.cluster),
                            Rcpp::Named("n_clusters") = Rcpp::wrap(x.n_clusters),
                            Rcpp::Named("entropy") = Rcpp::wrap(x.entropy));
}

}  // namespace convert

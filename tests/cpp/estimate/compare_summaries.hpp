// Summaries of random designs and of their parts, for the tests.
#pragma once

#include <doctest/doctest.h>

#include <judicious/data/summarise.hpp>

#include "estimate/designs.hpp"

namespace designs {

inline judicious::LabelSummary summarise(const Design& d) {
  return judicious::summarise(d.rows(), 1, judicious::serial_executor());
}

// The rows of a design that `keep` says.
template <class Keep>
Design part_of(const Design& d, const Keep& keep) {
  Design out;
  out.f.resize(d.f.size());
  for (std::size_t i = 0; i < d.n(); ++i) {
    if (!keep(i)) continue;
    out.y.push_back(d.y[i]);
    for (std::size_t k = 0; k < d.f.size(); ++k) out.f[k].push_back(d.f[k][i]);
    if (!d.strata.empty()) out.strata.push_back(d.strata[i]);
    if (!d.clusters.empty()) out.clusters.push_back(d.clusters[i]);
    if (!d.prob.empty()) out.prob.push_back(d.prob[i]);
  }
  return out;
}

inline bool close(const judicious::Matrix& a, const judicious::Matrix& b) {
  if (a.size() == 0) return b.size() == 0;
  return (a - b).cwiseAbs().maxCoeff() <= 1e-11 * std::max(b.cwiseAbs().maxCoeff(), 1.0);
}

inline void check_moments(const judicious::Moments& a, const judicious::Moments& b) {
  CHECK(a.n == b.n);
  CAPTURE(a.mean.transpose());
  CAPTURE(b.mean.transpose());
  CHECK(close(a.mean, b.mean));
  CHECK(close(a.cross, b.cross));
}

// Both summaries counted from the same origin.
inline void check_same(judicious::LabelSummary a, judicious::LabelSummary b) {
  REQUIRE(a.cells.size() == b.cells.size());
  for (std::size_t k = 0; k < a.cells.size(); ++k) {
    judicious::Cell &x = a.cells[k], &y = b.cells[k];
    judicious::move_origin(a.layout, y.rows.origin, x.rows);
    check_moments(x.rows.labelled, y.rows.labelled);
    check_moments(x.rows.unlabelled, y.rows.unlabelled);
    check_moments(x.rows.proxy_rows, y.rows.proxy_rows);
    CHECK(close(x.rows.poisson_rows, y.rows.poisson_rows));
    CHECK(close(x.rows.poisson_units, y.rows.poisson_units));
    CHECK(x.rows.n_rows == y.rows.n_rows);
    CHECK(x.rows.n_true == y.rows.n_true);
    CHECK(x.rows.n_mixed == y.rows.n_mixed);
    CHECK(x.rows.whole_clusters == y.rows.whole_clusters);
    CHECK(x.rows.kish.squares == doctest::Approx(y.rows.kish.squares).epsilon(1e-11));
    CHECK(x.rows.proxy_low == y.rows.proxy_low);
    CHECK(x.rows.proxy_high == y.rows.proxy_high);
    CHECK(x.rows.labels.lowest == y.rows.labels.lowest);
    CHECK(x.rows.prob.low.size(100.0) ==
          doctest::Approx(y.rows.prob.low.size(100.0)).epsilon(1e-12));
    CHECK(x.units.size() == y.units.size());
  }
}

}  // namespace designs

// Summaries of rows that a database keeps: it sends sums over the rows nobody labelled, and the
// labelled rows themselves; here both become the summary that a pass over all rows would make.
#pragma once

#include <judicious/data/merge.hpp>
#include <judicious/data/summarise.hpp>

namespace judicious {

// Sums over what one cell holds without a label; the judges are counted from `pilot`.
struct QueriedSums {
  std::size_t cell = 0;
  double n = 0.0;
  Vector pilot, sum;
  Matrix cross;
};

// Of rows, of the judges. With known prob also the same sums weighted by 1/prob.
struct QueriedRows : QueriedSums {
  Vector low, high;
  double weighted_n = 0.0;
  Vector weighted_sum;
  Matrix weighted_cross;
  ProbRange prob;
};

// Of clusters, of (m, F) less (size, 0): m rows, F the totals of the judges; and of F / m.
struct QueriedUnits : QueriedSums {
  double n_rows = 0.0, size = 0.0;
  Vector mean_sum;
  Matrix mean_cross;
  double sum_inverse = 0.0;
  bool whole = true;
  Matrix poisson;
  LowProbs low_probs;
};

// Sums over clusters without a label that meet two cells: of (m, F), and of F / m, in both.
struct QueriedPair {
  std::size_t a = 0, b = 0;
  SharedUnits rows, means;
};

struct Queried {
  std::vector<QueriedRows> rows;
  std::vector<QueriedUnits> units;
};

namespace queried_detail {

// Moments of a vector from its sums about a point.
inline Moments moments_about(double n, const Vector& point, const Vector& sum,
                             const Matrix& cross) {
  Moments out(static_cast<int>(sum.size()));
  if (n == 0.0) return out;
  out.n = n;
  out.mean = point + sum / n;
  out.cross = cross - sum * sum.transpose() / n;
  return out;
}

// A judge that never varies has no spread, whatever rounding left of it.
inline void settle_constants(const QueriedRows& q, Moments& judges) {
  for (int k = 0; k < q.low.size(); ++k) {
    if (q.low[k] != q.high[k]) continue;
    judges.mean[k] = q.low[k] - q.pilot[k];
    judges.cross.row(k).setZero();
    judges.cross.col(k).setZero();
  }
}

// (m, F) as the part of u that units without a label fill.
inline Moments as_rest(const Layout& layout, const Moments& part) {
  Moments out(layout.size());
  out.n = part.n;
  const int size = 1 + layout.n_proxies;
  out.mean.segment(layout.rest(), size) = part.mean;
  out.cross.block(layout.rest(), layout.rest(), size, size) = part.cross;
  return out;
}

inline StratumMoments empty_about(const Layout& layout, const Vector& pilot,
                                  const StratumMoments& like) {
  StratumMoments out(layout);
  out.origin = like.origin;
  out.origin.tail(layout.n_proxies) = pilot;
  return out;
}

inline Matrix poisson_rows(const QueriedRows& q) {
  const auto m = static_cast<int>(q.sum.size());
  Matrix out(1 + m, 1 + m);
  out(0, 0) = q.weighted_n - q.n;
  out.block(1, 0, m, 1) = q.weighted_sum - q.sum;
  out.block(0, 1, 1, m) = out.block(1, 0, m, 1).transpose();
  out.block(1, 1, m, m) = q.weighted_cross - q.cross;
  return out;
}

inline void add_rows(const Layout& layout, const QueriedRows& q, StratumMoments& to) {
  StratumMoments s = empty_about(layout, q.pilot, to);
  Moments judges = moments_about(q.n, Vector::Zero(layout.n_proxies), q.sum, q.cross);
  settle_constants(q, judges);
  s.unlabelled = row_pass_detail::of_others(judges, layout);
  s.proxy_rows = judges;
  s.n_rows = q.n;
  s.proxy_low = q.low;
  s.proxy_high = q.high;
  if (layout.known_prob) {
    s.prob = q.prob;
    s.prob.sum_inverse = q.weighted_n;
    s.poisson_rows = poisson_rows(q);
  }
  merge(layout, std::move(s), to);
}

inline StratumMoments unit_facts(const Layout& layout, const QueriedUnits& q,
                                 const StratumMoments& like) {
  StratumMoments s = empty_about(layout, q.pilot, like);
  s.n_rows = q.n_rows;
  s.proxy_low = like.proxy_low;
  s.proxy_high = like.proxy_high;
  if (!layout.known_prob) return s;
  s.prob.sum_inverse = q.sum_inverse;
  s.whole_clusters = q.whole;
  s.poisson_units = q.poisson;
  s.low_unit_probs = q.low_probs;
  return s;
}

inline void add_units(const Layout& layout, const QueriedUnits& q, Cell& cell) {
  const StratumMoments facts = unit_facts(layout, q, cell.rows);
  Vector point = Vector::Zero(1 + layout.n_proxies);
  point[0] = q.size;
  StratumMoments s = facts;
  s.unlabelled = as_rest(layout, moments_about(q.n, point, q.sum, q.cross));
  merge(layout, std::move(s), cell.rows);

  s = facts;
  const Vector nowhere = Vector::Zero(layout.n_proxies);
  s.unlabelled =
      row_pass_detail::of_others(moments_about(q.n, nowhere, q.mean_sum, q.mean_cross), layout);
  merge(layout, std::move(s), cell.means);
}

}  // namespace queried_detail

// The summary of fetched rows and what was queried of the others. With clusters, `rows` ends with
// one row for all unlabelled rows of a labelled cluster (of one cell and prob), which `rows.count`
// counts; the first `n_labelled` are labelled rows.
inline LabelSummary summarise_queried(Rows rows, std::size_t n_labelled, const Queried& queried,
                                      const Executor& run) {
  const std::size_t n = rows.n;
  rows.n = n_labelled;
  LabelSummary out = summarise_rows(rows, run, rows.clusters ? 0 : most_stored_units);
  for (const QueriedRows& q : queried.rows) {
    queried_detail::add_rows(out.layout, q, out.cells[q.cell].rows);
  }
  if (!rows.clusters) return out;
  rows.n = n;
  group_into_units(rows, 1, run, out);
  for (const QueriedUnits& q : queried.units) {
    queried_detail::add_units(out.layout, q, out.cells[q.cell]);
  }
  return out;
}

// Adds clusters without a label that meet two cells of `s`; sums are about the cells' pilots.
inline void add_pair(const QueriedPair& q, const Vector& pilot_a, const Vector& pilot_b,
                     LabelSummary& s) {
  const auto shift = [&](std::size_t cell, const Vector& pilot) {
    Vector out = s.cells[cell].rows.origin;
    out.head(s.layout.n_responses).setZero();
    out.tail(s.layout.n_proxies) -= pilot;
    return out;
  };
  const Vector a = shift(q.a, pilot_a), b = shift(q.b, pilot_b);
  const auto moved = [&](SharedUnits x) {
    x.aa = merge_detail::shift_product(s.layout, x.aa, a, a);
    x.bb = merge_detail::shift_product(s.layout, x.bb, b, b);
    x.ab = merge_detail::shift_product(s.layout, x.ab, a, b);
    return x;
  };
  s.shared_rows[{q.a, q.b}].merge(moved(q.rows));
  s.shared_means[{q.a, q.b}].merge(moved(q.means));
}

}  // namespace judicious

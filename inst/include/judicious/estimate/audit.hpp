// Do the labelled rows look like a random sample of all rows? Under the design every judge's mean
// among labelled rows differs from its mean elsewhere by chance alone, and that chance is known:
// the exact permutation variance of a uniform subset, the Poisson design variance with known prob.
// It can only see a selection that the judges see.
#pragma once

#include <judicious/data/label_summary.hpp>

namespace judicious {

struct StratumAudit {
  Vector z;              // per judge; with known prob the number of labels comes first
  Vector labelled_mean;  // of the judges over labelled rows
  Vector mean;           // over all rows
  double chi_square = 0.0, df = 0.0;
  // Labels one would expect of a judge's rarer answer if it has two, else all labels: the fewest.
  double expected_labels = 0.0;
};

struct Audit {
  std::vector<StratumAudit> strata;
  double chi_square = 0.0, df = 0.0;
  double expected_labels = 0.0;  // least of the judges, over all strata
};

namespace audit_detail {

// A difference and its variance if labels are random.
struct Difference {
  Vector g;
  Matrix G;
};

// Whole units were drawn: S_A (1/n + 1/u), S_A the covariance of linearised totals.
inline Difference of_units(const StratumMoments& s, const Layout& layout) {
  const int m = layout.n_proxies, size = layout.size();
  Matrix F = Matrix::Zero(m, size), count = Matrix::Zero(1, size);
  F.block(0, layout.labelled_proxies(), m, m).setIdentity();
  F.block(0, layout.rest_proxies(), m, m) = Matrix::Identity(m, m);
  count(0, Layout::labelled) = count(0, layout.rest()) = 1.0;
  const Vector total = s.labelled.sum() + s.unlabelled.sum();
  const double n_rows = (count * total)[0], n_units = s.n_units();
  const Matrix d = (F - (F * total / n_rows) * count) * (n_units / n_rows);
  const Matrix S = (cross_of_map(s.labelled, d) + cross_of_map(s.unlabelled, d)) / (n_units - 1.0);
  const double rows_labelled = total[Layout::labelled], rows_rest = total[layout.rest()];
  return {total.segment(layout.labelled_proxies(), m) / rows_labelled -
              total.segment(layout.rest_proxies(), m) / rows_rest,
          S * (1.0 / s.labelled.n + 1.0 / s.unlabelled.n)};
}

// Rows were drawn, inside clusters.
inline Difference of_rows(const StratumMoments& s, const Layout& layout) {
  const int m = layout.n_proxies;
  const Vector total = s.labelled.sum() + s.unlabelled.sum();
  const double n = s.n_true, u = s.n_rows - s.n_true;
  const Matrix S = s.proxy_rows.cross / (s.proxy_rows.n - 1.0);
  return {
      total.segment(layout.labelled_proxies(), m) / n - total.segment(layout.rest_proxies(), m) / u,
      S * (1.0 / n + 1.0 / u)};
}

// Known prob: the sum of (w - 1)(1, f - fbar), fbar over all rows.
inline Difference of_known_prob(const StratumMoments& s, const Layout& layout, bool clustered) {
  const int m = layout.n_proxies;
  const Vector total = s.labelled.sum() + s.unlabelled.sum();
  const double n_rows = total[layout.rest()];
  const Vector F = total.segment(layout.rest_proxies(), m);
  Vector g(1 + m);
  g[0] = total[Layout::labelled] - n_rows;
  g.tail(m) = total.segment(layout.labelled_proxies(), m) - F - F / n_rows * g[0];
  Matrix centre = Matrix::Identity(1 + m, 1 + m);
  centre.block(1, 0, m, 1) = -F / n_rows;
  const Matrix& V = clustered && s.whole_clusters ? s.poisson_units : s.poisson_rows;
  return {g, centre * V * centre.transpose()};
}

// Share of the rarer of a judge's two answers; 1 if it gives more than two.
inline double rarer_share(const StratumMoments& s, const Layout& layout, int judge) {
  const double low = s.proxy_low[judge], high = s.proxy_high[judge];
  const double mean = s.proxy_rows.mean[judge] + s.origin[layout.n_responses + judge];
  const double range = high - low;
  if (!(range > 0.0)) return 1.0;
  // The mean of (f - low)(high - f) is 0 only where every f is an end.
  const double inside =
      (mean - low) * (high - mean) - s.proxy_rows.cross(judge, judge) / s.proxy_rows.n;
  if (inside > 1e-9 * range * range) return 1.0;
  return std::min(mean - low, high - mean) / range;
}

inline double expected_labels(const StratumMoments& s, const Layout& layout) {
  double share = 1.0;
  for (int k = 0; k < layout.n_proxies; ++k) share = std::min(share, rarer_share(s, layout, k));
  return s.n_true * share;
}

inline bool can_compare(const StratumMoments& s, const Layout& layout) {
  if (layout.known_prob) return s.labelled.n > 0.0;
  return s.n_true > 0.0 && s.n_rows > s.n_true;
}

inline Difference difference(const StratumMoments& s, const Layout& layout, bool clustered) {
  if (layout.known_prob) return of_known_prob(s, layout, clustered);
  const bool whole = s.n_mixed == 0.0 && s.unlabelled.n > 1.0 && s.labelled.n > 0.0;
  return whole ? of_units(s, layout) : of_rows(s, layout);
}

inline StratumAudit audit(const StratumMoments& s, const Layout& layout, bool clustered) {
  StratumAudit out;
  const int m = layout.n_proxies;
  out.mean = s.proxy_rows.mean + s.origin.tail(m);
  out.labelled_mean = out.mean;
  out.z =
      Vector::Constant(m + (layout.known_prob ? 1 : 0), std::numeric_limits<double>::quiet_NaN());
  if (s.sum_weight > 0.0) {
    out.labelled_mean = s.sum_weighted_proxies / s.sum_weight + s.origin.tail(m);
  }
  out.expected_labels = expected_labels(s, layout);
  if (!can_compare(s, layout)) return out;
  const Difference found = difference(s, layout, clustered);
  const Indices keep = independent_columns(found.G);
  out.chi_square = apply(inverse_root(found.G, keep), found.g).squaredNorm();
  out.df = static_cast<double>(keep.size());
  for (int k = 0; k < out.z.size(); ++k) {
    if (found.G(k, k) > 0.0) out.z[k] = found.g[k] / std::sqrt(found.G(k, k));
  }
  return out;
}

}  // namespace audit_detail

// One group of a summary.
inline Audit audit_labels(const LabelSummary& summary, std::size_t group = 0) {
  Audit out;
  for (std::size_t h = 0; h < summary.n_strata; ++h) {
    const StratumMoments& s = summary.cells[summary.at(h, group)].rows;
    out.strata.push_back(audit_detail::audit(s, summary.layout, summary.clustered));
    out.chi_square += out.strata.back().chi_square;
    out.df += out.strata.back().df;
    out.expected_labels += out.strata.back().expected_labels;
  }
  return out;
}

}  // namespace judicious

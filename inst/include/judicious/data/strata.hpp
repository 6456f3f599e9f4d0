// What one pass over the data leaves of a stratum, whatever the design: the moments of u (see
// layout.hpp) over units with and without a labelled row, and the little beside them.
#pragma once

#include <judicious/data/columns.hpp>
#include <judicious/data/layout.hpp>
#include <judicious/data/moments.hpp>
#include <judicious/data/ranges.hpp>

namespace judicious {

// Sums over labelled units of w, w^2 and w^2 / (labelled rows) of their weights w: Kish's
// effective sizes (sum w)^2 / sum w^2 of clusters, and the same with as many independent rows.
struct KishSums {
  double weight = 0.0, squares = 0.0, squares_by_row = 0.0;

  void add(double w, double n_true) {
    weight += w;
    squares += w * w;
    squares_by_row += w * w / n_true;
  }
  void merge(const KishSums& other) {
    weight += other.weight;
    squares += other.squares;
    squares_by_row += other.squares_by_row;
  }
  double units() const { return squares > 0.0 ? weight * weight / squares : 0.0; }
  double rows() const { return squares > 0.0 ? weight * weight / squares_by_row : 0.0; }
};

struct StratumMoments {
  Moments labelled;    // of u over units with a labelled row
  Moments unlabelled;  // of u over the other units
  Vector origin;       // subtracted from (y, judges) before summing
  double n_rows = 0.0, n_true = 0.0;
  double n_mixed = 0.0;                 // uniform designs: units with labelled and unlabelled rows
  double sum_inverse_true = 0.0;        // sum of 1/(labelled rows) over labelled units
  LabelRange labels;                    // of the first response
  std::vector<LabelRange> more_labels;  // of the others
  ProbRange prob;
  Vector proxy_low, proxy_high;  // range of every judge over all rows, on its own scale
  double highest_weight = 0.0;
  // Totals over labelled rows, weighted if prob is known: of 1, the responses and the judges.
  double sum_weight = 0.0;
  Vector sum_weighted_y, sum_weighted_proxies;
  // Clusters with known prob: Kish sizes; whether clusters were drawn whole, and then their prob.
  KishSums kish;
  bool whole_clusters = true;
  LowProbs low_unit_probs;
  // What a check of the labelled rows needs besides (audit.hpp), about the origin: over rows, of
  // 1 and the judges; with known prob, products weighted by (1 - prob) / prob, over rows and over
  // whole clusters.
  Moments proxy_rows;
  Matrix poisson_rows, poisson_units;

  explicit StratumMoments(const Layout& layout = {0, false})
      : labelled(layout.size()),
        unlabelled(layout.size()),
        origin(Vector::Zero(layout.n_values())),
        more_labels(static_cast<std::size_t>(layout.n_responses) - 1),
        proxy_low(Vector::Constant(layout.n_proxies, std::numeric_limits<double>::infinity())),
        proxy_high(-proxy_low),
        sum_weighted_y(Vector::Zero(layout.n_responses)),
        sum_weighted_proxies(Vector::Zero(layout.n_proxies)),
        proxy_rows(layout.n_proxies),
        poisson_rows(Matrix::Zero(1 + layout.n_proxies, 1 + layout.n_proxies)),
        poisson_units(poisson_rows) {}

  double n_units() const { return labelled.n + unlabelled.n; }
  bool all_finite() const { return labelled.all_finite() && unlabelled.all_finite(); }
};

// Counts from here on from another origin of (y, judges).
inline void move_origin(const Layout& layout, const Vector& origin, StratumMoments& s) {
  const Vector shift = origin - s.origin;
  if (shift.isZero(0.0)) return;
  const Matrix map = origin_shift(layout, shift);
  for (Moments* m : {&s.labelled, &s.unlabelled}) {
    m->mean = map * m->mean;
    m->cross = map * m->cross * map.transpose();
  }
  const Vector judges = shift.tail(layout.n_proxies);
  s.sum_weighted_y -= s.sum_weight * shift.head(layout.n_responses);
  s.sum_weighted_proxies -= s.sum_weight * judges;
  s.proxy_rows.mean -= judges;
  Matrix by_count = Matrix::Identity(1 + layout.n_proxies, 1 + layout.n_proxies);
  by_count.block(1, 0, layout.n_proxies, 1) = -judges;
  s.poisson_rows = by_count * s.poisson_rows * by_count.transpose();
  s.poisson_units = by_count * s.poisson_units * by_count.transpose();
  s.origin = origin;
}

// Adds the stratum of another part of the data.
inline void merge(const Layout& layout, StratumMoments other, StratumMoments& s) {
  if (s.n_units() == 0.0) s.origin = other.origin;
  move_origin(layout, s.origin, other);
  s.labelled.merge(other.labelled);
  s.unlabelled.merge(other.unlabelled);
  s.n_rows += other.n_rows;
  s.n_true += other.n_true;
  s.n_mixed += other.n_mixed;
  s.sum_inverse_true += other.sum_inverse_true;
  s.labels.merge(other.labels);
  for (std::size_t k = 0; k < s.more_labels.size(); ++k) {
    s.more_labels[k].merge(other.more_labels[k]);
  }
  s.prob.merge(other.prob);
  s.proxy_low = s.proxy_low.cwiseMin(other.proxy_low);
  s.proxy_high = s.proxy_high.cwiseMax(other.proxy_high);
  s.highest_weight = std::max(s.highest_weight, other.highest_weight);
  s.sum_weight += other.sum_weight;
  s.sum_weighted_y += other.sum_weighted_y;
  s.sum_weighted_proxies += other.sum_weighted_proxies;
  s.kish.merge(other.kish);
  s.whole_clusters = s.whole_clusters && other.whole_clusters;
  s.low_unit_probs.merge(other.low_unit_probs);
  s.proxy_rows.merge(other.proxy_rows);
  s.poisson_rows += other.poisson_rows;
  s.poisson_units += other.poisson_units;
}

}  // namespace judicious

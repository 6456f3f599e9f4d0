// From moments to influence: for every stratum the estimator is
//   theta(lambda) = zeta - lambda' g,
//   V(lambda) = sum over units of (psi_y - lambda' psi_f)^2,
// where psi is a linear map of the unit totals u (see layout.hpp). Only that map
// depends on the design; sections 2 and 5 of the statistics vignette derive it.
#pragma once

#include <judicious/data/strata.hpp>

namespace judicious {

struct StratumInfluence {
  double size = 0.0;                    // rows, or units for the mean of cluster means
  double zeta = 0.0;                    // labels only
  Vector g;                             // judge mean among labelled minus among the others
  double labels_only = 0.0;             // weighted label mean that centres the bounded interval
  Matrix map;                           // psi = map * u, (psi_y, psi_f) in rows
  Moments labelled_units, other_units;  // of u
  Matrix labelled, rest;                // sums of psi psi' over labelled and over other units
  Matrix labelled_part;                 // the same over labelled rows alone (uniform designs)
  Matrix residual;          // known prob: (w(y - centre), w(f - centre)) / T = residual * u
  Matrix difference;        // known prob: ((w - 1)(f - centre)) / T = difference * u
  Matrix G_optimal, G_ppi;  // variance of g, see estimators.hpp
  Vector c;                 // covariance of g and zeta
  double n_labelled = 0.0, n_unlabelled = 0.0;  // units with labelled / without labelled rows
  double n_units = 0.0;
  double base_rows = 0.0, base_units = 0.0;  // labels the data are worth without a judge
  double residual_df = 0.0;                  // units behind the labels-only variance
  double inflation = 1.0;  // from judge mean over labelled and others to over the others
  Vector proxy_spread;     // variance of each judge over all units; 0 = constant
  Matrix weight_row;       // known prob, centred: share of the weight total = weight_row * u
  bool mixed = false;      // clusters hold labelled and unlabelled rows
  bool known_prob = false;

  Matrix all() const { return labelled + rest; }
};

struct InfluenceOptions {
  Estimand estimand = Estimand::rows;
  bool center = true;  // known prob: the Hajek form
  bool clustered = false;
};

// Row vectors that pick one entry of u.
class UnitRows {
 public:
  explicit UnitRows(const Layout& layout) : layout_(layout) {}
  Matrix pick(int first, int count) const {
    Matrix out = Matrix::Zero(count, layout_.size());
    out.block(0, first, count, count).setIdentity();
    return out;
  }

 private:
  Layout layout_;
};

inline double bessel(double n) { return n > 1.0 ? std::sqrt(n / (n - 1.0)) : 1.0; }

// Pooled covariance of the linearised judge totals over all units, S_A.
inline Matrix pooled_proxy_covariance(const StratumMoments& s, const Layout& layout) {
  const UnitRows rows(layout);
  const int m = layout.n_proxies;
  if (m == 0) return Matrix::Zero(0, 0);
  const Matrix judges =
      rows.pick(layout.labelled_proxies(), m) + rows.pick(layout.rest_proxies(), m);
  const Matrix counts = rows.pick(Layout::labelled, 1) + rows.pick(layout.rest(), 1);
  const Vector total = s.labelled.sum() + s.unlabelled.sum();
  const double n_rows = (counts * total)[0];
  const double n_units = s.n_units();
  const Matrix d = (judges - (judges * total / n_rows) * counts) * (n_units / n_rows);
  return (cross_of_map(s.labelled, d) + cross_of_map(s.unlabelled, d)) / std::max(n_units - 1.0, 1.0);
}

// Sizes that say how many labels a uniform subset is worth without a judge.
inline void fill_uniform_base(const StratumMoments& s, Estimand estimand, StratumInfluence& out) {
  const double total = s.labelled.sum()[Layout::labelled];
  const double n = s.labelled.n;
  const double mean = total / n;
  const double squares = s.labelled.cross(Layout::labelled, Layout::labelled) + n * mean * mean;
  out.base_rows = estimand == Estimand::rows ? s.n_true : n * n / s.sum_inverse_true;
  out.base_units = total * total / squares;
  out.residual_df = n;
}

inline void fill_cross_products(const StratumMoments& s, StratumInfluence& out) {
  const int m = static_cast<int>(out.g.size());
  out.labelled_units = s.labelled;
  out.other_units = s.unlabelled;
  out.labelled = cross_of_map(s.labelled, out.map);
  out.rest = cross_of_map(s.unlabelled, out.map);
  const Matrix all = out.all();
  out.c = all.block(1, 0, m, 1);
  out.G_optimal = out.G_ppi = all.block(1, 1, m, m);
}

// Labelled subset drawn uniformly (section 2, first display).
inline StratumInfluence uniform_influence(const StratumMoments& s, const Layout& layout,
                                          const InfluenceOptions& options) {
  const UnitRows rows(layout);
  const int m = layout.n_proxies;
  const Vector in_labelled = s.labelled.sum();
  const Vector total = in_labelled + s.unlabelled.sum();
  const double rows_labelled = in_labelled[Layout::labelled];
  const double rows_rest = total[layout.rest()];
  const double n_rest = s.unlabelled.n + s.n_mixed;

  StratumInfluence out;
  out.mixed = s.n_mixed > 0.0;
  out.n_units = s.n_units();
  out.n_labelled = s.labelled.n;
  out.n_unlabelled = s.unlabelled.n;
  out.size = options.estimand == Estimand::rows ? s.n_rows : out.n_units;
  const double y_mean = in_labelled[Layout::labelled_y] / rows_labelled;
  const Vector f_labelled = in_labelled.segment(layout.labelled_proxies(), m) / rows_labelled;
  out.zeta = out.labels_only = s.origin[0] + y_mean;
  const Matrix count = rows.pick(Layout::labelled, 1);
  const double scale = bessel(s.labelled.n) / rows_labelled;
  // With nothing to borrow from, the estimate is the classical one.
  const bool usable = m > 0 && (n_rest > 1.0 || out.mixed);
  out.g = Vector::Zero(m);
  out.map = Matrix::Zero(1 + m, layout.size());
  out.map.row(0) = scale * (rows.pick(Layout::labelled_y, 1) - y_mean * count);
  if (usable) {
    out.map.bottomRows(m) = scale * (rows.pick(layout.labelled_proxies(), m) - f_labelled * count);
  }
  out.labelled_part = cross_of_map(s.labelled, out.map);
  fill_uniform_base(s, options.estimand, out);
  const Matrix pooled = pooled_proxy_covariance(s, layout);
  out.proxy_spread = pooled.diagonal();
  if (usable) {
    const Vector f_rest = total.segment(layout.rest_proxies(), m) / rows_rest;
    const Matrix count_rest = rows.pick(layout.rest(), 1);
    out.map.bottomRows(m) -=
        bessel(n_rest) / rows_rest * (rows.pick(layout.rest_proxies(), m) - f_rest * count_rest);
    out.g = f_labelled - f_rest;
    out.inflation = (rows_labelled + rows_rest) / rows_rest;
  }
  fill_cross_products(s, out);
  if (usable && !out.mixed) {
    out.G_ppi = pooled * (1.0 / s.labelled.n + 1.0 / n_rest);
    out.G_optimal = out.labelled.block(1, 1, m, m) + pooled / n_rest;
  }
  return out;
}

// Known prob: Kish sizes with a floor that guards against the rows with the lowest
// prob holding the events nobody saw (rule of three, low_probs.hpp).
inline void fill_known_prob_base(const StratumMoments& s, const InfluenceOptions& options,
                                 StratumInfluence& out) {
  out.base_rows = std::min(s.n_rows * s.n_rows / s.prob.sum_inverse, s.prob.low.size(s.n_rows));
  if (options.estimand == Estimand::clusters && s.labelled.n > 1.0) out.base_rows = s.kish.rows();
  out.base_units = out.base_rows;
  if (out.n_units < s.n_rows) {
    out.base_units = s.kish.units();
    if (s.whole_clusters) {
      out.base_units = std::min(out.base_units, s.low_unit_probs.size(out.n_units));
    }
  }
  out.residual_df = options.clustered ? out.base_units : out.base_rows;
}

// Known inclusion probabilities (section 2, second display).
inline StratumInfluence known_prob_influence(const StratumMoments& s, const Layout& layout,
                                             const InfluenceOptions& options) {
  const UnitRows rows(layout);
  const int m = layout.n_proxies;
  const Vector total = s.labelled.sum() + s.unlabelled.sum();
  const double T = total[layout.rest()];

  StratumInfluence out;
  out.known_prob = true;
  out.n_units = s.n_units();
  out.n_labelled = s.labelled.n;
  out.n_unlabelled = s.unlabelled.n;
  out.size = T;
  // Centres, about the origin; the uncentred form takes them at zero itself.
  const double y_centre = options.center ? s.sum_weighted_y[0] / s.sum_weight : -s.origin[0];
  const Vector f_centre =
      options.center ? Vector(s.sum_weighted_proxies / s.sum_weight) : Vector(-s.origin.tail(m));
  const Matrix weight = rows.pick(Layout::labelled, 1);
  const Matrix count = rows.pick(layout.rest(), 1);
  const Matrix b = rows.pick(Layout::labelled_y, 1) - y_centre * weight;
  const Matrix a = rows.pick(layout.labelled_proxies(), m) - rows.pick(layout.rest_proxies(), m) -
                   f_centre * (weight - count);
  const double b_mean = (b * total)[0] / T;
  const Vector a_mean = apply(a, total) / T;
  out.zeta = s.origin[0] + y_centre + b_mean;
  out.labels_only = options.center ? s.origin[0] + y_centre : out.zeta;
  out.g = a_mean;
  const double scale = bessel(out.n_units) / T;
  out.map = Matrix::Zero(1 + m, layout.size());
  out.map.row(0) = scale * (b - b_mean * count);
  out.map.bottomRows(m) = scale * (a - a_mean * count);
  fill_cross_products(s, out);
  out.residual = Matrix::Zero(1 + m, layout.size());
  out.residual.row(0) = b / T;
  out.residual.bottomRows(m) = (rows.pick(layout.labelled_proxies(), m) - f_centre * weight) / T;
  out.difference = a / T;
  out.weight_row = weight / s.sum_weight;
  const Matrix f = rows.pick(layout.rest_proxies(), m);
  const Matrix spread = f - (apply(f, total) / T) * count;
  out.proxy_spread =
      (cross_of_map(s.labelled, spread) + cross_of_map(s.unlabelled, spread)).diagonal();
  fill_known_prob_base(s, options, out);
  return out;
}

inline StratumInfluence influence(const StratumMoments& s, const Layout& layout,
                                  const InfluenceOptions& options) {
  return layout.known_prob ? known_prob_influence(s, layout, options)
                           : uniform_influence(s, layout, options);
}

}  // namespace judicious

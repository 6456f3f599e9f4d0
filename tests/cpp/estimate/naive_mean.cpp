#include "naive_mean.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <map>

namespace naive {

namespace {

using RowsOf = std::vector<std::size_t>;

// Rule "three": 3 over the share of the rows, lowest prob first, whose prob sum to 3.
double rule_of_three(std::vector<double> prob) {
  std::sort(prob.begin(), prob.end());
  double sum = 0.0, rows = 0.0;
  for (const double p : prob) {
    const double take = std::min(1.0, (3.0 - sum) / p);
    sum += take * p;
    rows += take;
    if (sum >= 3.0) break;
  }
  return sum * static_cast<double>(prob.size()) / rows;
}

double bessel(double n) { return n > 1.0 ? std::sqrt(n / (n - 1.0)) : 1.0; }

Vector judges(const Design& d, std::size_t i) {
  Vector out(d.n_judges());
  for (int k = 0; k < d.n_judges(); ++k) out[k] = d.f[static_cast<std::size_t>(k)][i];
  return out;
}

bool in_frame(const Design& d, std::size_t i) { return d.prob.empty() || d.prob[i] > 0.0; }

std::vector<RowsOf> rows_by_unit(const Design& d, int stratum) {
  std::map<std::size_t, RowsOf> found;
  for (std::size_t i = 0; i < d.n(); ++i) {
    if (!in_frame(d, i) || (!d.strata.empty() && d.strata[i] != stratum)) continue;
    found[d.clusters.empty() ? i : static_cast<std::size_t>(d.clusters[i])].push_back(i);
  }
  std::vector<RowsOf> out;
  for (const auto& entry : found) out.push_back(entry.second);
  return out;
}

Unit describe_unit(const Design& d, const RowsOf& rows) {
  Unit unit;
  unit.F_L = unit.F_U = Vector::Zero(d.n_judges());
  unit.n_rows = static_cast<double>(rows.size());
  const bool known = !d.prob.empty();
  if (known) unit.prob = d.prob[rows[0]];
  for (const std::size_t i : rows) {
    const bool labelled = !std::isnan(d.y[i]);
    const double w = known ? 1.0 / d.prob[i] : 1.0;
    unit.same_prob = unit.same_prob && (!known || d.prob[i] == unit.prob);
    if (labelled) {
      unit.n_true += 1.0;
      unit.m_L += w;
      unit.Y_L += w * d.y[i];
      unit.F_L += w * judges(d, i);
    }
    if (known || !labelled) {
      unit.m_U += 1.0;
      unit.F_U += judges(d, i);
    }
  }
  return unit;
}

// Section 1: the mean of cluster means, by means of the parts of every unit.
void average(Unit& unit, bool known) {
  const double divide_L = known ? unit.n_rows : unit.m_L, divide_U = unit.m_U;
  if (divide_L > 0.0) {
    unit.Y_L /= divide_L;
    unit.F_L /= divide_L;
    unit.m_L /= divide_L;
  }
  if (divide_U > 0.0) {
    unit.F_U /= divide_U;
    unit.m_U = 1.0;
  }
}

void add_uniform_base(const std::vector<Unit>& raw, bool mean_of_clusters, Stratum& s) {
  double n_true = 0.0, inverse = 0.0, m = 0.0, squares = 0.0;
  for (int j = 0; j < s.n_units(); ++j) {
    if (!raw[j].labelled()) continue;
    n_true += raw[j].n_true;
    inverse += 1.0 / raw[j].n_true;
    m += s.units[j].m_L;
    squares += s.units[j].m_L * s.units[j].m_L;
  }
  s.base_rows = mean_of_clusters ? s.n * s.n / inverse : n_true;
  s.base_units = m * m / squares;
  s.residual_df = s.n;
}

// Section 2, labelled subset drawn uniformly.
void add_uniform_influence(Stratum& s, int n_judges) {
  double m_L = 0.0, m_U = 0.0, u = 0.0;
  Vector F_L = Vector::Zero(n_judges), F_U = F_L;
  s.zeta = 0.0;
  for (const Unit& unit : s.units) {
    m_L += unit.m_L;
    m_U += unit.m_U;
    u += unit.m_U > 0.0 ? 1.0 : 0.0;
    s.zeta += unit.Y_L;
    F_L += unit.F_L;
    F_U += unit.F_U;
    s.mixed = s.mixed || (unit.labelled() && unit.m_U > 0.0);
  }
  s.zeta /= m_L;
  const Vector mean_L = F_L / m_L, mean_U = F_U / m_U;
  const Vector mean_A = (F_L + F_U) / (m_L + m_U);
  s.labels_only = s.zeta;
  s.g = mean_L - mean_U;
  s.inflation = (m_L + m_U) / m_U;
  Matrix S_A = Matrix::Zero(n_judges, n_judges), S_L = S_A;
  for (int j = 0; j < s.n_units(); ++j) {
    const Unit& unit = s.units[j];
    s.psi_y[j] = bessel(s.n) * (unit.Y_L - s.zeta * unit.m_L) / m_L;
    s.psi_f_L.row(j) = bessel(s.n) * (unit.F_L - mean_L * unit.m_L) / m_L;
    s.psi_f.row(j) =
        s.psi_f_L.row(j) - bessel(u) * (unit.F_U - mean_U * unit.m_U).transpose() / m_U;
    const Vector d =
        (unit.F_L + unit.F_U - mean_A * (unit.m_L + unit.m_U)) * s.n_units() / (m_L + m_U);
    S_A += d * d.transpose() / (s.n_units() - 1.0);
    S_L += s.psi_f_L.row(j).transpose() * s.psi_f_L.row(j);
  }
  s.psi_y_L = s.psi_y;
  s.c = s.psi_f.transpose() * s.psi_y;
  s.G_optimal = s.G_ppi = s.psi_f.transpose() * s.psi_f;
  if (s.mixed) return;
  s.G_optimal = S_L + S_A / u;
  s.G_ppi = S_A * (1.0 / s.n + 1.0 / u);
}

// Section 2, known inclusion probabilities; `raw` are totals over rows.
void add_known_influence(const std::vector<Unit>& raw, bool center, Stratum& s) {
  double w = 0.0, y_centre = 0.0, T = 0.0;
  Vector f_centre = 0.0 * raw[0].F_L;
  for (int j = 0; j < s.n_units(); ++j) {
    w += raw[j].m_L;
    y_centre += raw[j].Y_L;
    f_centre += raw[j].F_L;
    T += s.units[j].m_U;
  }
  y_centre *= center ? 1.0 / w : 0.0;
  f_centre *= center ? 1.0 / w : 0.0;
  Vector b(s.n_units());
  Matrix a(s.n_units(), f_centre.size());
  for (int j = 0; j < s.n_units(); ++j) {
    const Unit& unit = s.units[j];
    b[j] = unit.Y_L - y_centre * unit.m_L;
    a.row(j) = unit.F_L - unit.F_U - f_centre * (unit.m_L - unit.m_U);
    s.psi_f_L.row(j) = (unit.F_L - f_centre * unit.m_L) / T;
    s.h0[j] = raw[j].m_L / w;
  }
  s.psi_y_L = b / T;
  const double b_mean = b.sum() / T, k = bessel(s.n_units()) / T;
  const Vector a_mean = a.colwise().sum().transpose() / T;
  s.zeta = y_centre + b_mean;
  s.labels_only = center ? y_centre : s.zeta;
  s.g = a_mean;
  for (int j = 0; j < s.n_units(); ++j) {
    s.psi_y[j] = k * (b[j] - s.units[j].m_U * b_mean);
    s.psi_f.row(j) = k * (a.row(j) - s.units[j].m_U * a_mean.transpose());
  }
  s.c = s.psi_f.transpose() * s.psi_y;
  s.G_optimal = s.G_ppi = s.psi_f.transpose() * s.psi_f;
}

// Section 5, known prob.
void add_known_base(const std::vector<Unit>& raw, const std::vector<double>& row_probs,
                    bool clustered, bool mean_of_clusters, Stratum& s) {
  double inverse = 0.0, w = 0.0, squares = 0.0, squares_by_row = 0.0;
  for (const double p : row_probs) inverse += 1.0 / p;
  const double N = static_cast<double>(row_probs.size());
  s.base_rows = std::min(N * N / inverse, rule_of_three(row_probs));
  std::vector<double> unit_probs;
  bool whole = true;
  for (const Unit& unit : raw) {
    const double weight = mean_of_clusters ? unit.m_L / unit.n_rows : unit.m_L;
    w += weight;
    squares += weight * weight;
    if (unit.labelled()) squares_by_row += weight * weight / unit.n_true;
    whole = whole && unit.same_prob;
    unit_probs.push_back(unit.prob);
  }
  if (mean_of_clusters) s.base_rows = w * w / squares_by_row;
  s.base_units = s.base_rows;
  if (s.n_units() < N) {
    s.base_units = w * w / squares;
    if (whole) s.base_units = std::min(s.base_units, rule_of_three(unit_probs));
  }
  s.residual_df = clustered ? s.base_units : s.base_rows;
}

Stratum describe_stratum(const Design& d, int h, const Options& options) {
  const bool known = !d.prob.empty();
  Stratum s;
  std::vector<double> row_probs;
  for (const RowsOf& rows : rows_by_unit(d, h)) {
    s.units.push_back(describe_unit(d, rows));
    s.n += s.units.back().labelled() ? 1.0 : 0.0;
    s.size += options.mean_of_clusters ? 1.0 : s.units.back().n_rows;
    if (known) {
      for (const std::size_t i : rows) row_probs.push_back(d.prob[i]);
    }
  }
  s.u = s.n_units() - s.n;
  const std::vector<Unit> raw = s.units;
  if (options.mean_of_clusters) {
    for (Unit& unit : s.units) average(unit, known);
  }
  s.psi_y = s.h0 = Vector::Zero(s.n_units());
  s.psi_f = s.psi_f_L = Matrix::Zero(s.n_units(), d.n_judges());
  if (known) {
    add_known_influence(raw, options.center, s);
    add_known_base(raw, row_probs, !d.clusters.empty(), options.mean_of_clusters, s);
  } else {
    add_uniform_influence(s, d.n_judges());
    add_uniform_base(raw, options.mean_of_clusters, s);
  }
  return s;
}

// G of a stratum, shrunk if asked for (section 2, "lambda").
Matrix choose_G(const Stratum& s, const Options& options) {
  Matrix G = options.rule == Rule::ppi ? s.G_ppi : s.G_optimal;
  if (!options.shrink) return G;
  const double share = (static_cast<double>(G.rows()) - 1.0) / std::max(s.base_units, 2.0);
  for (int k = 0; k < G.rows(); ++k) G(k, k) *= 1.0 + share;
  return G;
}

// A stratum's weight in the estimate and the weights its judges got.
struct Tuned {
  double W = 0.0;
  Vector lambda;
  Matrix G_inverse;   // of W psi_f
  double rank = 0.0;  // parameters spent; 0: fixed weights, no leverage
};

Tuned tune(const Stratum& s, double W, const Matrix& G, const Vector& c, const Options& options,
           int n_sharing) {
  Tuned out;
  out.W = W;
  out.G_inverse = 0.0 * G;
  out.lambda = options.rule == Rule::fixed ? options.fixed : Vector(0.0 * c);
  if (options.rule == Rule::fixed || s.g.size() == 0) return out;
  out.G_inverse = G.fullPivLu().inverse();
  out.lambda = out.G_inverse * c;
  out.rank = static_cast<double>(s.g.size()) / n_sharing;
  return out;
}

// Sections 2 and 4: adds a stratum to the estimate; returns its part of the
// denominator of the degrees of freedom.
double add_stratum(const Stratum& s, const Tuned& t, bool known, bool center, Estimate& out) {
  out.estimate += t.W * (s.zeta - t.lambda.dot(s.g));
  out.p0 += t.W * s.labels_only;
  const double n_h = std::max(known ? s.base_units : s.n, 2.0);
  double v_L = 0.0, v_U = 0.0;
  for (int j = 0; j < s.n_units(); ++j) {
    const Vector psi_f = t.W * s.psi_f.row(j).transpose();
    const double psi = t.W * s.psi_y[j] - t.lambda.dot(psi_f);
    const double square = psi * psi;
    if (!s.units[j].labelled()) {
      v_U += square;
      continue;
    }
    v_L += square;
    out.cubes += psi * square;
    const double q = psi_f.dot(t.G_inverse * psi_f);
    const double q2 = std::min(q + (known && center ? s.h0[j] : 0.0), 0.8);
    const double q3 = std::min(q / (1.0 - 1.0 / n_h), 0.8);
    out.hc2 += square / (1.0 - q2);
    out.hc3 += (t.rank > 0.0 ? n_h / (n_h - 1.0) : 1.0) * square / ((1.0 - q3) * (1.0 - q3));
    const double e = t.W * (s.psi_y_L[j] - s.inflation * t.lambda.dot(s.psi_f_L.row(j)));
    out.variance_finite += (1.0 - (known ? s.units[j].prob : s.n / s.n_units())) * e * e;
  }
  out.variance += v_L + v_U;
  out.hc2 += v_U;
  out.hc3 += v_U;
  const double df_L = std::max(s.residual_df - 1.0 - t.rank, 1.0);
  if (known) return (v_L + v_U) * (v_L + v_U) / df_L;
  return v_L * v_L / df_L + v_U * v_U / std::max(s.u - 1.0, 1.0);
}

}  // namespace

std::vector<Stratum> describe(const Design& d, const Options& options) {
  std::vector<Stratum> out;
  for (int h = 0; h < static_cast<int>(d.n_strata()); ++h) {
    out.push_back(describe_stratum(d, h, options));
  }
  return out;
}

Estimate estimate(const Design& d, const Options& options) {
  const auto strata = describe(d, options);
  const int M = d.n_judges();
  double size = 0.0;
  for (const Stratum& s : strata) size += s.size;
  Matrix pooled_G = Matrix::Zero(M, M);
  Vector pooled_c = Vector::Zero(M);
  for (const Stratum& s : strata) {
    const double W = s.size / size;
    pooled_G += W * W * choose_G(s, options);
    pooled_c += W * W * s.c;
  }
  Estimate out;
  out.lambda = Matrix::Zero(static_cast<int>(strata.size()), M);
  double denominator = 0.0, inverse_rows = 0.0, inverse_units = 0.0;
  for (int h = 0; h < out.lambda.rows(); ++h) {
    const Stratum& s = strata[h];
    const double W = s.size / size;
    const Tuned tuned =
        options.pooled ? tune(s, W, pooled_G, pooled_c, options, static_cast<int>(strata.size()))
                       : tune(s, W, W * W * choose_G(s, options), W * W * s.c, options, 1);
    out.lambda.row(h) = tuned.lambda;
    denominator += add_stratum(s, tuned, !d.prob.empty(), options.center, out);
    inverse_rows += W * W / s.base_rows;
    inverse_units += W * W / s.base_units;
  }
  out.df = std::max(out.variance * out.variance / denominator, 1.0);
  out.base_rows = 1.0 / inverse_rows;
  out.base_units = 1.0 / inverse_units;
  return out;
}

}  // namespace naive

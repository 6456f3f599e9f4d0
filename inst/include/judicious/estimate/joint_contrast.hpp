// Linear combinations of several estimates with the weights of the judges that are best for them,
// one set for all strata.
#pragma once

#include <judicious/estimate/joint_covariance.hpp>
#include <judicious/estimate/joint_df.hpp>

namespace judicious {

// Variances of one number: plain, and with leverages.
struct Variances {
  double plain = 0.0, hc2 = 0.0, hc3 = 0.0;
};

// A linear combination of estimates with judge weights of its own.
struct ContrastFit {
  double estimate = 0.0, labels_only = 0.0, p0 = 0.0;
  Variances variance;
  double variance_labels_only = 0.0;
  double df = 1.0;
  Vector lambda;
};

namespace joint_detail {

// What a contrast takes from its estimates: sums, and the smallest sizes.
struct ContrastParts {
  Vector g;
  double labels_only = 0.0, p0 = 0.0;
  double n = std::numeric_limits<double>::infinity(), n_base = n;
};

inline ContrastParts contrast_parts(const JointTargets& targets, const Vector& a, double base) {
  ContrastParts out;
  out.labels_only = base;
  for (int p = 0; p < a.size(); ++p) {
    if (a[p] == 0.0) continue;
    const TargetFit& fit = targets.fits[static_cast<std::size_t>(p)];
    double labelled = 0.0;
    for (const TargetStratum& s : fit.strata) labelled += s.n_labelled;
    out.n = std::min(out.n, labelled);
    out.n_base = std::min(out.n_base, fit.base());
    out.g = out.g.size() == 0 ? Vector(a[p] * fit.g) : Vector(out.g + a[p] * fit.g);
    out.labels_only += a[p] * fit.labels_only;
    out.p0 += a[p] * fit.p0;
  }
  out.n = std::max(out.n, 2.0);
  return out;
}

// The judges' weights, and the root of which leverages are made.
struct ContrastWeights {
  Vector lambda;
  Matrix root;
};

inline ContrastWeights contrast_weights(const JointTargets& targets, const CellMaps& y,
                                        const CellMaps& f, int n_judges, double n_base) {
  const Tuning& tuning = targets.options.tuning;
  ContrastWeights out{Vector::Zero(n_judges), Matrix::Zero(0, n_judges)};
  if (n_judges > 0 && tuning.rule != TuningRule::fixed) {
    const Matrix G = sum_products(targets.units, f, f);
    const Vector c = sum_products(targets.units, f, y);
    const Indices keep = independent_columns(G);
    const double rank = static_cast<double>(keep.size());
    out.root = inverse_root(tuning.shrink ? shrunk(G, rank, n_base) : G, keep);
    out.lambda = apply(out.root.transpose(), apply(out.root, c));
  } else if (n_judges > 0) {
    out.lambda = tuning.fixed;
  }
  return out;
}

// All responses of a group are weighted alike: its share of the weights counts once.
inline Vector one_response_per_group(const JointTargets& targets, const Vector& a) {
  Vector once = Vector::Zero(a.size());
  for (const std::size_t group : targets.groups_of(a)) {
    for (const std::size_t p : targets.by_group[group]) {
      if (a[static_cast<int>(p)] == 0.0) continue;
      once[static_cast<int>(p)] = 1.0;
      break;
    }
  }
  return once;
}

// Adds to the variances what the leverages of the labelled units make of them.
inline void add_leverages(const JointTargets& targets, const Vector& a, const CellMaps& psi,
                          const CellMaps& f, const Matrix& root, double n, Variances& to) {
  const JointUnits& units = targets.units;
  const CellMaps weight =
      targets.combine(one_response_per_group(targets, a), &TargetStratum::weight_row);
  units.for_units_of(targets.groups_of(a), [&](const UnitParts& unit) {
    if (!labelled_in(units, unit, psi)) return;
    const double e = row_of(units, unit, psi)[0];
    const double q = root.rows() > 0 ? (root * row_of(units, unit, f)).squaredNorm() : 0.0;
    double h0 = 0.0;
    for (const auto& [k, i] : unit.parts) {
      const Matrix& row = weight[units.cell(unit.stratum, k)];
      if (row.size() > 0) h0 = std::max(h0, (row * units.raw_part(unit.stratum, k, i))(0, 0));
    }
    const double two = hc2_scale(q + std::min(h0, highest_leverage));
    const double three = hc3_scale(q, n, root.cols() > 0);
    to.hc2 += e * e * (two * two - 1.0);
    to.hc3 += e * e * (three * three - 1.0);
  });
}

}  // namespace joint_detail

// base + a'theta.
inline ContrastFit fit_contrast(const JointTargets& targets, const Vector& a, double base) {
  const JointUnits& units = targets.units;
  if (!units.complete()) throw std::domain_error("There are too many labels to keep one by one.");
  const CellMaps y = targets.combine(a, &TargetStratum::psi_y);
  const CellMaps f = targets.combine(a, &TargetStratum::psi_f);
  const auto parts = joint_detail::contrast_parts(targets, a, base);
  const auto n_judges = static_cast<int>(parts.g.size());
  const auto weights = joint_detail::contrast_weights(targets, y, f, n_judges, parts.n_base);
  CellMaps psi = y;
  for (std::size_t k = 0; k < psi.size(); ++k) {
    if (psi[k].size() > 0 && n_judges > 0) psi[k] -= weights.lambda.transpose() * f[k];
  }
  ContrastFit out;
  out.lambda = weights.lambda;
  out.labels_only = parts.labels_only;
  out.p0 = parts.p0;
  out.estimate = out.labels_only - out.lambda.dot(parts.g);
  out.variance_labels_only = sum_of_squares(units, y);
  out.variance.plain = sum_of_squares(units, psi);
  out.df =
      contrast_df(targets, psi, out.variance.plain, static_cast<double>(weights.root.rows()), a);
  out.variance.hc2 = out.variance.hc3 = out.variance.plain;
  joint_detail::add_leverages(targets, a, psi, f, weights.root, parts.n, out.variance);
  return out;
}

}  // namespace judicious

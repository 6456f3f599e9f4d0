// One estimate from a summary: the mean of a response in a group, with the help of some judges.
//
// It is theta = sum_h W_h (zeta - lambda' g), and the influence of a unit on it a linear map of the
// unit's u in each of its cells (statistics vignette; many.md of the design, sections 2 and 4).
#pragma once

#include <judicious/data/select.hpp>
#include <judicious/estimate/mean.hpp>
#include <stdexcept>

namespace judicious {

// What is estimated: the mean of one response in one group, with the help of some of the judges.
struct Target {
  std::size_t group = 0;
  Selection what;
};

// All responses of all groups. With `own` response k may use judge k alone.
inline std::vector<Target> all_targets(const LabelSummary& summary, bool own) {
  std::vector<Target> out;
  for (std::size_t g = 0; g < summary.n_groups; ++g) {
    for (int k = 0; k < summary.layout.n_responses; ++k) {
      Target target{g, whole_selection(summary.layout, k)};
      if (own) target.what.judges = {k};
      out.push_back(std::move(target));
    }
  }
  return out;
}

// The part of an estimate that comes from one stratum. Maps are of u, and include W_h.
struct TargetStratum {
  bool present = false;
  bool lonely = false;       // one labelled unit, whose variance is borrowed
  double weight = 0.0;       // W_h
  Matrix psi_y, psi_f, psi;  // 1 x size, judges x size, and psi_y - lambda' psi_f
  Matrix leverage;           // leverage of a unit = |leverage * u|^2
  Matrix weight_row;         // known prob, centred: share of the weight total
  double n_labelled = 0.0, n_unlabelled = 0.0, n_units = 0.0;
  double size_for_leverage = 2.0;  // n_h of HC3
  double residual = 2.0;           // labelled units, or base size with known prob
  double spent = 1.0;              // 1 + rank
};

struct TargetFit {
  Target target;
  std::vector<TargetStratum> strata;
  double estimate = 0.0, labels_only = 0.0, p0 = 0.0;
  double base_rows = 0.0, base_units = 0.0, n_rows = 0.0, n_true = 0.0;
  Vector g;
  Matrix lambda;  // strata x judges
  bool tuned = false;

  double base() const { return std::sqrt(base_rows * base_units); }
};

namespace joint_detail {

// A map of the selection's u as a map of the whole u.
inline Matrix widen(const Matrix& map, const Indices& at, int size) {
  Matrix out = Matrix::Zero(map.rows(), size);
  for (std::size_t i = 0; i < at.size(); ++i) out.col(at[i]) = map.col(static_cast<int>(i));
  return out;
}

inline TargetStratum target_stratum(const TunedStratum& s, const Indices& positions, int size,
                                    bool center) {
  const StratumInfluence& in = s.influence;
  const Matrix map_f = in.map.bottomRows(in.map.rows() - 1);
  TargetStratum out;
  out.present = true;
  out.lonely = s.lonely;
  out.weight = s.weight;
  out.psi_y = s.weight * widen(in.map.topRows(1), positions, size);
  out.psi_f = s.weight * widen(map_f, positions, size);
  out.psi = widen(s.weight * (contrast(s.lambda).transpose() * in.map), positions, size);
  out.leverage = Matrix::Zero(s.leverage_root.rows(), size);
  if (s.leverage_root.rows() > 0) out.leverage = widen(s.leverage_root * map_f, positions, size);
  out.weight_row = Matrix::Zero(1, size);
  if (in.known_prob && center) out.weight_row = widen(in.weight_row, positions, size);
  out.n_labelled = in.n_labelled;
  out.n_unlabelled = in.n_unlabelled;
  out.n_units = in.n_units;
  out.size_for_leverage = std::max(in.known_prob ? in.base_units : in.n_labelled, 2.0);
  out.residual = in.residual_df;
  out.spent = 1.0 + s.rank;
  return out;
}

}  // namespace joint_detail

inline TargetFit fit_target(const LabelSummary& summary, const MeanOptions& options,
                            Target target) {
  TargetFit out;
  const Layout layout = selected_layout(summary.layout, target.what);
  const Indices positions = selected_positions(summary.layout, target.what);
  std::vector<StratumInfluence> influences;
  std::vector<std::size_t> strata;
  for (std::size_t h = 0; h < summary.n_strata; ++h) {
    const StratumMoments& m =
        summary.moments(summary.at(h, target.group), options.influence.estimand);
    if (m.n_units() == 0.0) continue;
    if (m.labelled.n < (options.lonely_pool ? 1.0 : 2.0)) {
      throw std::domain_error("A stratum of a group has fewer than two labelled units.");
    }
    strata.push_back(h);
    influences.push_back(
        influence(select(summary.layout, m, target.what), layout, options.influence));
    out.n_rows += m.n_rows;
    out.n_true += m.n_true;
  }
  if (influences.empty()) throw std::domain_error("A group has no rows.");
  const TunedDesign design =
      tune(influences, stratum_weights(influences, options.weights), options.tuning);
  out.target = std::move(target);
  out.tuned = design.tuned;
  out.strata.resize(summary.n_strata);
  out.lambda = Matrix::Zero(static_cast<int>(summary.n_strata), layout.n_proxies);
  out.g = Vector::Zero(layout.n_proxies);
  double inverse_rows = 0.0, inverse_units = 0.0;
  for (std::size_t k = 0; k < strata.size(); ++k) {
    const TunedStratum& s = design.strata[k];
    out.strata[strata[k]] =
        joint_detail::target_stratum(s, positions, summary.layout.size(), options.influence.center);
    out.lambda.row(static_cast<int>(strata[k])) = s.lambda;
    out.estimate += s.weight * s.theta;
    out.labels_only += s.weight * s.influence.zeta;
    out.p0 += s.weight * s.influence.labels_only;
    out.g += s.weight * s.influence.g;
    inverse_rows += s.weight * s.weight / s.influence.base_rows;
    inverse_units += s.weight * s.weight / s.influence.base_units;
  }
  out.base_rows = 1.0 / inverse_rows;
  out.base_units = 1.0 / inverse_units;
  return out;
}

}  // namespace judicious

// Several estimates from one summary, with their covariance: responses that share judges, and
// groups whose clusters they share (many.md of the design, sections 2 and 4; statistics vignette).
//
// An estimate is theta_p = sum_h W_h (zeta - lambda' g), and the influence of a unit on it a linear
// map of the unit's u in the estimate's own cell. Covariances are products of these maps with the
// second moments of u between cells: those of the cell itself, those of units without any label
// that meet two cells, and the units kept one by one.
#pragma once

#include <judicious/data/select.hpp>
#include <judicious/estimate/mean.hpp>
#include <map>
#include <stdexcept>
#include <string>

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

// A map of the selection's u as a map of the whole u.
inline Matrix widen(const Matrix& map, const Indices& at, int size) {
  Matrix out = Matrix::Zero(map.rows(), size);
  for (std::size_t i = 0; i < at.size(); ++i) out.col(at[i]) = map.col(static_cast<int>(i));
  return out;
}

inline double hc2_scale(double q) { return 1.0 / std::sqrt(1.0 - std::min(q, highest_leverage)); }
inline double hc3_scale(double q, double n, bool tuned) {
  const double scaled = std::min(q / (1.0 - 1.0 / n), highest_leverage);
  return (tuned ? std::sqrt(n / (n - 1.0)) : 1.0) / (1.0 - scaled);
}

}  // namespace joint_detail

class JointFit {
 public:
  JointFit(std::shared_ptr<const LabelSummary> summary, std::vector<Target> targets,
           MeanOptions options)
      : summary_(std::move(summary)), options_(std::move(options)) {
    options_.influence.clustered = summary_->clustered;
    for (Target& target : targets) fits_.push_back(fit(std::move(target)));
    index_units();
    fill_covariance();
  }

  const std::vector<TargetFit>& fits() const { return fits_; }
  const Matrix& vcov() const { return plain_; }
  const Matrix& hc2() const { return hc2_; }
  const Matrix& hc3() const { return hc3_; }
  double variance_labels_only(std::size_t p) const {
    const Vector a = Vector::Unit(size(), static_cast<int>(p));
    return sum_of_squares(combine_maps(a, &TargetStratum::psi_y));
  }

  double value(const Vector& a) const {
    double out = 0.0;
    for (int p = 0; p < a.size(); ++p) out += a[p] * fits_[at(p)].estimate;
    return out;
  }

  // Satterthwaite degrees of freedom of a'theta.
  double df(const Vector& a) const;

  // base + a'theta with the judges' weights that are best for it, one set for all strata.
  ContrastFit contrast(const Vector& a, double base = 0.0) const;

  // Share of labelled units that two estimates have in common: n_AB / sqrt(n_A n_B).
  double label_overlap(std::size_t p, std::size_t q) const;

  // Whether any variance is borrowed from other strata.
  bool borrows() const {
    return std::any_of(fits_.begin(), fits_.end(), [](const TargetFit& fit) {
      return std::any_of(fit.strata.begin(), fit.strata.end(),
                         [](const TargetStratum& s) { return s.lonely; });
    });
  }

  int size() const { return static_cast<int>(fits_.size()); }
  const LabelSummary& summary() const { return *summary_; }

 private:
  // Maps of a linear combination: per stratum and group, rows x size (empty where it has no part).
  using CellMaps = std::vector<Matrix>;
  // The kept parts of one unit, in one stratum.
  struct UnitParts {
    std::size_t stratum = 0;
    std::vector<std::pair<std::size_t, std::size_t>> parts;  // group, position
  };
  struct ClassSums {
    double n = 0.0, squares = 0.0;
  };

  static std::size_t at(int p) { return static_cast<std::size_t>(p); }
  Estimand estimand() const { return options_.influence.estimand; }
  const StratumMoments& moments(std::size_t h, std::size_t g) const {
    return summary_->moments(summary_->at(h, g), estimand());
  }
  Vector unit(std::size_t h, std::size_t g, std::size_t i) const {
    return summary_->unit(summary_->at(h, g), i, estimand());
  }
  Vector raw_unit(std::size_t h, std::size_t g, std::size_t i) const {
    return summary_->unit(summary_->at(h, g), i, Estimand::rows);
  }
  const StoredUnits& stored(std::size_t h, std::size_t g) const {
    return summary_->cells[summary_->at(h, g)].units;
  }
  bool has_units() const {
    for (const Cell& cell : summary_->cells) {
      if (!cell.units.complete) return false;
    }
    return true;
  }

  // --- one estimate ---------------------------------------------------------------------------

  TargetFit fit(Target target) const {
    TargetFit out;
    const Layout layout = selected_layout(summary_->layout, target.what);
    const Indices positions = selected_positions(summary_->layout, target.what);
    std::vector<StratumInfluence> influences;
    std::vector<std::size_t> strata;
    for (std::size_t h = 0; h < summary_->n_strata; ++h) {
      const StratumMoments& m = moments(h, target.group);
      if (m.n_units() == 0.0) continue;
      if (m.labelled.n < (options_.lonely_pool ? 1.0 : 2.0)) {
        throw std::domain_error("A stratum of a group has fewer than two labelled units.");
      }
      strata.push_back(h);
      influences.push_back(
          influence(select(summary_->layout, m, target.what), layout, options_.influence));
      out.n_rows += m.n_rows;
      out.n_true += m.n_true;
    }
    if (influences.empty()) throw std::domain_error("A group has no rows.");
    const TunedDesign design =
        tune(influences, stratum_weights(influences, options_.weights), options_.tuning);
    out.target = std::move(target);
    out.tuned = design.tuned;
    out.strata.resize(summary_->n_strata);
    out.lambda = Matrix::Zero(static_cast<int>(summary_->n_strata), layout.n_proxies);
    out.g = Vector::Zero(layout.n_proxies);
    double inverse_rows = 0.0, inverse_units = 0.0;
    for (std::size_t k = 0; k < strata.size(); ++k) {
      const TunedStratum& s = design.strata[k];
      out.strata[strata[k]] = target_stratum(s, positions);
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

  TargetStratum target_stratum(const TunedStratum& s, const Indices& positions) const {
    using joint_detail::widen;
    const StratumInfluence& in = s.influence;
    const int size = summary_->layout.size();
    TargetStratum out;
    out.present = true;
    out.lonely = s.lonely;
    out.weight = s.weight;
    out.psi_y = s.weight * widen(in.map.topRows(1), positions, size);
    out.psi_f = s.weight * widen(in.map.bottomRows(in.map.rows() - 1), positions, size);
    out.psi = widen(s.weight * (contrast_of(s.lambda).transpose() * in.map), positions, size);
    out.leverage = Matrix::Zero(s.leverage_root.rows(), size);
    if (s.leverage_root.rows() > 0) {
      out.leverage = widen(s.leverage_root * in.map.bottomRows(in.map.rows() - 1), positions, size);
    }
    out.weight_row = Matrix::Zero(1, size);
    if (in.known_prob && options_.influence.center) {
      out.weight_row = widen(in.weight_row, positions, size);
    }
    out.n_labelled = in.n_labelled;
    out.n_unlabelled = in.n_unlabelled;
    out.n_units = in.n_units;
    out.size_for_leverage = std::max(in.known_prob ? in.base_units : in.n_labelled, 2.0);
    out.residual = in.residual_df;
    out.spent = 1.0 + s.rank;
    return out;
  }
  static Vector contrast_of(const Vector& lambda) { return judicious::contrast(lambda); }

  // --- units that are kept one by one ---------------------------------------------------------

  // Clusters have parts in several groups; rows have one.
  void index_units() {
    units_of_group_.resize(summary_->n_groups);
    for (std::size_t h = 0; h < summary_->n_strata; ++h) {
      std::map<std::int64_t, std::size_t> found;
      for (std::size_t g = 0; g < summary_->n_groups; ++g) {
        const StoredUnits& units = stored(h, g);
        for (std::size_t i = 0; i < units.size(); ++i) {
          std::size_t where = units_.size();
          if (summary_->clustered && summary_->n_groups > 1) {
            where = found.try_emplace(units.ids[i], where).first->second;
          }
          if (where == units_.size()) units_.push_back({h, {}});
          units_[where].parts.emplace_back(g, i);
          units_of_group_[g].push_back(where);
        }
      }
    }
    by_group_.resize(summary_->n_groups);
    for (std::size_t p = 0; p < fits_.size(); ++p) by_group_[fits_[p].target.group].push_back(p);
  }

  // --- covariances ----------------------------------------------------------------------------

  void fill_covariance() {
    plain_ = hc2_ = hc3_ = Matrix::Zero(size(), size());
    for (std::size_t h = 0; h < summary_->n_strata; ++h) {
      for (std::size_t g = 0; g < summary_->n_groups; ++g) add_cell(h, g);
    }
    for (const auto& [pair, shared] : summary_->shared(estimand())) add_shared(pair, shared);
    if (!has_units()) {
      if (!summary_->shared(estimand()).empty()) {
        throw std::domain_error("There are too many labelled clusters to compare groups.");
      }
      return;
    }
    for (const UnitParts& unit : units_) add_unit(unit);
  }

  void add_symmetric(Matrix& to, std::size_t p, std::size_t q, double value) const {
    to(static_cast<int>(p), static_cast<int>(q)) += value;
    if (p != q) to(static_cast<int>(q), static_cast<int>(p)) += value;
  }

  // Sum of (a u)(b u) over the observations behind `m`.
  static double product(const Moments& m, const Matrix& a, const Matrix& b) {
    return (a * m.cross * b.transpose())(0, 0) + m.n * (a * m.mean)(0, 0) * (b * m.mean)(0, 0);
  }

  bool is_lonely(std::size_t h, std::size_t g) const {
    return !by_group_[g].empty() && fits_[by_group_[g].front()].strata[h].lonely;
  }

  // Covariance of two estimates of a group in a stratum with one labelled unit: that of a labelled
  // unit of the group's other strata. What groups share in such a stratum is taken for nothing.
  double borrowed(std::size_t h, std::size_t p, std::size_t q) const {
    const TargetFit &first = fits_[p], &second = fits_[q];
    double sum = 0.0, donors = 0.0;
    for (std::size_t d = 0; d < summary_->n_strata; ++d) {
      const TargetStratum &a = first.strata[d], &b = second.strata[d];
      if (!a.present || a.lonely) continue;
      donors += 1.0;
      if (!(a.weight > 0.0)) continue;
      const StratumMoments& m = moments(d, first.target.group);
      sum += m.labelled.n * product(m.labelled, a.psi, b.psi) / (a.weight * b.weight);
    }
    return first.strata[h].weight * second.strata[h].weight * sum / donors;
  }

  // Units of one cell: all of them in the plain variance, those without a label in the others.
  void add_cell(std::size_t h, std::size_t g) {
    const StratumMoments& m = moments(h, g);
    if (m.n_units() == 0.0) return;
    const bool kept = stored(h, g).complete;
    for (const std::size_t p : by_group_[g]) {
      for (const std::size_t q : by_group_[g]) {
        if (q < p) continue;
        const Matrix &a = fits_[p].strata[h].psi, &b = fits_[q].strata[h].psi;
        const bool lonely = fits_[p].strata[h].lonely;
        const double rest = product(m.unlabelled, a, b);
        const double labelled = lonely ? borrowed(h, p, q) : product(m.labelled, a, b);
        add_symmetric(plain_, p, q, rest + labelled);
        add_symmetric(hc2_, p, q, kept && !lonely ? rest : rest + labelled);
        add_symmetric(hc3_, p, q, kept && !lonely ? rest : rest + labelled);
      }
    }
  }

  void add_shared(const LabelSummary::CellPair& pair, const SharedUnits& shared) {
    const std::size_t h = pair.first / summary_->n_groups;
    for (const std::size_t p : by_group_[pair.first % summary_->n_groups]) {
      for (const std::size_t q : by_group_[pair.second % summary_->n_groups]) {
        const Matrix value =
            fits_[p].strata[h].psi * shared.ab * fits_[q].strata[h].psi.transpose();
        for (Matrix* to : {&plain_, &hc2_, &hc3_}) add_symmetric(*to, p, q, value(0, 0));
      }
    }
  }

  struct Psi {
    std::size_t target, group;
    bool labelled;
    double plain, hc2, hc3;
  };

  std::vector<Psi> psi_of(const UnitParts& unit) const {
    std::vector<Psi> out;
    for (const auto& [g, i] : unit.parts) {
      const bool labelled = stored(unit.stratum, g).is_labelled(i);
      const Vector u = this->unit(unit.stratum, g, i), raw = raw_unit(unit.stratum, g, i);
      for (const std::size_t p : by_group_[g]) {
        const TargetStratum& s = fits_[p].strata[unit.stratum];
        const double psi = (s.psi * u)(0, 0);
        Psi one{p, g, labelled, psi, psi, psi};
        if (labelled && s.lonely) {
          one.plain = one.hc2 = one.hc3 = 0.0;
        } else if (labelled) {
          const double q = s.leverage.rows() > 0 ? (s.leverage * u).squaredNorm() : 0.0;
          one.hc2 *= joint_detail::hc2_scale(q + (s.weight_row * raw)(0, 0));
          one.hc3 *= joint_detail::hc3_scale(q, s.size_for_leverage, fits_[p].tuned);
        }
        out.push_back(one);
      }
    }
    return out;
  }

  // Within a cell its labelled units; between cells whatever part the unit has there.
  void add_unit(const UnitParts& unit) {
    const std::vector<Psi> psi = psi_of(unit);
    for (std::size_t i = 0; i < psi.size(); ++i) {
      for (std::size_t j = i; j < psi.size(); ++j) {
        const Psi &a = psi[i], &b = psi[j];
        const bool same_cell = a.group == b.group;
        if (same_cell && !a.labelled) continue;
        if (!same_cell) add_symmetric(plain_, a.target, b.target, a.plain * b.plain);
        add_symmetric(hc2_, a.target, b.target, a.hc2 * b.hc2);
        add_symmetric(hc3_, a.target, b.target, a.hc3 * b.hc3);
      }
    }
  }

  // --- linear combinations --------------------------------------------------------------------

  CellMaps combine_maps(const Vector& a, Matrix TargetStratum::*map) const {
    CellMaps out(summary_->cells.size());
    for (int p = 0; p < a.size(); ++p) {
      if (a[p] == 0.0) continue;
      const TargetFit& fit = fits_[at(p)];
      for (std::size_t h = 0; h < summary_->n_strata; ++h) {
        if (!fit.strata[h].present) continue;
        Matrix& cell = out[summary_->at(h, fit.target.group)];
        const Matrix& part = fit.strata[h].*map;
        if (cell.size() == 0) cell = Matrix::Zero(part.rows(), part.cols());
        cell += a[p] * part;
      }
    }
    return out;
  }

  // Sum over all units of (a unit's row of `left`) (its row of `right`)', of one stratum or all.
  Matrix sum_products(const CellMaps& left, const CellMaps& right, std::size_t stratum,
                      bool all) const;
  double sum_of_squares(const CellMaps& maps) const {
    return sum_products(maps, maps, 0, true)(0, 0);
  }
  double sum_of_squares(const CellMaps& maps, std::size_t h) const {
    return sum_products(maps, maps, h, false)(0, 0);
  }

  // A unit's row of a combination: its parts added up.
  Vector row_of(const UnitParts& unit, const CellMaps& maps) const {
    Vector out;
    for (const auto& [g, i] : unit.parts) {
      const Matrix& map = maps[summary_->at(unit.stratum, g)];
      if (map.size() == 0) continue;
      const Vector part = map * this->unit(unit.stratum, g, i);
      out = out.size() == 0 ? part : Vector(out + part);
    }
    return out;
  }
  bool labelled_in(const UnitParts& unit, const CellMaps& maps) const {
    for (const auto& [g, i] : unit.parts) {
      const bool takes_part = maps[summary_->at(unit.stratum, g)].size() > 0;
      if (takes_part && stored(unit.stratum, g).is_labelled(i)) return true;
    }
    return false;
  }

  // Labelled (l), present without a label (u) or absent (.) in every group of the combination.
  std::string pattern_of(const UnitParts& unit, const std::vector<std::size_t>& groups) const {
    std::string out(groups.size(), '.');
    for (std::size_t k = 0; k < groups.size(); ++k) {
      for (const auto& [g, i] : unit.parts) {
        if (g == groups[k]) out[k] = stored(unit.stratum, g).is_labelled(i) ? 'l' : 'u';
      }
    }
    return out;
  }

  std::vector<std::size_t> groups_of(const Vector& a) const {
    std::vector<std::size_t> out;
    for (std::size_t g = 0; g < by_group_.size(); ++g) {
      for (const std::size_t p : by_group_[g]) {
        if (a[static_cast<int>(p)] == 0.0) continue;
        out.push_back(g);
        break;
      }
    }
    return out;
  }

  // The units that are kept of some groups, each once.
  template <class Visit>
  void for_units_of(const std::vector<std::size_t>& groups, const Visit& visit) const {
    for (std::size_t k = 0; k < groups.size(); ++k) {
      for (const std::size_t where : units_of_group_[groups[k]]) {
        const UnitParts& unit = units_[where];
        const bool seen = std::any_of(unit.parts.begin(), unit.parts.end(), [&](const auto& part) {
          const auto end = groups.begin() + static_cast<std::ptrdiff_t>(k);
          return std::find(groups.begin(), end, part.first) != end;
        });
        if (!seen) visit(unit);
      }
    }
  }

  using Classes = std::map<std::string, ClassSums>;
  double borrowed(std::size_t h, std::size_t group, const Vector& a) const;
  Classes classes_of(std::size_t h, const CellMaps& maps,
                     const std::vector<std::size_t>& groups) const;
  void add_unkept(std::size_t h, const CellMaps& maps, const std::vector<std::size_t>& groups,
                  Classes& out) const;
  double class_df(std::size_t h, const std::string& pattern, double n, const Vector& a,
                  const std::vector<std::size_t>& groups, const Classes& classes) const;
  double contrast_df(const CellMaps& maps, double variance, double rank, const Vector& a) const;

  std::shared_ptr<const LabelSummary> summary_;
  MeanOptions options_;
  std::vector<TargetFit> fits_;
  std::vector<std::vector<std::size_t>> by_group_;  // targets of every group
  std::vector<UnitParts> units_;
  std::vector<std::vector<std::size_t>> units_of_group_;  // positions in units_
  Matrix plain_, hc2_, hc3_;
};

}  // namespace judicious

#include <judicious/estimate/joint_contrast.hpp>

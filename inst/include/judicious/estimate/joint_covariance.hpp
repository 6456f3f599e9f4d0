// Covariances of several estimates: plain, and with leverages. Products of the estimates' maps with
// the second moments of u between cells; groups covary by the clusters that they share.
#pragma once

#include <judicious/estimate/joint_targets.hpp>

namespace judicious {

namespace joint_detail {

inline double hc2_scale(double q) { return 1.0 / std::sqrt(1.0 - std::min(q, highest_leverage)); }
inline double hc3_scale(double q, double n, bool tuned) {
  const double scaled = std::min(q / (1.0 - 1.0 / n), highest_leverage);
  return (tuned ? std::sqrt(n / (n - 1.0)) : 1.0) / (1.0 - scaled);
}

}  // namespace joint_detail

class JointCovariance {
 public:
  Matrix plain, hc2, hc3;

  explicit JointCovariance(const JointTargets& targets) {
    const auto size = static_cast<int>(targets.fits.size());
    const JointUnits& units = targets.units;
    plain = hc2 = hc3 = Matrix::Zero(size, size);
    for (std::size_t h = 0; h < units.n_strata(); ++h) {
      for (std::size_t g = 0; g < units.n_groups(); ++g) add_cell(targets, h, g);
    }
    for (const auto& [pair, shared] : units.shared()) add_shared(targets, pair, shared);
    if (!units.complete()) {
      if (!units.shared().empty()) {
        throw std::domain_error("There are too many labelled clusters to compare groups.");
      }
      return;
    }
    for (const UnitParts& unit : units.kept()) add_unit(targets, unit);
  }

 private:
  static void add_symmetric(Matrix& to, std::size_t p, std::size_t q, double value) {
    to(static_cast<int>(p), static_cast<int>(q)) += value;
    if (p != q) to(static_cast<int>(q), static_cast<int>(p)) += value;
  }

  // Units of one cell: all of them in the plain variance, those without a label in the others.
  void add_cell(const JointTargets& targets, std::size_t h, std::size_t g) {
    using joint_detail::product;
    const StratumMoments& m = targets.units.moments(h, g);
    if (m.n_units() == 0.0) return;
    const bool kept = targets.units.stored(h, g).complete;
    for (const std::size_t p : targets.by_group[g]) {
      for (const std::size_t q : targets.by_group[g]) {
        if (q < p) continue;
        const TargetStratum &first = targets.fits[p].strata[h], &second = targets.fits[q].strata[h];
        const bool lonely = first.lonely;
        const double rest = product(m.unlabelled, first.psi, second.psi);
        const double labelled =
            lonely ? targets.borrowed(h, p, q) : product(m.labelled, first.psi, second.psi);
        add_symmetric(plain, p, q, rest + labelled);
        add_symmetric(hc2, p, q, kept && !lonely ? rest : rest + labelled);
        add_symmetric(hc3, p, q, kept && !lonely ? rest : rest + labelled);
      }
    }
  }

  void add_shared(const JointTargets& targets, const LabelSummary::CellPair& pair,
                  const SharedUnits& shared) {
    const std::size_t n_groups = targets.units.n_groups(), h = pair.first / n_groups;
    for (const std::size_t p : targets.by_group[pair.first % n_groups]) {
      for (const std::size_t q : targets.by_group[pair.second % n_groups]) {
        const Matrix value =
            targets.fits[p].strata[h].psi * shared.ab * targets.fits[q].strata[h].psi.transpose();
        for (Matrix* to : {&plain, &hc2, &hc3}) add_symmetric(*to, p, q, value(0, 0));
      }
    }
  }

  // What a part of a unit adds to one estimate.
  struct Psi {
    std::size_t target, group;
    bool labelled;
    double plain, hc2, hc3;
  };

  static std::vector<Psi> psi_of(const JointTargets& targets, const UnitParts& unit) {
    const std::size_t h = unit.stratum;
    std::vector<Psi> out;
    for (const auto& [g, i] : unit.parts) {
      const bool labelled = targets.units.stored(h, g).is_labelled(i);
      const Vector u = targets.units.part(h, g, i), raw = targets.units.raw_part(h, g, i);
      for (const std::size_t p : targets.by_group[g]) {
        const TargetStratum& s = targets.fits[p].strata[h];
        const double psi = (s.psi * u)(0, 0);
        Psi one{p, g, labelled, psi, psi, psi};
        if (labelled && s.lonely) {
          one.plain = one.hc2 = one.hc3 = 0.0;
        } else if (labelled) {
          const double q = s.leverage.rows() > 0 ? (s.leverage * u).squaredNorm() : 0.0;
          one.hc2 *= joint_detail::hc2_scale(q + (s.weight_row * raw)(0, 0));
          one.hc3 *= joint_detail::hc3_scale(q, s.size_for_leverage, targets.fits[p].tuned);
        }
        out.push_back(one);
      }
    }
    return out;
  }

  // Within a cell its labelled units; between cells whatever part the unit has there.
  void add_unit(const JointTargets& targets, const UnitParts& unit) {
    const std::vector<Psi> psi = psi_of(targets, unit);
    for (std::size_t i = 0; i < psi.size(); ++i) {
      for (std::size_t j = i; j < psi.size(); ++j) {
        const Psi &a = psi[i], &b = psi[j];
        const bool same_cell = a.group == b.group;
        if (same_cell && !a.labelled) continue;
        if (!same_cell) add_symmetric(plain, a.target, b.target, a.plain * b.plain);
        add_symmetric(hc2, a.target, b.target, a.hc2 * b.hc2);
        add_symmetric(hc3, a.target, b.target, a.hc3 * b.hc3);
      }
    }
  }
};

}  // namespace judicious

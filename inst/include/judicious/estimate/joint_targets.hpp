// Several estimates from one summary, beside the units that they share.
#pragma once

#include <judicious/estimate/cell_maps.hpp>
#include <judicious/estimate/target_fit.hpp>

namespace judicious {

struct JointTargets {
  JointTargets(std::shared_ptr<const LabelSummary> summary, std::vector<Target> targets,
               MeanOptions mean_options)
      : options(std::move(mean_options)), units(std::move(summary), options.influence.estimand) {
    options.influence.clustered = units.summary().clustered;
    for (Target& target : targets) {
      fits.push_back(fit_target(units.summary(), options, std::move(target)));
    }
    by_group.resize(units.n_groups());
    for (std::size_t p = 0; p < fits.size(); ++p) by_group[fits[p].target.group].push_back(p);
  }

  MeanOptions options;
  JointUnits units;
  std::vector<TargetFit> fits;
  std::vector<std::vector<std::size_t>> by_group;  // targets of every group

  // --- linear combinations a'theta ------------------------------------------------------------

  CellMaps combine(const Vector& a, Matrix TargetStratum::*map) const {
    CellMaps out(units.summary().cells.size());
    for (int p = 0; p < a.size(); ++p) {
      if (a[p] == 0.0) continue;
      const TargetFit& fit = fits[static_cast<std::size_t>(p)];
      for (std::size_t h = 0; h < units.n_strata(); ++h) {
        if (!fit.strata[h].present) continue;
        Matrix& cell = out[units.cell(h, fit.target.group)];
        const Matrix& part = fit.strata[h].*map;
        if (cell.size() == 0) cell = Matrix::Zero(part.rows(), part.cols());
        cell += a[p] * part;
      }
    }
    return out;
  }

  std::vector<std::size_t> groups_of(const Vector& a) const {
    std::vector<std::size_t> out;
    for (std::size_t g = 0; g < by_group.size(); ++g) {
      for (const std::size_t p : by_group[g]) {
        if (a[static_cast<int>(p)] == 0.0) continue;
        out.push_back(g);
        break;
      }
    }
    return out;
  }

  // --- strata with one labelled unit ----------------------------------------------------------

  bool is_lonely(std::size_t h, std::size_t g) const {
    return !by_group[g].empty() && fits[by_group[g].front()].strata[h].lonely;
  }

  // Whether any variance is borrowed from other strata.
  bool borrows() const {
    return std::any_of(fits.begin(), fits.end(), [](const TargetFit& fit) {
      return std::any_of(fit.strata.begin(), fit.strata.end(),
                         [](const TargetStratum& s) { return s.lonely; });
    });
  }

  // Covariance of two estimates of a group in a stratum with one labelled unit: that of a labelled
  // unit of the group's other strata. What groups share in such a stratum is taken for nothing.
  double borrowed(std::size_t h, std::size_t p, std::size_t q) const {
    const TargetFit &first = fits[p], &second = fits[q];
    double sum = 0.0, donors = 0.0;
    for (std::size_t d = 0; d < units.n_strata(); ++d) {
      const TargetStratum &a = first.strata[d], &b = second.strata[d];
      if (!a.present || a.lonely) continue;
      donors += 1.0;
      if (!(a.weight > 0.0)) continue;
      const Moments& labelled = units.moments(d, first.target.group).labelled;
      sum += labelled.n * joint_detail::product(labelled, a.psi, b.psi) / (a.weight * b.weight);
    }
    return first.strata[h].weight * second.strata[h].weight * sum / donors;
  }

  // What a combination borrows in one stratum of one group.
  double borrowed(std::size_t h, std::size_t group, const Vector& a) const {
    if (!is_lonely(h, group)) return 0.0;
    double out = 0.0;
    for (const std::size_t p : by_group[group]) {
      for (const std::size_t q : by_group[group]) {
        const double weight = a[static_cast<int>(p)] * a[static_cast<int>(q)];
        if (weight != 0.0) out += weight * borrowed(h, p, q);
      }
    }
    return out;
  }
};

}  // namespace judicious

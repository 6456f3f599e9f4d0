// Linear maps of the units' u, one per cell: what a combination of estimates makes of every unit,
// and the sums of products of two of them over all units.
#pragma once

#include <judicious/estimate/joint_units.hpp>

namespace judicious {

// Per stratum and group, rows x size; empty where the combination has no part.
using CellMaps = std::vector<Matrix>;

namespace joint_detail {

// Sum of (a u)(b u) over the observations behind `m`.
inline double product(const Moments& m, const Matrix& a, const Matrix& b) {
  return (a * m.cross * b.transpose())(0, 0) + m.n * (a * m.mean)(0, 0) * (b * m.mean)(0, 0);
}

// The groups of which any cell has a map.
inline std::vector<std::size_t> mapped_groups(const JointUnits& units, const CellMaps& maps) {
  std::vector<std::size_t> out;
  for (std::size_t g = 0; g < units.n_groups(); ++g) {
    for (std::size_t h = 0; h < units.n_strata(); ++h) {
      if (maps[units.cell(h, g)].size() == 0) continue;
      out.push_back(g);
      break;
    }
  }
  return out;
}

}  // namespace joint_detail

// Sum over all units of (a unit's row of `left`) (its row of `right`)'.
inline Matrix sum_products(const JointUnits& units, const CellMaps& left, const CellMaps& right) {
  Matrix out;
  const auto add = [&](const Matrix& value) {
    out = out.size() == 0 ? value : Matrix(out + value);
  };
  for (std::size_t c = 0; c < left.size(); ++c) {
    if (left[c].size() == 0) continue;
    const StratumMoments& m = units.moments(c);
    for (const Moments* part : {&m.labelled, &m.unlabelled}) {
      const Vector a = left[c] * part->mean, b = right[c] * part->mean;
      add(left[c] * part->cross * right[c].transpose() + part->n * a * b.transpose());
    }
  }
  for (const auto& [pair, shared] : units.shared()) {
    const auto [a, b] = pair;
    if (left[a].size() == 0 || left[b].size() == 0) continue;
    add(left[a] * shared.ab * right[b].transpose());
    add(left[b] * shared.ab.transpose() * right[a].transpose());
  }
  units.for_units_of(joint_detail::mapped_groups(units, left), [&](const UnitParts& unit) {
    if (unit.parts.size() < 2) return;
    for (const auto& [g, i] : unit.parts) {
      for (const auto& [k, j] : unit.parts) {
        const std::size_t a = units.cell(unit.stratum, g), b = units.cell(unit.stratum, k);
        if (g == k || left[a].size() == 0 || left[b].size() == 0) continue;
        const Vector x = left[a] * units.part(unit.stratum, g, i);
        const Vector y = right[b] * units.part(unit.stratum, k, j);
        add(x * y.transpose());
      }
    }
  });
  return out;
}

inline double sum_of_squares(const JointUnits& units, const CellMaps& maps) {
  return sum_products(units, maps, maps)(0, 0);
}

// A unit's row of a combination: its parts added up.
inline Vector row_of(const JointUnits& units, const UnitParts& unit, const CellMaps& maps) {
  Vector out;
  for (const auto& [g, i] : unit.parts) {
    const Matrix& map = maps[units.cell(unit.stratum, g)];
    if (map.size() == 0) continue;
    const Vector part = map * units.part(unit.stratum, g, i);
    out = out.size() == 0 ? part : Vector(out + part);
  }
  return out;
}

inline bool labelled_in(const JointUnits& units, const UnitParts& unit, const CellMaps& maps) {
  for (const auto& [g, i] : unit.parts) {
    const bool takes_part = maps[units.cell(unit.stratum, g)].size() > 0;
    if (takes_part && units.stored(unit.stratum, g).is_labelled(i)) return true;
  }
  return false;
}

}  // namespace judicious

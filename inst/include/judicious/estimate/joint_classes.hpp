// Classes of units by the groups of a combination they are in, labelled or not: what each class
// adds to its variance, and of how many units that is known.
#pragma once

#include <judicious/estimate/joint_targets.hpp>

namespace judicious {

struct ClassSums {
  double n = 0.0, squares = 0.0;
};
// By pattern: labelled (l), present without a label (u) or absent (.) in every group.
using UnitClasses = std::map<std::string, ClassSums>;

// How many units are in any of several sets, from the sum of the sets' sizes and that of their
// pairs: the least number that is possible, exact where all units are in k or k + 1 of them
// (Dawson and Sankoff 1967).
inline double size_of_union(double singles, double pairs) {
  if (!(singles > 0.0)) return 0.0;
  const double k = 1.0 + std::floor(2.0 * pairs / singles + 1e-9);
  return 2.0 / (k + 1.0) * singles - 2.0 / (k * (k + 1.0)) * pairs;
}

namespace joint_detail {

// The units of one cell that are not kept.
inline ClassSums unkept_sums(const JointUnits& units, std::size_t h, std::size_t g,
                             const Matrix& map) {
  if (map.size() == 0) return {};
  const Moments& m = units.moments(h, g).unlabelled;
  ClassSums out{m.n, product(m, map, map)};
  const StoredUnits& stored = units.stored(h, g);
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (stored.is_labelled(i)) continue;  // kept for a label elsewhere
    const double e = (map * units.part(h, g, i))(0, 0);
    out.n -= 1.0;
    out.squares -= e * e;
  }
  return out;
}

// Units without any label: known by their moments, and by those of all pairs of groups. Where no
// unit can be seen to meet more than two groups, those of a pair are a class of their own; else
// all are one, as it is not known which units meet which groups.
inline UnitClasses unkept_classes(const JointUnits& units, std::size_t h, const CellMaps& maps,
                                  const std::vector<std::size_t>& groups) {
  const std::size_t n = groups.size();
  const std::string nowhere(n, '.');
  std::vector<ClassSums> alone(n);
  double singles = 0.0, pairs = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    alone[k] = unkept_sums(units, h, groups[k], maps[units.cell(h, groups[k])]);
    singles += alone[k].n;
  }
  UnitClasses out;
  for (const auto& [pair, shared] : units.shared()) {
    std::size_t a = n, b = n;
    for (std::size_t k = 0; k < n; ++k) {
      if (pair.first == units.cell(h, groups[k])) a = k;
      if (pair.second == units.cell(h, groups[k])) b = k;
    }
    if (a == n || b == n) continue;
    const Matrix &x = maps[pair.first], &y = maps[pair.second];
    const double xx = (x * shared.aa * x.transpose())(0, 0);
    const double yy = (y * shared.bb * y.transpose())(0, 0);
    std::string pattern = nowhere;
    pattern[a] = pattern[b] = 'u';
    out[pattern] = {shared.n, xx + yy + 2.0 * (x * shared.ab * y.transpose())(0, 0)};
    alone[a] = {alone[a].n - shared.n, alone[a].squares - xx};
    alone[b] = {alone[b].n - shared.n, alone[b].squares - yy};
    pairs += shared.n;
  }
  const bool seen_in_more = std::any_of(alone.begin(), alone.end(), [](const ClassSums& sums) {
    return sums.n < -0.5 || (sums.n < 0.5 && sums.squares < -1e-12);
  });
  double squares = 0.0;  // of all: what a pair shares is left out of both groups
  for (const auto& [pattern, sums] : out) squares += sums.squares;
  for (std::size_t k = 0; k < n; ++k) {
    std::string pattern = nowhere;
    pattern[k] = 'u';
    out[pattern] = alone[k];
    squares += alone[k].squares;
  }
  if (seen_in_more) out = {{std::string(n, 'u'), {size_of_union(singles, pairs), squares}}};
  return out;
}

}  // namespace joint_detail

// The classes of one stratum, for the combination that `maps` are of.
inline UnitClasses unit_classes(const JointTargets& targets, std::size_t h, const CellMaps& maps,
                                const std::vector<std::size_t>& groups) {
  const JointUnits& units = targets.units;
  const std::string absent(groups.size(), '.');
  UnitClasses out;
  units.for_units_of(groups, [&](const UnitParts& unit) {
    if (unit.stratum != h) return;
    const std::string pattern = units.pattern_of(unit, groups);
    if (pattern == absent) return;
    double e = 0.0;
    for (const auto& [g, i] : unit.parts) {
      const Matrix& map = maps[units.cell(h, g)];
      if (map.size() == 0) continue;
      if (targets.is_lonely(h, g) && units.stored(h, g).is_labelled(i)) continue;
      e += (map * units.part(h, g, i))(0, 0);
    }
    out[pattern].n += 1.0;
    out[pattern].squares += e * e;
  });
  for (const auto& [pattern, sums] : joint_detail::unkept_classes(units, h, maps, groups)) {
    if (sums.n < 0.5) continue;
    out[pattern].n += sums.n;
    out[pattern].squares += std::max(sums.squares, 0.0);
  }
  return out;
}

}  // namespace judicious

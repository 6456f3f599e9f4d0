// Satterthwaite degrees of freedom of linear combinations of several estimates.
#pragma once

#include <judicious/estimate/joint_classes.hpp>

namespace judicious {

namespace joint_detail {

// A class of n units: what is left of them after the parameters of the estimates it takes part in.
inline double class_df(const JointTargets& targets, std::size_t h, const std::string& pattern,
                       double n, const Vector& a, const std::vector<std::size_t>& groups,
                       const UnitClasses& classes) {
  const bool known_prob = targets.units.summary().layout.known_prob;
  const bool labelled = pattern.find('l') != std::string::npos;
  double share = 0.0, least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < groups.size(); ++k) {
    if (pattern[k] == '.') continue;
    double part = 0.0;  // units of the group in the stratum
    for (const auto& [other, sums] : classes) part += other[k] == '.' ? 0.0 : sums.n;
    for (const std::size_t p : targets.by_group[groups[k]]) {
      if (a[static_cast<int>(p)] == 0.0) continue;
      const TargetStratum& s = targets.fits[p].strata[h];
      least = std::min(least, (s.residual - s.spent) * n / part);
      if (labelled && pattern[k] == 'l') share = std::max(share, s.spent / s.residual);
      if (!labelled) share = std::max(share, 1.0 / s.n_unlabelled);
    }
  }
  return std::max(known_prob ? least : n * (1.0 - share), 1.0);
}

// Known prob: labelled and other units form one class.
inline UnitClasses without_labels(const UnitClasses& classes) {
  UnitClasses out;
  for (const auto& [pattern, sums] : classes) {
    std::string present = pattern;
    std::replace(present.begin(), present.end(), 'l', 'u');
    out[present].n += sums.n;
    out[present].squares += sums.squares;
  }
  return out;
}

inline double satterthwaite(double variance, double denominator) {
  return variance > 0.0 ? std::max(variance * variance / denominator, 1.0) : 1.0;
}

}  // namespace joint_detail

// Of a'theta, every estimate with its own weights of the judges.
inline double combination_df(const JointTargets& targets, const Vector& a) {
  const bool known_prob = targets.units.summary().layout.known_prob;
  const CellMaps maps = targets.combine(a, &TargetStratum::psi);
  const auto groups = targets.groups_of(a);
  double variance = 0.0, denominator = 0.0;
  for (std::size_t h = 0; h < targets.units.n_strata(); ++h) {
    UnitClasses classes = unit_classes(targets, h, maps, groups);
    if (known_prob) classes = joint_detail::without_labels(classes);
    for (std::size_t k = 0; k < groups.size(); ++k) {
      const double lent = targets.borrowed(h, groups[k], a);
      if (!(lent > 0.0)) continue;
      if (known_prob) {
        std::string own(groups.size(), '.');
        own[k] = 'u';
        classes[own].squares += lent;
      } else {  // what one labelled unit says of its variance
        variance += lent;
        denominator += lent * lent;
      }
    }
    for (const auto& [pattern, sums] : classes) {
      variance += sums.squares;
      denominator += sums.squares * sums.squares /
                     joint_detail::class_df(targets, h, pattern, sums.n, a, groups, classes);
    }
  }
  return joint_detail::satterthwaite(variance, denominator);
}

// Of a contrast whose maps have weights of their own: units labelled in any of its cells are one
// class, the others another.
inline double contrast_df(const JointTargets& targets, const CellMaps& maps, double variance,
                          double rank, const Vector& a) {
  const auto n_strata = static_cast<double>(targets.units.n_strata());
  const auto groups = targets.groups_of(a);
  double denominator = 0.0;
  for (std::size_t h = 0; h < targets.units.n_strata(); ++h) {
    const bool present = std::any_of(groups.begin(), groups.end(), [&](std::size_t g) {
      return maps[targets.units.cell(h, g)].size() > 0;
    });
    if (!present) continue;
    ClassSums labelled, rest;
    for (const auto& [pattern, sums] : unit_classes(targets, h, maps, groups)) {
      ClassSums& to = pattern.find('l') != std::string::npos ? labelled : rest;
      to.n += sums.n;
      to.squares += sums.squares;
    }
    double residual = std::numeric_limits<double>::infinity();
    for (int p = 0; p < a.size(); ++p) {
      const TargetStratum& s = targets.fits[static_cast<std::size_t>(p)].strata[h];
      if (a[p] != 0.0 && s.present) residual = std::min(residual, s.residual);
    }
    const double spent = 1.0 + rank / n_strata;
    if (targets.units.summary().layout.known_prob) {
      const double all = labelled.squares + rest.squares;
      denominator += all * all / std::max(residual - spent, 1.0);
      continue;
    }
    const double df_labelled = labelled.n * (1.0 - spent / residual);
    denominator += labelled.squares * labelled.squares / std::max(df_labelled, 1.0) +
                   rest.squares * rest.squares / std::max(rest.n - 1.0, 1.0);
  }
  return joint_detail::satterthwaite(variance, denominator);
}

}  // namespace judicious

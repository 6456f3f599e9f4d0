// Linear combinations of the estimates of a joint fit: their degrees of freedom, and the judges'
// weights that are best for them.
#pragma once

#include <judicious/estimate/joint.hpp>

namespace judicious {

inline Matrix JointFit::sum_products(const CellMaps& left, const CellMaps& right,
                                     std::size_t stratum, bool all) const {
  Matrix out;
  const auto add = [&](const Matrix& value) {
    out = out.size() == 0 ? value : Matrix(out + value);
  };
  const auto takes_part = [&](std::size_t c) {
    return left[c].size() > 0 && (all || c / summary_->n_groups == stratum);
  };
  for (std::size_t c = 0; c < left.size(); ++c) {
    if (!takes_part(c)) continue;
    const StratumMoments& m = summary_->moments(c, estimand());
    for (const Moments* part : {&m.labelled, &m.unlabelled}) {
      const Vector a = left[c] * part->mean, b = right[c] * part->mean;
      add(left[c] * part->cross * right[c].transpose() + part->n * a * b.transpose());
    }
  }
  for (const auto& [pair, shared] : summary_->shared(estimand())) {
    const auto [a, b] = pair;
    if (!takes_part(a) || !takes_part(b)) continue;
    add(left[a] * shared.ab * right[b].transpose());
    add(left[b] * shared.ab.transpose() * right[a].transpose());
  }
  std::vector<std::size_t> groups;
  for (std::size_t g = 0; g < summary_->n_groups; ++g) {
    for (std::size_t h = 0; h < summary_->n_strata; ++h) {
      if (!takes_part(summary_->at(h, g))) continue;
      groups.push_back(g);
      break;
    }
  }
  for_units_of(groups, [&](const UnitParts& unit) {
    if (unit.parts.size() < 2 || (!all && unit.stratum != stratum)) return;
    for (const auto& [g, i] : unit.parts) {
      for (const auto& [k, j] : unit.parts) {
        const std::size_t a = summary_->at(unit.stratum, g), b = summary_->at(unit.stratum, k);
        if (g == k || !takes_part(a) || !takes_part(b)) continue;
        const Vector x = left[a] * this->unit(unit.stratum, g, i);
        const Vector y = right[b] * this->unit(unit.stratum, k, j);
        add(x * y.transpose());
      }
    }
  });
  return out;
}

inline double JointFit::label_overlap(std::size_t p, std::size_t q) const {
  const std::size_t a = fits_[p].target.group, b = fits_[q].target.group;
  double n_a = 0.0, n_b = 0.0, both = 0.0;
  for_units_of(a == b ? std::vector<std::size_t>{a} : std::vector<std::size_t>{a, b},
               [&](const UnitParts& unit) {
                 bool in_a = false, in_b = false;
                 for (const auto& [g, i] : unit.parts) {
                   const bool labelled = stored(unit.stratum, g).is_labelled(i);
                   in_a = in_a || (g == a && labelled);
                   in_b = in_b || (g == b && labelled);
                 }
                 n_a += in_a ? 1.0 : 0.0;
                 n_b += in_b ? 1.0 : 0.0;
                 both += in_a && in_b ? 1.0 : 0.0;
               });
  return both / std::sqrt(n_a * n_b);
}

// --- degrees of freedom -----------------------------------------------------------------------

// What a combination borrows in one stratum of one group.
inline double JointFit::borrowed(std::size_t h, std::size_t group, const Vector& a) const {
  if (!is_lonely(h, group)) return 0.0;
  double out = 0.0;
  for (const std::size_t p : by_group_[group]) {
    for (const std::size_t q : by_group_[group]) {
      const double weight = a[static_cast<int>(p)] * a[static_cast<int>(q)];
      if (weight != 0.0) out += weight * borrowed(h, p, q);
    }
  }
  return out;
}

inline JointFit::Classes JointFit::classes_of(std::size_t h, const CellMaps& maps,
                                              const std::vector<std::size_t>& groups) const {
  Classes out;
  const std::string absent(groups.size(), '.');
  for_units_of(groups, [&](const UnitParts& unit) {
    if (unit.stratum != h) return;
    const std::string pattern = pattern_of(unit, groups);
    if (pattern == absent) return;
    double e = 0.0;
    for (const auto& [g, i] : unit.parts) {
      const Matrix& map = maps[summary_->at(h, g)];
      if (map.size() == 0 || (is_lonely(h, g) && stored(h, g).is_labelled(i))) continue;
      e += (map * this->unit(h, g, i))(0, 0);
    }
    out[pattern].n += 1.0;
    out[pattern].squares += e * e;
  });
  add_unkept(h, maps, groups, out);
  return out;
}

// How many units are in any of several sets, from the sum of the sets' sizes and that of their
// pairs: the least number that is possible, exact where all units are in k or k + 1 of them
// (Dawson and Sankoff 1967).
inline double size_of_union(double singles, double pairs) {
  if (!(singles > 0.0)) return 0.0;
  const double k = 1.0 + std::floor(2.0 * pairs / singles + 1e-9);
  return 2.0 / (k + 1.0) * singles - 2.0 / (k * (k + 1.0)) * pairs;
}

// Units without any label: known by their moments, and by those of all pairs of groups. Where no
// unit can be seen to meet more than two groups, those of a pair are a class of their own; else
// all are one, as it is not known which units meet which groups.
inline void JointFit::add_unkept(std::size_t h, const CellMaps& maps,
                                 const std::vector<std::size_t>& groups, Classes& out) const {
  const std::size_t n = groups.size();
  const std::string nowhere(n, '.');
  std::vector<ClassSums> alone(n);
  for (std::size_t k = 0; k < n; ++k) {
    const Matrix& map = maps[summary_->at(h, groups[k])];
    if (map.size() == 0) continue;
    const Moments& m = moments(h, groups[k]).unlabelled;
    alone[k] = {m.n, product(m, map, map)};
    const StoredUnits& units = stored(h, groups[k]);
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (units.is_labelled(i)) continue;  // kept for a label elsewhere
      const double e = (map * unit(h, groups[k], i))(0, 0);
      alone[k].n -= 1.0;
      alone[k].squares -= e * e;
    }
  }
  double singles = 0.0, pairs = 0.0;
  for (const ClassSums& sums : alone) singles += sums.n;
  Classes rest;
  for (const auto& [pair, shared] : summary_->shared(estimand())) {
    std::size_t a = n, b = n;
    for (std::size_t k = 0; k < n; ++k) {
      if (pair.first == summary_->at(h, groups[k])) a = k;
      if (pair.second == summary_->at(h, groups[k])) b = k;
    }
    if (a == n || b == n) continue;
    const Matrix &x = maps[pair.first], &y = maps[pair.second];
    const double xx = (x * shared.aa * x.transpose())(0, 0);
    const double yy = (y * shared.bb * y.transpose())(0, 0);
    std::string pattern = nowhere;
    pattern[a] = pattern[b] = 'u';
    rest[pattern] = {shared.n, xx + yy + 2.0 * (x * shared.ab * y.transpose())(0, 0)};
    alone[a] = {alone[a].n - shared.n, alone[a].squares - xx};
    alone[b] = {alone[b].n - shared.n, alone[b].squares - yy};
    pairs += shared.n;
  }
  const bool seen_in_more = std::any_of(alone.begin(), alone.end(), [](const ClassSums& sums) {
    return sums.n < -0.5 || (sums.n < 0.5 && sums.squares < -1e-12);
  });
  double squares = 0.0;  // of all: what a pair shares is left out of both groups
  for (const auto& [pattern, sums] : rest) squares += sums.squares;
  for (std::size_t k = 0; k < n; ++k) {
    std::string pattern = nowhere;
    pattern[k] = 'u';
    rest[pattern] = alone[k];
    squares += alone[k].squares;
  }
  if (seen_in_more) rest = {{std::string(n, 'u'), {size_of_union(singles, pairs), squares}}};
  for (const auto& [pattern, sums] : rest) {
    if (sums.n < 0.5) continue;
    out[pattern].n += sums.n;
    out[pattern].squares += std::max(sums.squares, 0.0);
  }
}

// A class of n units: what is left of them after the parameters of the estimates it takes part in.
inline double JointFit::class_df(std::size_t h, const std::string& pattern, double n,
                                 const Vector& a, const std::vector<std::size_t>& groups,
                                 const Classes& classes) const {
  const bool known_prob = summary_->layout.known_prob;
  const bool labelled = pattern.find('l') != std::string::npos;
  double share = 0.0, least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < groups.size(); ++k) {
    if (pattern[k] == '.') continue;
    double part = 0.0;  // units of the group in the stratum
    for (const auto& [other, sums] : classes) part += other[k] == '.' ? 0.0 : sums.n;
    for (const std::size_t p : by_group_[groups[k]]) {
      if (a[static_cast<int>(p)] == 0.0) continue;
      const TargetStratum& s = fits_[p].strata[h];
      least = std::min(least, (s.residual - s.spent) * n / part);
      if (labelled && pattern[k] == 'l') share = std::max(share, s.spent / s.residual);
      if (!labelled) share = std::max(share, 1.0 / s.n_unlabelled);
    }
  }
  return std::max(known_prob ? least : n * (1.0 - share), 1.0);
}

inline double JointFit::df(const Vector& a) const {
  const CellMaps maps = combine_maps(a, &TargetStratum::psi);
  const auto groups = groups_of(a);
  double variance = 0.0, denominator = 0.0;
  for (std::size_t h = 0; h < summary_->n_strata; ++h) {
    Classes classes = classes_of(h, maps, groups);
    if (summary_->layout.known_prob) {  // labelled and other units form one class
      Classes merged;
      for (const auto& [pattern, sums] : classes) {
        std::string present = pattern;
        std::replace(present.begin(), present.end(), 'l', 'u');
        merged[present].n += sums.n;
        merged[present].squares += sums.squares;
      }
      classes = std::move(merged);
    }
    for (std::size_t k = 0; k < groups.size(); ++k) {
      const double lent = borrowed(h, groups[k], a);
      if (!(lent > 0.0)) continue;
      if (summary_->layout.known_prob) {
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
      denominator += sums.squares * sums.squares / class_df(h, pattern, sums.n, a, groups, classes);
    }
  }
  return variance > 0.0 ? std::max(variance * variance / denominator, 1.0) : 1.0;
}

// --- contrasts with weights of their own ------------------------------------------------------

// Units labelled in any cell of the contrast are one class, the others another.
inline double JointFit::contrast_df(const CellMaps& maps, double variance, double rank,
                                    const Vector& a) const {
  const auto n_strata = static_cast<double>(summary_->n_strata);
  const auto groups = groups_of(a);
  double denominator = 0.0;
  for (std::size_t h = 0; h < summary_->n_strata; ++h) {
    const bool present = std::any_of(groups.begin(), groups.end(), [&](std::size_t g) {
      return maps[summary_->at(h, g)].size() > 0;
    });
    if (!present) continue;
    ClassSums labelled, rest;
    for (const auto& [pattern, sums] : classes_of(h, maps, groups)) {
      ClassSums& to = pattern.find('l') != std::string::npos ? labelled : rest;
      to.n += sums.n;
      to.squares += sums.squares;
    }
    double residual = std::numeric_limits<double>::infinity();
    for (int p = 0; p < a.size(); ++p) {
      if (a[p] != 0.0 && fits_[at(p)].strata[h].present) {
        residual = std::min(residual, fits_[at(p)].strata[h].residual);
      }
    }
    const double spent = 1.0 + rank / n_strata;
    if (summary_->layout.known_prob) {
      const double all = labelled.squares + rest.squares;
      denominator += all * all / std::max(residual - spent, 1.0);
      continue;
    }
    const double df_labelled = labelled.n * (1.0 - spent / residual);
    denominator += labelled.squares * labelled.squares / std::max(df_labelled, 1.0) +
                   rest.squares * rest.squares / std::max(rest.n - 1.0, 1.0);
  }
  return variance > 0.0 ? std::max(variance * variance / denominator, 1.0) : 1.0;
}

inline ContrastFit JointFit::contrast(const Vector& a, double base) const {
  if (!has_units()) throw std::domain_error("There are too many labels to keep one by one.");
  ContrastFit out;
  const CellMaps y = combine_maps(a, &TargetStratum::psi_y);
  const CellMaps f = combine_maps(a, &TargetStratum::psi_f);
  Vector g;
  double n = std::numeric_limits<double>::infinity(), n_base = n;
  out.labels_only = base;
  for (int p = 0; p < a.size(); ++p) {
    if (a[p] == 0.0) continue;
    const TargetFit& fit = fits_[at(p)];
    double labelled = 0.0;
    for (const TargetStratum& s : fit.strata) labelled += s.n_labelled;
    n = std::min(n, labelled);
    n_base = std::min(n_base, fit.base());
    g = g.size() == 0 ? Vector(a[p] * fit.g) : Vector(g + a[p] * fit.g);
    out.labels_only += a[p] * fit.labels_only;
    out.p0 += a[p] * fit.p0;
  }
  n = std::max(n, 2.0);
  out.variance_labels_only = sum_of_squares(y);
  const int m = static_cast<int>(g.size());
  Matrix root = Matrix::Zero(0, m);
  out.lambda = Vector::Zero(m);
  if (m > 0 && options_.tuning.rule != TuningRule::fixed) {
    const Matrix G = sum_products(f, f, 0, true);
    const Vector c = sum_products(f, y, 0, true);
    const Indices keep = independent_columns(G);
    const double rank = static_cast<double>(keep.size());
    root = inverse_root(options_.tuning.shrink ? shrunk(G, rank, n_base) : G, keep);
    out.lambda = apply(root.transpose(), apply(root, c));
  } else if (m > 0) {
    out.lambda = options_.tuning.fixed;
  }
  CellMaps psi = y;
  for (std::size_t k = 0; k < psi.size(); ++k) {
    if (psi[k].size() > 0 && m > 0) psi[k] -= out.lambda.transpose() * f[k];
  }
  out.estimate = out.labels_only - out.lambda.dot(g);
  out.variance.plain = sum_of_squares(psi);
  out.df = contrast_df(psi, out.variance.plain, static_cast<double>(root.rows()), a);
  out.variance.hc2 = out.variance.hc3 = out.variance.plain;
  // All responses of a group are weighted alike: its share of the weights counts once.
  Vector once = Vector::Zero(a.size());
  for (const std::size_t group : groups_of(a)) {
    for (const std::size_t p : by_group_[group]) {
      if (a[static_cast<int>(p)] == 0.0) continue;
      once[static_cast<int>(p)] = 1.0;
      break;
    }
  }
  const CellMaps weight = combine_maps(once, &TargetStratum::weight_row);
  for_units_of(groups_of(a), [&](const UnitParts& unit) {
    if (!labelled_in(unit, psi)) return;
    const double e = row_of(unit, psi)[0];
    const double q = root.rows() > 0 ? (root * row_of(unit, f)).squaredNorm() : 0.0;
    double h0 = 0.0;
    for (const auto& [k, i] : unit.parts) {
      const Matrix& row = weight[summary_->at(unit.stratum, k)];
      if (row.size() > 0) h0 = std::max(h0, (row * raw_unit(unit.stratum, k, i))(0, 0));
    }
    const double two = joint_detail::hc2_scale(q + std::min(h0, highest_leverage));
    const double three = joint_detail::hc3_scale(q, n, m > 0);
    out.variance.hc2 += e * e * (two * two - 1.0);
    out.variance.hc3 += e * e * (three * three - 1.0);
  });
  return out;
}

}  // namespace judicious

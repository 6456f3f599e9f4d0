// The summary of several parts of the data from the summaries of the parts.
#pragma once

#include <judicious/data/label_summary.hpp>
#include <stdexcept>

namespace judicious {

namespace merge_detail {

// Adds units; clusters were kept about another origin.
inline void add_units(const LabelSummary& from, std::size_t cell, const Vector& shift,
                      std::int64_t first_id, StoredUnits& to) {
  const StoredUnits& units = from.cells[cell].units;
  to.complete = to.complete && units.complete;
  if (!to.complete) return to.forget();
  to.prob.insert(to.prob.end(), units.prob.begin(), units.prob.end());
  if (!from.clustered) {
    to.values.insert(to.values.end(), units.values.begin(), units.values.end());
    to.n += units.n;
    return;
  }
  const Layout& layout = from.layout;
  const Matrix map = origin_shift(layout, shift);
  const auto width = static_cast<std::size_t>(layout.size());
  for (std::size_t i = 0; i < units.size(); ++i) {
    const Vector u = map * Eigen::Map<const Vector>(&units.values[i * width], layout.size());
    to.add_cluster(u.data(), width, units.n_true[i]);
  }
  for (const std::int64_t id : units.ids) to.ids.push_back(first_id + id);
}

inline Matrix shift_product(const Layout& layout, const Matrix& m, const Vector& a,
                            const Vector& b) {
  return origin_shift(layout, a) * m * origin_shift(layout, b).transpose();
}

inline std::int64_t next_id(const LabelSummary& s) {
  std::int64_t out = 0;
  for (const Cell& cell : s.cells) {
    for (const std::int64_t id : cell.units.ids) out = std::max(out, id + 1);
  }
  return out;
}

}  // namespace merge_detail

// Makes room: stratum h and group g of `s` become strata[h] and groups[g] of as many as given.
inline LabelSummary spread(const LabelSummary& s, const std::vector<std::size_t>& strata,
                           std::size_t n_strata, const std::vector<std::size_t>& groups,
                           std::size_t n_groups) {
  LabelSummary out = s;
  out.n_strata = n_strata;
  out.n_groups = n_groups;
  out.cells.assign(n_strata * n_groups, Cell(s.layout));
  const auto place = [&](std::size_t cell) {
    return out.at(strata[cell / s.n_groups], groups[cell % s.n_groups]);
  };
  for (std::size_t k = 0; k < s.cells.size(); ++k) out.cells[place(k)] = s.cells[k];
  const auto move_pairs = [&](const auto& from, auto& to) {
    to.clear();
    for (const auto& [pair, shared] : from) {
      LabelSummary::CellPair at{place(pair.first), place(pair.second)};
      SharedUnits moved = shared;
      if (at.first > at.second) {
        std::swap(at.first, at.second);
        std::swap(moved.aa, moved.bb);
        moved.ab.transposeInPlace();
      }
      to[at] = moved;
    }
  };
  for (std::int64_t& h : out.kept.stratum) {
    h = static_cast<std::int64_t>(strata[static_cast<std::size_t>(h)]);
  }
  for (std::int64_t& g : out.kept.group) {
    g = static_cast<std::int64_t>(groups[static_cast<std::size_t>(g)]);
  }
  move_pairs(s.shared_rows, out.shared_rows);
  move_pairs(s.shared_means, out.shared_means);
  return out;
}

// Adds a part of the data with the same strata and groups, none of whose clusters are in `to`.
inline void merge(const LabelSummary& from, LabelSummary& to) {
  if (!(from.layout == to.layout) || from.clustered != to.clustered ||
      from.n_strata != to.n_strata || from.n_groups != to.n_groups) {
    throw std::invalid_argument("These summaries are of different questions.");
  }
  const std::int64_t first_id = merge_detail::next_id(to);
  std::vector<Vector> row_shift, mean_shift;
  for (std::size_t k = 0; k < to.cells.size(); ++k) {
    const Cell& part = from.cells[k];
    Cell& cell = to.cells[k];
    if (cell.rows.n_units() == 0.0) cell.rows.origin = part.rows.origin;
    if (cell.means.n_units() == 0.0) cell.means.origin = part.means.origin;
    row_shift.push_back(cell.rows.origin - part.rows.origin);
    mean_shift.push_back(cell.means.origin - part.means.origin);
    merge_detail::add_units(from, k, row_shift[k], first_id, cell.units);
    merge(to.layout, part.rows, cell.rows);
    if (to.clustered) merge(to.layout, part.means, cell.means);
  }
  to.nested = to.nested && from.nested;
  std::size_t n_kept = 0;
  for (const Cell& cell : to.cells) n_kept += cell.units.size();
  if (n_kept > most_stored_units) {
    for (Cell& cell : to.cells) cell.units.forget();
  }
  const auto add_pairs = [&](const auto& pairs, const std::vector<Vector>& shift, auto& out) {
    for (const auto& [pair, shared] : pairs) {
      const Vector &a = shift[pair.first], &b = shift[pair.second];
      SharedUnits moved = shared;
      moved.aa = merge_detail::shift_product(to.layout, shared.aa, a, a);
      moved.bb = merge_detail::shift_product(to.layout, shared.bb, b, b);
      moved.ab = merge_detail::shift_product(to.layout, shared.ab, a, b);
      out[pair].merge(moved);
    }
  };
  add_pairs(from.shared_rows, row_shift, to.shared_rows);
  add_pairs(from.shared_means, mean_shift, to.shared_means);
}

}  // namespace judicious

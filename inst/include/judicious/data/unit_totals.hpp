// Totals per cluster: what a pass over rows grouped into clusters fills.
#pragma once

#include <judicious/data/strata.hpp>
#include <judicious/numeric/lanes.hpp>
#include <judicious/numeric/large_vector.hpp>
#include <unordered_map>

namespace judicious {

// A cluster's rows in one cell: its part of a group, or all of it.
struct Parts {
  std::size_t n = 0, n_clusters = 0, n_groups = 1;
  // Where numbering all pairs of cluster and group would take more room than the rows: the part of
  // every row, and what each part is of.
  std::vector<int> of_row;
  std::vector<std::int32_t> unit, group;

  bool listed() const { return !unit.empty(); }
  bool several() const { return listed() || n_groups > 1; }
  std::size_t unit_of(std::size_t part) const {
    return listed() ? static_cast<std::size_t>(unit[part]) : part / n_groups;
  }
  std::size_t group_of(std::size_t part) const {
    return listed() ? static_cast<std::size_t>(group[part]) : part % n_groups;
  }
};

// Where rows fall into groups, a cluster has a part in each group it meets.
inline Parts find_parts(const Rows& rows) {
  Parts out;
  out.n_clusters = rows.clusters->n_groups;
  out.n_groups = rows.groups.n_groups;
  out.n = out.n_clusters * out.n_groups;
  if (out.n_groups == 1 || out.n <= rows.n) return out;
  std::unordered_map<std::uint64_t, int> found;
  out.of_row.resize(rows.n);
  for (std::size_t i = 0; i < rows.n; ++i) {
    const std::size_t unit = (*rows.clusters)[i], group = rows.groups[i];
    const std::uint64_t key = unit * rows.groups.n_groups + group;
    const auto [at, is_new] = found.try_emplace(key, static_cast<int>(out.unit.size()));
    if (is_new) {
      out.unit.push_back(static_cast<std::int32_t>(unit));
      out.group.push_back(static_cast<std::int32_t>(group));
    }
    out.of_row[i] = at->second;
  }
  out.n = out.unit.size();
  return out;
}

// Totals u (see layout.hpp) of every part, about its cell's origin. The two halves of u are kept
// apart: memory is what the pass waits for, most rows touch only the second, and few parts have a
// first.
class UnitTotals {
 public:
  Layout layout;
  std::size_t n_units;
  LargeVector<double> rest;          // n_units x (1 + M)
  LargeVector<std::int32_t> place;   // of a part among those with a label; -1: it has none
  std::vector<double> labelled;      // of these, (1 + K + M) each
  std::vector<double> n_true;        // and, known prob only, labelled rows
  std::vector<std::int32_t> strata;  // -1: no row in this part; empty: one stratum
  // Known prob only: prob of the rows (NaN if they differ), and the sum of 1/prob.
  std::vector<double> prob, sum_inverse_prob;
  bool nested = true;  // no part met in two strata

  UnitTotals(const Layout& layout_, std::size_t n, bool stratified)
      : layout(layout_),
        n_units(n),
        rest(n * rest_size(), 0.0),
        place(n, -1),
        strata(stratified ? n : 0, -1),
        prob(layout_.known_prob ? n : 0, 0.0),
        sum_inverse_prob(prob) {}

  std::size_t labelled_size() const { return 1 + static_cast<std::size_t>(layout.n_values()); }
  std::size_t rest_size() const { return 1 + static_cast<std::size_t>(layout.n_proxies); }

  std::size_t stratum(std::size_t unit) const {
    return strata.empty() ? 0 : static_cast<std::size_t>(strata[unit]);
  }
  bool has_label(std::size_t unit) const { return place[unit] >= 0; }
  // The first half of u, of a part with a label.
  const double* labelled_half(std::size_t unit) const {
    return &labelled[static_cast<std::size_t>(place[unit]) * labelled_size()];
  }
  // Of a unit soon to come, if there is one: labelled halves lie in the order they were met in.
  void fetch_labelled(std::size_t unit) const {
    if (unit < n_units && has_label(unit)) fetch_ahead(labelled_half(unit), 0);
  }
  double labelled_rows(std::size_t unit) const {
    if (!has_label(unit)) return 0.0;
    return layout.known_prob ? n_true[static_cast<std::size_t>(place[unit])]
                             : labelled_half(unit)[0];
  }
  double n_rows(std::size_t unit) const {
    const double n_rest = rest[unit * rest_size()];
    return layout.known_prob ? n_rest : n_rest + labelled_rows(unit);
  }
  void copy(std::size_t unit, double* u) const {
    if (has_label(unit)) {
      std::copy_n(labelled_half(unit), labelled_size(), u);
    } else {
      std::fill_n(u, labelled_size(), 0.0);
    }
    std::copy_n(&rest[unit * rest_size()], rest_size(), u + labelled_size());
  }
};

}  // namespace judicious

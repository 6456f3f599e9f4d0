// Totals per cluster: what a pass over rows grouped into clusters fills.
#pragma once

#include <judicious/data/strata.hpp>
#include <judicious/numeric/parallel.hpp>
#include <unordered_map>

namespace judicious {

// A cluster's rows in one cell: its part of a group, or all of it.
struct Parts {
  std::vector<int> of_row;         // part of every row; empty: the cluster's code itself
  std::vector<std::int32_t> unit;  // cluster of every part; empty: the same number
  std::vector<std::int32_t> group;
  std::size_t n = 0;

  std::size_t unit_of(std::size_t part) const {
    return unit.empty() ? part : static_cast<std::size_t>(unit[part]);
  }
  std::size_t group_of(std::size_t part) const {
    return group.empty() ? 0 : static_cast<std::size_t>(group[part]);
  }
};

// Where rows fall into groups, a cluster has a part in each group it meets.
inline Parts find_parts(const Rows& rows) {
  Parts out;
  out.n = rows.clusters->n_groups;
  if (rows.groups.n_groups == 1) return out;
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

// Totals u (see layout.hpp) of every part, about its cell's origin. The two
// halves of u are kept apart: most rows touch only one, and memory is what the
// pass waits for.
class UnitTotals {
 public:
  Layout layout;
  std::size_t n_units;
  std::vector<double> labelled, rest;  // n_units x (1 + K + M) and n_units x (1 + M)
  std::vector<std::int32_t> strata;    // -1: no row in this part; empty: one stratum
  // Known prob only: labelled rows, prob of the rows (NaN if they differ), and
  // the sum of 1/prob.
  std::vector<double> n_true, prob, sum_inverse_prob;
  bool nested = true;  // no part met in two strata

  UnitTotals(const Layout& layout_, std::size_t n, bool stratified)
      : layout(layout_),
        n_units(n),
        labelled(n * labelled_size(), 0.0),
        rest(n * rest_size(), 0.0),
        strata(stratified ? n : 0, -1),
        n_true(layout_.known_prob ? n : 0, 0.0),
        prob(n_true),
        sum_inverse_prob(n_true) {}

  std::size_t labelled_size() const { return 1 + static_cast<std::size_t>(layout.n_values()); }
  std::size_t rest_size() const { return 1 + static_cast<std::size_t>(layout.n_proxies); }

  std::size_t stratum(std::size_t unit) const {
    return strata.empty() ? 0 : static_cast<std::size_t>(strata[unit]);
  }
  double labelled_rows(std::size_t unit) const {
    return layout.known_prob ? n_true[unit] : labelled[unit * labelled_size()];
  }
  double n_rows(std::size_t unit) const {
    const double n_rest = rest[unit * rest_size()];
    return layout.known_prob ? n_rest : n_rest + labelled[unit * labelled_size()];
  }
  void copy(std::size_t unit, double* u) const {
    std::copy_n(&labelled[unit * labelled_size()], labelled_size(), u);
    std::copy_n(&rest[unit * rest_size()], rest_size(), u + labelled_size());
  }
};

// Adds the rows of the units [first, last) to their totals.
template <int M>
class UnitPass {
 public:
  UnitPass(const Rows& rows, const Parts& parts, const std::vector<Vector>& origins,
           std::size_t first, std::size_t last, UnitTotals& units)
      : rows_(rows), parts_(parts), origins_(origins), first_(first), last_(last), units_(units) {}

  void run() {
    for_each_block(rows_, 0, rows_.n, [&](const Block& block) {
      for (std::size_t i = 0; i < block.size; ++i) {
        fetch(block.begin + i + ahead);
        const std::size_t unit = part(block.begin + i);
        if (unit < first_ || unit >= last_) continue;
        add_row(block, i, unit);
      }
    });
  }

  bool nested = true;

 private:
  std::size_t part(std::size_t row) const {
    return parts_.of_row.empty() ? (*rows_.clusters)[row]
                                 : static_cast<std::size_t>(parts_.of_row[row]);
  }

  // Units of rows in random order are anywhere in memory: they are asked for some rows ahead.
  static constexpr std::size_t ahead = 24;
  void fetch(std::size_t row) const {
#if defined(__GNUC__)
    if (row < rows_.n) __builtin_prefetch(&units_.rest[part(row) * (1 + n_proxies())], 1);
#endif
  }

  void add_row(const Block& block, std::size_t i, std::size_t unit) {
    if (block.prob != nullptr) {
      if (!(block.prob[i] > 0.0)) return;  // outside the frame
      add_prob(unit, block.prob[i], count(block.begin + i));
    }
    if (!units_.strata.empty()) assign_stratum(unit, rows_.strata[block.begin + i]);
    const double* origin = origins_[rows_.cell(block.begin + i)].data();
    const bool is_labelled = !std::isnan(block.y[i]);
    if (is_labelled) add_labelled(block, i, origin, unit);
    if (!is_labelled || block.prob != nullptr) add_rest(block, i, origin, unit);
  }

  std::size_t n_proxies() const {
    return M == Eigen::Dynamic ? rows_.proxies.size() : static_cast<std::size_t>(M);
  }

  void assign_stratum(std::size_t unit, std::size_t h) {
    auto& stratum = units_.strata[unit];
    if (stratum < 0) stratum = static_cast<std::int32_t>(h);
    nested = nested && stratum == static_cast<std::int32_t>(h);
  }

  double count(std::size_t row) const { return rows_.count ? rows_.count->at(row) : 1.0; }

  void add_prob(std::size_t unit, double prob, double n) {
    if (units_.sum_inverse_prob[unit] == 0.0) units_.prob[unit] = prob;
    if (units_.prob[unit] != prob) units_.prob[unit] = std::numeric_limits<double>::quiet_NaN();
    units_.sum_inverse_prob[unit] += n / prob;
  }

  void add_labelled(const Block& block, std::size_t i, const double* origin, std::size_t unit) {
    double* u = &units_.labelled[unit * units_.labelled_size()];
    const double weight = block.prob == nullptr ? 1.0 : 1.0 / block.prob[i];
    u[0] += weight;
    for (std::size_t k = 0; k < block.values.size(); ++k) {
      u[1 + k] += weight * (block.values[k][i] - origin[k]);
    }
    if (block.prob != nullptr) units_.n_true[unit] += 1.0;
  }

  void add_rest(const Block& block, std::size_t i, const double* origin, std::size_t unit) {
    const double* judge_origin = origin + 1 + rows_.more_y.size();
    double* u = &units_.rest[unit * (1 + n_proxies())];
    const double n = count(block.begin + i);
    u[0] += n;
    for (std::size_t k = 0; k < n_proxies(); ++k) {
      u[1 + k] += n * (block.proxies[k][i] - judge_origin[k]);
    }
  }

  const Rows& rows_;
  const Parts& parts_;
  const std::vector<Vector>& origins_;
  std::size_t first_, last_;
  UnitTotals& units_;
};

}  // namespace judicious

// Totals per cluster: what a pass over rows grouped into clusters fills.
#pragma once

#include <judicious/data/ordered_units.hpp>
#include <judicious/data/scattered_units.hpp>
#include <judicious/data/strata.hpp>
#include <judicious/numeric/large_vector.hpp>
#include <judicious/numeric/parallel.hpp>
#include <optional>
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

// The rows to look at for the units [first, last): where units come in order, a stretch of them.
class UnitStretch {
 public:
  UnitStretch(const Rows& rows, const Parts& parts, bool asked)
      : groups_(*rows.clusters), n_(rows.n) {
    in_order_ = asked && !parts.several() && groups_.codes != nullptr &&
                std::is_sorted(groups_.codes, groups_.codes + n_);
  }
  // Begins where a block does: any number of tasks then sums the same runs of rows.
  std::size_t begin(std::size_t unit) const {
    return in_order_ ? find(unit) / block_size * block_size : 0;
  }
  std::size_t end(std::size_t unit) const { return in_order_ ? find(unit) : n_; }

 private:
  // The first row of a unit, or of one after it.
  std::size_t find(std::size_t unit) const {
    const auto code = static_cast<std::int64_t>(unit) + groups_.first;
    const int* const at = std::lower_bound(groups_.codes, groups_.codes + n_, code);
    return static_cast<std::size_t>(at - groups_.codes);
  }

  Groups groups_;
  std::size_t n_;
  bool in_order_ = false;
};

// Adds the rows of the units [first, last) to their totals.
template <int M>
class UnitPass {
 public:
  UnitPass(const Rows& rows, const Parts& parts, const UnitStretch& of_units,
           const std::vector<Vector>& origins, std::size_t first, std::size_t last,
           UnitTotals& units)
      : rows_(rows),
        parts_(parts),
        origins_(origins),
        first_(first),
        last_(last),
        begin_(of_units.begin(first)),
        end_(of_units.end(last)),
        whole_(first == 0 && last == units.n_units),
        plain_(!rows.prob && !rows.count && origins.size() == 1),
        units_(units) {}

  void run() {
    const std::size_t width = 1 + n_proxies();
    const auto unit_of = [&](std::size_t row) { return part(row); };
    if (plain_ && ScatteredUnits::pays(units_.n_units, width, rows_.n, unit_of)) {
      scattered_.emplace(units_.rest.data(), units_.n_units, width);
    }
    if (M == 1 && plain_ && !scattered_ && !parts_.several() && rows_.clusters->codes != nullptr) {
      const double origin = origins_[0][origins_[0].size() - 1];
      ordered_.emplace(units_.rest.data(), origin, first_, last_);
    }
    for_each_block(rows_, begin_, end_, [&](const Block& block) {
      labels_.find(block.y, block.size);
      if (add_ordered(block)) return;
      std::size_t from = 0;
      for (std::size_t j = 0; j <= labels_.n; ++j) {
        const std::size_t to = j < labels_.n ? labels_.rows[j] : block.size;
        if (scattered_) {
          add_scattered(block, from, to);
        } else if (plain_) {
          add_run(block, from, to);
        } else {
          for (std::size_t i = from; i < to; ++i) add_row(block, i, false);
        }
        if (to < block.size) add_row(block, to, true);
        from = to + 1;
      }
    });
    if (scattered_) scattered_->finish();
    scattered_.reset();
  }

  // After all passes: those before have labelled `n` parts.
  void take_over(std::size_t n) {
    for (std::size_t unit = first_; n > 0 && unit < last_; ++unit) {
      if (units_.has_label(unit)) units_.place[unit] += static_cast<std::int32_t>(n);
    }
    units_.labelled.insert(units_.labelled.end(), labelled_.begin(), labelled_.end());
    units_.n_true.insert(units_.n_true.end(), n_true_.begin(), n_true_.end());
  }
  std::size_t n_labelled() const { return labelled_.size() / units_.labelled_size(); }

  bool nested = true;

 private:
  std::size_t part(std::size_t row) const {
    if (!parts_.several()) return (*rows_.clusters)[row];
    if (parts_.listed()) return static_cast<std::size_t>(parts_.of_row[row]);
    return (*rows_.clusters)[row] * parts_.n_groups + rows_.groups[row];
  }

  // Units of rows in random order are anywhere in memory: they are asked for some rows ahead.
  static constexpr std::size_t ahead = 24;
  void fetch(std::size_t row) const {
#if defined(__GNUC__)
    if (row < rows_.n) __builtin_prefetch(&units_.rest[part(row) * (1 + n_proxies())], 1);
#endif
  }

  // Rows without a label, in one cell. What follows of the same unit is summed before it is stored.
  void add_run(const Block& block, std::size_t begin, std::size_t end) {
    const double* origin = origins_[0].data() + 1 + rows_.more_y.size();
    for (std::size_t i = begin, next; i < end; i = next) {
      const std::size_t unit = part(block.begin + i);
      for (next = i + 1; next < end && part(block.begin + next) == unit;) ++next;
      if (!whole_ && (unit < first_ || unit >= last_)) continue;
      double* u = &units_.rest[unit * (1 + n_proxies())];
      u[0] += static_cast<double>(next - i);
      for (std::size_t k = 0; k < n_proxies(); ++k) {
        double sum = 0.0;
        for (std::size_t j = i; j < next; ++j) sum += block.proxies[k][j] - origin[k];
        u[1 + k] += sum;
      }
    }
  }

  // Whether the units of a block follow all before, so that it could be added as a whole.
  bool add_ordered(const Block& block) {
    if (!ordered_ || !ordered_->add({block.proxies, nullptr, block.y, block.size}, *rows_.clusters,
                                    block.begin)) {
      return false;
    }
    for (std::size_t j = 0; j < labels_.n; ++j) add_row(block, labels_.rows[j], true);
    return true;
  }

  void add_scattered(const Block& block, std::size_t begin, std::size_t end) {
    const double* origin = origins_[0].data() + 1 + rows_.more_y.size();
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t unit = part(block.begin + i);
      if (!whole_ && (unit < first_ || unit >= last_)) continue;
      double* values = scattered_->add(unit);
      for (std::size_t k = 0; k < n_proxies(); ++k) values[k] = block.proxies[k][i] - origin[k];
    }
  }

  void add_row(const Block& block, std::size_t i, bool is_labelled) {
    fetch(block.begin + i + ahead);
    const std::size_t unit = part(block.begin + i);
    if (unit < first_ || unit >= last_) return;
    if (block.prob != nullptr) {
      if (!(block.prob[i] > 0.0)) return;  // outside the frame
      add_prob(unit, block.prob[i], count(block.begin + i));
    }
    if (!units_.strata.empty()) assign_stratum(unit, rows_.strata[block.begin + i]);
    const double* origin = origins_[rows_.cell(block.begin + i)].data();
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
    if (!units_.has_label(unit)) {
      units_.place[unit] = static_cast<std::int32_t>(n_labelled());
      labelled_.resize(labelled_.size() + units_.labelled_size(), 0.0);
      if (block.prob != nullptr) n_true_.push_back(0.0);
    }
    const auto place = static_cast<std::size_t>(units_.place[unit]);
    double* u = &labelled_[place * units_.labelled_size()];
    const double weight = block.prob == nullptr ? 1.0 : 1.0 / block.prob[i];
    u[0] += weight;
    for (std::size_t k = 0; k < block.values.size(); ++k) {
      u[1 + k] += weight * (block.values[k][i] - origin[k]);
    }
    if (block.prob != nullptr) n_true_[place] += 1.0;
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
  std::size_t first_, last_, begin_, end_;
  bool whole_, plain_;
  UnitTotals& units_;
  BlockLabels labels_;
  std::optional<ScatteredUnits> scattered_;
  std::optional<OrderedUnits> ordered_;
  std::vector<double> labelled_, n_true_;  // of the parts of this pass that have a label
};

}  // namespace judicious

// One pass over rows grouped into clusters.
#pragma once

#include <judicious/data/row_pass.hpp>
#include <judicious/data/unit_sums.hpp>

namespace judicious {

namespace unit_pass_detail {

// Totals of all parts, one range of parts per task. Each is summed in row order by a single task,
// so the number of tasks does not change them.
template <int M>
UnitTotals sum_parts(const Rows& rows, const Parts& parts, const std::vector<Vector>& origins,
                     std::size_t n_tasks, const Executor& run) {
  UnitTotals units(rows.layout(), parts.n, rows.strata.n_groups > 1);
  const UnitStretch of_units(rows, parts, n_tasks > 1);
  std::vector<UnitPass<M>> passes;
  for (std::size_t t = 0; t < n_tasks; ++t) {
    passes.emplace_back(rows, parts, of_units, origins, t * units.n_units / n_tasks,
                        (t + 1) * units.n_units / n_tasks, units);
  }
  run(n_tasks, [&](std::size_t t) { passes[t].run(); });
  std::size_t n_labelled = 0;
  for (auto& pass : passes) {
    const std::size_t n = pass.n_labelled();
    pass.take_over(n_labelled);
    n_labelled += n;
    units.nested = units.nested && pass.nested;
  }
  return units;
}

// What is known of single rows stays; what is counted by units starts anew.
inline void keep_row_facts(Cell& cell) {
  StratumMoments& s = cell.rows;
  s.prob.sum_inverse = s.n_rows = s.n_true = s.sum_inverse_true = s.sum_weight = 0.0;
  s.sum_weighted_y.setZero();
  s.sum_weighted_proxies.setZero();
}

// Adds one part's counts to its cell.
inline void count_unit(const UnitTotals& units, std::size_t unit, StratumMoments& s) {
  const double n_rows = units.n_rows(unit), n_true = units.labelled_rows(unit);
  s.n_rows += n_rows;
  s.n_true += n_true;
  if (units.layout.known_prob) {
    s.prob.sum_inverse += units.sum_inverse_prob[unit];
    const double prob = units.prob[unit];
    s.whole_clusters = s.whole_clusters && !std::isnan(prob);
    if (!std::isnan(prob)) s.low_unit_probs.add(prob);
  }
  if (n_true == 0.0) return;
  s.sum_inverse_true += 1.0 / n_true;
  s.n_mixed += !units.layout.known_prob && n_rows > n_true ? 1.0 : 0.0;
  const double* u = units.labelled_half(unit);
  s.sum_weight += u[0];
  for (int k = 0; k < units.layout.n_responses; ++k) s.sum_weighted_y[k] += u[1 + k];
  for (int k = 0; k < units.layout.n_proxies; ++k) {
    s.sum_weighted_proxies[k] += u[units.layout.labelled_proxies() + k];
  }
}

// Products of (m, F) of whole clusters, weighted by (1 - prob) / prob.
inline void add_poisson_unit(const UnitTotals& units, std::size_t unit, StratumMoments& s) {
  const double prob = units.prob[unit];
  if (std::isnan(prob)) return;
  const Eigen::Map<const Vector> mf(&units.rest[unit * units.rest_size()],
                                    static_cast<int>(units.rest_size()));
  s.poisson_units += (1.0 - prob) / prob * mf * mf.transpose();
}

// Sums per cell, of rows and of means, of M judges and u of so many numbers. Most units have no
// label: of those only the second half of u is summed, in as many variables as there are.
template <int M, int Size>
struct CellSums {
  ShiftedSums<Size> labelled, labelled_means;
  ShiftedSums<static_size(1, 1, M)> others;
  ShiftedSums<M> other_means;
  KishSums kish, kish_means;

  explicit CellSums(const Layout& layout)
      : labelled(layout.size()),
        labelled_means(layout.size()),
        others(1 + layout.n_proxies),
        other_means(layout.n_proxies) {}
};

// Moments of u of units whose first half is 0, from those of its second half.
inline Moments of_rest(const Moments& rest, const Layout& layout, bool counted) {
  Moments out(layout.size());
  out.n = rest.n;
  if (rest.n == 0.0) return out;
  const int first = counted ? layout.rest() : layout.rest_proxies();
  const auto m = static_cast<int>(rest.mean.size());
  if (!counted) out.mean[layout.rest()] = 1.0;
  out.mean.segment(first, m) = rest.mean;
  out.cross.block(first, first, m, m) = rest.cross;
  return out;
}

template <int M, int Size>
class Collector {
 public:
  using Unit = Eigen::Matrix<double, Size, 1>;

  Collector(const UnitTotals& units, const Parts& parts, LabelSummary& out)
      : units_(units),
        parts_(parts),
        out_(out),
        sums_(out.cells.size(), CellSums<M, Size>(out.layout)),
        u_(Unit::Zero(out.layout.size())),
        means_(u_) {}

  void run() {
    mark_labelled();
    if (out_.cells.size() == 1 && !out_.layout.known_prob) {
      add_plain();
    } else {
      for (std::size_t part = 0; part < units_.n_units; ++part) {
        if (units_.n_rows(part) > 0.0) add(part);
      }
    }
    for (std::size_t k = 0; k < out_.cells.size(); ++k) finish(out_.cells[k], sums_[k]);
    if (parts_.several()) add_shared();
  }

 private:
  std::size_t cell(std::size_t part) const {
    return out_.at(units_.stratum(part), parts_.group_of(part));
  }

  void mark_labelled() {
    std::size_t n = 0;
    if (parts_.several()) has_label_.assign(parts_.n_clusters, 0);
    for (std::size_t part = 0; part < units_.n_units; ++part) {
      if (!units_.has_label(part)) continue;
      ++n;
      if (!has_label_.empty()) has_label_[parts_.unit_of(part)] = 1;
    }
    keep_ = n <= most_stored_units;
    if (keep_ && out_.cells.size() == 1) out_.cells[0].units.reserve_clusters(n, out_.layout);
  }

  bool is_stored(std::size_t part) const {
    if (units_.has_label(part)) return true;
    return !has_label_.empty() && has_label_[parts_.unit_of(part)] != 0;
  }

  void add(std::size_t part) {
    const std::size_t at = cell(part);
    const double n_true = units_.labelled_rows(part);
    StratumMoments& s = out_.cells[at].rows;
    count_unit(units_, part, s);
    if (out_.layout.known_prob) add_poisson_unit(units_, part, s);
    if (n_true == 0.0) {
      add_other(part, sums_[at]);
    } else {
      add_labelled(part, n_true, sums_[at]);
    }
    if (keep_ && is_stored(part)) {
      units_.copy(part, u_.data());
      store(part, n_true, out_.cells[at].units);
    }
  }

  // All parts in one cell: most have no label, and nothing else is to be seen to.
  void add_plain() {
    CellSums<M, Size> sums = sums_[0];  // a copy, so that it stays near
    double n_rows = 0.0;
    for (std::size_t part = 0; part < units_.n_units; ++part) {
      units_.fetch_labelled(part + 32);
      const double n = units_.rest[part * units_.rest_size()];
      if (units_.has_label(part)) {
        add(part);
      } else if (n > 0.0) {
        n_rows += n;
        add_other(part, sums);
      }
    }
    sums_[0].others = sums.others;
    sums_[0].other_means = sums.other_means;
    out_.cells[0].rows.n_rows += n_rows;
  }

  void add_labelled(std::size_t part, double n_true, CellSums<M, Size>& sums) {
    units_.copy(part, u_.data());
    means_ = u_;
    to_unit_means(out_.layout, means_);
    sums.labelled.add(u_);
    sums.labelled_means.add(means_);
    if (!out_.layout.known_prob) return;
    sums.kish.add(u_[0], n_true);
    sums.kish_means.add(u_[0] / units_.n_rows(part), n_true);
  }

  void add_other(std::size_t part, CellSums<M, Size>& sums) {
    using Rest = Eigen::Matrix<double, static_size(1, 1, M), 1>;
    const Eigen::Map<const Rest> rest(&units_.rest[part * units_.rest_size()],
                                      static_cast<int>(units_.rest_size()));
    sums.others.add(rest);
    if constexpr (M == 0) {
      sums.other_means.add({});
    } else {
      sums.other_means.add(rest.tail(rest.size() - 1) / rest[0]);
    }
  }

  void store(std::size_t part, double n_true, StoredUnits& units) {
    units.add_cluster(u_.data(), static_cast<std::size_t>(u_.size()), n_true);
    if (out_.layout.known_prob) units.prob.push_back(units_.prob[part]);
    units.ids.push_back(static_cast<std::int64_t>(parts_.unit_of(part)));
  }

  void finish(Cell& cell, const CellSums<M, Size>& sums) {
    cell.rows.labelled = sums.labelled.moments();
    cell.rows.unlabelled = of_rest(sums.others.moments(), out_.layout, true);
    cell.rows.kish = sums.kish;
    cell.rows.low_unit_probs.prune();
    cell.means = cell.rows;
    cell.means.labelled = sums.labelled_means.moments();
    cell.means.unlabelled = of_rest(sums.other_means.moments(), out_.layout, false);
    cell.means.kish = sums.kish_means;
    if (!keep_) cell.units.forget();
  }

  // Units that meet several cells, none of them labelled.
  void add_shared() {
    std::vector<std::vector<std::size_t>> parts_of(has_label_.size());
    for (std::size_t part = 0; part < units_.n_units; ++part) {
      const std::size_t unit = parts_.unit_of(part);
      if (units_.n_rows(part) > 0.0 && has_label_[unit] == 0) parts_of[unit].push_back(part);
    }
    for (const auto& parts : parts_of) {
      for (std::size_t i = 0; i < parts.size(); ++i) {
        for (std::size_t j = i + 1; j < parts.size(); ++j) add_pair(parts[i], parts[j]);
      }
    }
  }

  void add_pair(std::size_t a, std::size_t b) {
    if (cell(a) > cell(b)) std::swap(a, b);
    const LabelSummary::CellPair pair(cell(a), cell(b));
    Vector ua(u_.size()), ub(u_.size());
    units_.copy(a, ua.data());
    units_.copy(b, ub.data());
    out_.shared_rows[pair].add(ua, ub);
    to_unit_means(out_.layout, ua);
    to_unit_means(out_.layout, ub);
    out_.shared_means[pair].add(ua, ub);
  }

  const UnitTotals& units_;
  const Parts& parts_;
  LabelSummary& out_;
  std::vector<CellSums<M, Size>> sums_;
  std::vector<char> has_label_;  // of every cluster, where several cells may share it
  bool keep_ = true;
  Unit u_, means_;
};

}  // namespace unit_pass_detail

// Fills in what is known by units, from their totals.
inline void collect_units(const UnitTotals& units, const Parts& parts, LabelSummary& out) {
  out.nested = units.nested;
  with_static_size(out.layout.n_proxies, [&](auto m) {
    constexpr int M = decltype(m)::value;
    if (out.layout.n_responses == 1) {
      unit_pass_detail::Collector<M, static_size(3, 2, M)>(units, parts, out).run();
    } else {
      unit_pass_detail::Collector<M, Eigen::Dynamic>(units, parts, out).run();
    }
  });
}

// Makes a summary of single rows one of clusters: what is known of single rows stays, the units
// become the clusters of `rows`. At the end see(totals, parts) is called.
template <class See>
void group_into_units(const Rows& rows, std::size_t n_tasks, const Executor& run, LabelSummary& out,
                      const See& see) {
  out.clustered = true;
  std::vector<Vector> origins;
  for (Cell& cell : out.cells) {
    origins.push_back(cell.rows.origin);
    unit_pass_detail::keep_row_facts(cell);
    cell.units = StoredUnits();
  }
  const Parts parts = find_parts(rows);
  const UnitTotals units = with_static_size(out.layout.n_proxies, [&](auto m) {
    return unit_pass_detail::sum_parts<decltype(m)::value>(rows, parts, origins, n_tasks, run);
  });
  collect_units(units, parts, out);
  see(units, parts);
}

inline void group_into_units(const Rows& rows, std::size_t n_tasks, const Executor& run,
                             LabelSummary& out) {
  group_into_units(rows, n_tasks, run, out, [](const UnitTotals&, const Parts&) {});
}

// The summary of rows grouped into clusters. Rows are seen twice: once for what is known of single
// rows, once for the totals of their clusters.
inline LabelSummary summarise_units(const Rows& rows, std::size_t n_tasks, const Executor& run) {
  LabelSummary out = summarise_rows(rows, run, 0);
  group_into_units(rows, n_tasks, run, out);
  return out;
}

}  // namespace judicious

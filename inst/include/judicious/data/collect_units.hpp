// Units from their totals to what is known of each cell by units.
#pragma once

#include <judicious/data/label_summary.hpp>
#include <judicious/data/unit_totals.hpp>
#include <judicious/numeric/parallel.hpp>

namespace judicious {

namespace collect_detail {

inline std::size_t cell_of(const UnitTotals& units, const Parts& parts, const LabelSummary& out,
                           std::size_t part) {
  return out.at(units.stratum(part), parts.group_of(part));
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

// Which units are kept one by one.
class KeptParts {
 public:
  KeptParts(const UnitTotals& units, const Parts& parts) : units_(units), parts_(parts) {
    std::size_t n = 0;
    if (parts.several()) has_label_.assign(parts.n_clusters, 0);
    for (std::size_t part = 0; part < units.n_units; ++part) {
      if (!units.has_label(part)) continue;
      ++n;
      if (!has_label_.empty()) has_label_[parts.unit_of(part)] = 1;
    }
    any_ = n <= most_stored_units;
  }

  bool any() const { return any_; }
  bool is_labelled_somewhere(std::size_t part) const {
    return has_label_.empty() ? units_.has_label(part) : has_label_[parts_.unit_of(part)] != 0;
  }
  bool keeps(std::size_t part) const {
    if (!any_ || units_.has_label(part)) return any_;
    return is_labelled_somewhere(part) && units_.n_rows(part) > 0.0;
  }

 private:
  const UnitTotals& units_;
  const Parts& parts_;
  bool any_;
  std::vector<char> has_label_;  // of every cluster, where several cells may share it
};

// Adds the parts [first, last) to cells that know nothing of units yet.
template <int M, int Size>
class Collector {
 public:
  using Unit = Eigen::Matrix<double, Size, 1>;

  // Units that are kept go to `all`, from `next` on in each cell.
  Collector(const UnitTotals& units, const Parts& parts, const KeptParts& kept,
            std::vector<std::size_t> next, std::vector<Cell>& all, LabelSummary& out)
      : units_(units),
        parts_(parts),
        kept_(kept),
        next_(std::move(next)),
        all_(all),
        out_(out),
        sums_(out.cells.size(), CellSums<M, Size>(out.layout)),
        u_(Unit::Zero(out.layout.size())),
        means_(u_) {}

  void run(std::size_t first, std::size_t last) {
    if (out_.cells.size() == 1 && !out_.layout.known_prob) {
      add_plain(first, last);
    } else {
      for (std::size_t part = first; part < last; ++part) {
        if (units_.n_rows(part) > 0.0) add(part);
      }
    }
    for (std::size_t k = 0; k < out_.cells.size(); ++k) finish(out_.cells[k], sums_[k]);
  }

 private:
  void add(std::size_t part) {
    const std::size_t at = cell_of(units_, parts_, out_, part);
    const double n_true = units_.labelled_rows(part);
    StratumMoments& s = out_.cells[at].rows;
    count_unit(units_, part, s);
    if (out_.layout.known_prob) add_poisson_unit(units_, part, s);
    if (n_true == 0.0) {
      add_other(part, sums_[at]);
    } else {
      add_labelled(part, n_true, sums_[at]);
    }
    if (kept_.keeps(part)) {
      units_.copy(part, u_.data());
      store(part, n_true, next_[at]++, all_[at].units);
    }
  }

  // All parts in one cell: most have no label, and nothing else is to be seen to.
  void add_plain(std::size_t first, std::size_t last) {
    CellSums<M, Size> sums = sums_[0];  // a copy, so that it stays near
    double n_rows = 0.0;
    for (std::size_t part = first; part < last; ++part) {
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

  void store(std::size_t part, double n_true, std::size_t to, StoredUnits& units) {
    std::copy_n(u_.data(), u_.size(), &units.values[to * static_cast<std::size_t>(u_.size())]);
    units.n_true[to] = n_true;
    units.ids[to] = static_cast<std::int64_t>(parts_.unit_of(part));
    if (out_.layout.known_prob) units.prob[to] = units_.prob[part];
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
  }

  const UnitTotals& units_;
  const Parts& parts_;
  const KeptParts& kept_;
  std::vector<std::size_t> next_;
  std::vector<Cell>& all_;
  LabelSummary& out_;
  std::vector<CellSums<M, Size>> sums_;
  Unit u_, means_;
};

// Units that meet several cells, none of them labelled.
class SharedCollector {
 public:
  SharedCollector(const UnitTotals& units, const Parts& parts, LabelSummary& out)
      : units_(units), parts_(parts), out_(out) {}

  void run(const KeptParts& kept) {
    std::vector<std::vector<std::size_t>> parts_of(parts_.n_clusters);
    for (std::size_t part = 0; part < units_.n_units; ++part) {
      if (units_.n_rows(part) == 0.0 || kept.is_labelled_somewhere(part)) continue;
      parts_of[parts_.unit_of(part)].push_back(part);
    }
    for (const auto& parts : parts_of) {
      for (std::size_t i = 0; i < parts.size(); ++i) {
        for (std::size_t j = i + 1; j < parts.size(); ++j) add_pair(parts[i], parts[j]);
      }
    }
  }

 private:
  std::size_t cell(std::size_t part) const { return cell_of(units_, parts_, out_, part); }

  void add_pair(std::size_t a, std::size_t b) {
    if (cell(a) > cell(b)) std::swap(a, b);
    const LabelSummary::CellPair pair(cell(a), cell(b));
    Vector ua(out_.layout.size()), ub(out_.layout.size());
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
};

// Cells like those of `out`, which know nothing of rows or units.
inline LabelSummary empty_like(const LabelSummary& out) {
  LabelSummary part;
  part.layout = out.layout;
  part.n_strata = out.n_strata;
  part.n_groups = out.n_groups;
  part.cells.assign(out.cells.size(), Cell(out.layout));
  for (std::size_t k = 0; k < out.cells.size(); ++k) {
    part.cells[k].rows.origin = out.cells[k].rows.origin;
  }
  return part;
}

inline void add_collected(LabelSummary part, LabelSummary& out) {
  for (std::size_t k = 0; k < out.cells.size(); ++k) {
    merge(out.layout, std::move(part.cells[k].rows), out.cells[k].rows);
    merge(out.layout, std::move(part.cells[k].means), out.cells[k].means);
  }
}

// Units are collected in chunks, whose number depends on the data alone.
class Chunks {
 public:
  Chunks(const UnitTotals& units, const Parts& parts, const KeptParts& kept, const Executor& run,
         LabelSummary& out)
      : units_(units),
        parts_(parts),
        kept_(kept),
        run_(run),
        out_(out),
        n_(count_chunks(units.n_units, units_per_cell * out.cells.size())) {}

  template <int M, int Size>
  void collect() {
    const auto next = make_room();
    std::vector<LabelSummary> chunks(n_, empty_like(out_));
    run_(n_, [&](std::size_t c) {
      Collector<M, Size>(units_, parts_, kept_, next[c], out_.cells, chunks[c])
          .run(begin(c), begin(c + 1));
    });
    for (LabelSummary& chunk : chunks) add_collected(std::move(chunk), out_);
  }

 private:
  // What a chunk leaves of a cell takes as much room as so many units: of many cells there are few
  // chunks.
  static constexpr std::size_t units_per_cell = 64;

  std::size_t begin(std::size_t chunk) const { return chunk * units_.n_units / n_; }

  // For the units that are kept; returns where those of each chunk begin in each cell.
  std::vector<std::vector<std::size_t>> make_room() {
    std::vector<std::vector<std::size_t>> n(n_, std::vector<std::size_t>(out_.cells.size(), 0));
    run_(n_, [&](std::size_t c) {
      for (std::size_t part = begin(c); part < begin(c + 1); ++part) {
        if (kept_.keeps(part)) ++n[c][cell_of(units_, parts_, out_, part)];
      }
    });
    for (std::size_t k = 0; k < out_.cells.size(); ++k) {
      std::size_t total = 0;
      for (std::size_t c = 0; c < n_; ++c) total += std::exchange(n[c][k], total);
      if (kept_.any()) out_.cells[k].units.make_room(total, out_.layout);
    }
    return n;
  }

  const UnitTotals& units_;
  const Parts& parts_;
  const KeptParts& kept_;
  const Executor& run_;
  LabelSummary& out_;
  std::size_t n_;
};

}  // namespace collect_detail

// Fills in what is known by units, from their totals.
inline void collect_units(const UnitTotals& units, const Parts& parts, const Executor& run,
                          LabelSummary& out) {
  out.nested = units.nested;
  const collect_detail::KeptParts kept(units, parts);
  for (Cell& cell : out.cells) {
    cell.rows.labelled = cell.rows.unlabelled = Moments(out.layout.size());
    cell.means = cell.rows;
    if (!kept.any()) cell.units.forget();
  }
  collect_detail::Chunks chunks(units, parts, kept, run, out);
  with_static_size(out.layout.n_proxies, [&](auto m) {
    constexpr int M = decltype(m)::value;
    if (out.layout.n_responses == 1) {
      chunks.collect<M, static_size(3, 2, M)>();
    } else {
      chunks.collect<M, Eigen::Dynamic>();
    }
  });
  if (parts.several()) collect_detail::SharedCollector(units, parts, out).run(kept);
}

}  // namespace judicious

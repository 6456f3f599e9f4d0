// One pass over rows that are their own sampling units.
#pragma once

#include <atomic>
#include <judicious/data/label_summary.hpp>
#include <judicious/data/labelled_rows.hpp>
#include <judicious/data/row_sums.hpp>
#include <judicious/numeric/parallel.hpp>

namespace judicious {

namespace row_pass_detail {

// What a chunk of the rows leaves of one cell.
template <int M, bool Weighted>
struct CellSums {
  RowSums<M, Weighted> others;
  LabelledRows labelled;
  ProbRange prob;

  CellSums(const Layout& layout, const Vector& origin)
      : others(layout.n_proxies), labelled(layout, origin) {}
};

// Whether every prob of a run lies strictly between 0 and 1; the lowest and highest of them.
inline bool open_unit(const double* prob, std::size_t n, double& low, double& high) {
  using Lane = Eigen::Array<double, 4, 1>;
  low = std::numeric_limits<double>::infinity();
  high = 0.0;
  Lane lows = Lane::Constant(low), highs = Lane::Zero(), sums = Lane::Zero();
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const Lane p = Eigen::Map<const Lane>(prob + i);
    lows = lows.min(p);
    highs = highs.max(p);
    sums += p;  // a missing value anywhere is missing here
  }
  double sum = sums.sum();
  low = lows.minCoeff();
  high = highs.maxCoeff();
  for (; i < n; ++i) {
    low = std::min(low, prob[i]);
    high = std::max(high, prob[i]);
    sum += prob[i];
  }
  return !std::isnan(sum) && low > 0.0 && high < 1.0;
}

template <int M, bool Weighted>
class ChunkPass {
 public:
  using Sums = CellSums<M, Weighted>;

  ChunkPass(const Rows& rows, const std::vector<Vector>& origins, std::size_t most,
            std::atomic<std::size_t>& n_labelled)
      : rows_(rows), most_(most), n_labelled_(n_labelled) {
    cells.reserve(origins.size());
    for (const Vector& origin : origins) cells.emplace_back(rows.layout(), origin);
  }

  void add(const Block& block) {
    const bool single = cells.size() == 1;
    std::size_t met = 0;
    for (std::size_t i = 0; i < block.size;) {
      const std::size_t labelled = next_label(block.y, i, block.size);
      if (single) {
        add_run(block, i, labelled);
      } else {
        add_scattered(block, i, labelled);
      }
      i = next_gap(block.y, labelled, block.size);
      met += i - labelled;
      add_labels(block, labelled, i);
    }
    if (met > 0) n_labelled_ += met;
  }

  std::vector<Sums> cells;

 private:
  void add_run(const Block& block, std::size_t begin, std::size_t end) {
    if (begin == end) return;
    if constexpr (Weighted) {
      double low, high;
      ProbRange& range = cells[0].prob;
      if (!open_unit(block.prob + begin, end - begin, low, high)) {
        return add_scattered(block, begin, end);
      }
      range.lowest = std::min(range.lowest, low);
      range.highest = std::max(range.highest, high);
      if (low < range.low.limit()) {
        for (std::size_t i = begin; i < end; ++i) range.low.add(block.prob[i]);
      }
    }
    cells[0].others.add_run(block.proxies, block.prob, begin, end - begin);
  }

  void add_scattered(const Block& block, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      Sums& cell = cells[rows_.cell(block.begin + i)];
      if (Weighted && !cell.prob.admit(block.prob[i], false)) continue;
      cell.others.add_one(block.proxies, block.prob, i);
    }
  }

  // Many labels without judges in a row are summed like rows without a label.
  static constexpr std::size_t long_run = 16;
  void add_labels(const Block& block, std::size_t begin, std::size_t end) {
    const bool plain = !Weighted && cells.size() == 1 && block.values.size() == 1;
    if (plain && end - begin >= long_run) {
      return cells[0].labelled.add_run(block.y, begin, end - begin, n_labelled_ <= most_);
    }
    for (std::size_t i = begin; i < end; ++i) add_labelled(block, i);
  }

  void add_labelled(const Block& block, std::size_t i) {
    Sums& cell = cells[rows_.cell(block.begin + i)];
    if (Weighted && !cell.prob.admit(block.prob[i], true)) return;
    cell.labelled.add(block, i, n_labelled_ <= most_);
  }

  const Rows& rows_;
  std::size_t most_;
  std::atomic<std::size_t>& n_labelled_;
};

// Moments of u of rows without a label, from those of their judges.
inline Moments of_others(const Moments& judges, const Layout& layout) {
  const int m = layout.n_proxies;
  Moments out(layout.size());
  out.n = judges.n;
  if (out.n == 0.0) return out;
  out.mean[layout.rest()] = 1.0;
  out.mean.segment(layout.rest_proxies(), m) = judges.mean;
  out.cross.block(layout.rest_proxies(), layout.rest_proxies(), m, m) = judges.cross;
  return out;
}

template <class Sums>
void add_chunk(const Layout& layout, const Sums& sums, Cell& cell) {
  StratumMoments& s = cell.rows;
  Moments others = sums.others.moments();
  if (others.n > 0.0) {
    s.proxy_low = s.proxy_low.cwiseMin(sums.others.low());
    s.proxy_high = s.proxy_high.cwiseMax(sums.others.high());
    others.mean -= s.origin.tail(layout.n_proxies);
  }
  s.unlabelled.merge(of_others(others, layout));
  s.labelled.merge(sums.labelled.moments());
  s.labels.merge(sums.labelled.labels);
  for (std::size_t k = 0; k < s.more_labels.size(); ++k) {
    s.more_labels[k].merge(sums.labelled.more_labels[k]);
  }
  s.proxy_low = s.proxy_low.cwiseMin(sums.labelled.low());
  s.proxy_high = s.proxy_high.cwiseMax(sums.labelled.high());
  if (!layout.known_prob) return;
  const Matrix weights = sums.others.poisson(s.origin.tail(layout.n_proxies));
  ProbRange prob = sums.prob;
  prob.sum_inverse = weights(0, 0) + others.n + sums.labelled.sum_weight;
  s.prob.merge(prob);
  s.poisson_rows += weights + sums.labelled.poisson();
  s.highest_weight = std::max(s.highest_weight, sums.labelled.highest_weight);
}

template <class Sums>
void store_units(const Layout& layout, const Sums& sums, StoredUnits& units) {
  const auto width = static_cast<std::size_t>(layout.size());
  const std::size_t n = sums.labelled.units.size() / width;
  units.u.insert(units.u.end(), sums.labelled.units.begin(), sums.labelled.units.end());
  units.n_true.insert(units.n_true.end(), n, 1.0);
  units.prob.insert(units.prob.end(), sums.labelled.probs.begin(), sums.labelled.probs.end());
}

// Moves the origin to the means over labelled rows: residuals of constant columns are then exact
// zeros, and nothing cancels far from zero.
inline void centre_at_labels(const Layout& layout, Cell& cell) {
  StratumMoments& s = cell.rows;
  if (s.labelled.n == 0.0) return;
  const int n = layout.n_values();
  const Vector shift = s.labelled.mean.segment(Layout::labelled_y, n);
  s.origin += shift;
  s.labelled.mean.segment(Layout::labelled_y, n).setZero();
  if (s.unlabelled.n > 0.0) {
    s.unlabelled.mean.segment(layout.rest_proxies(), layout.n_proxies) -=
        shift.tail(layout.n_proxies);
  }
  const auto width = static_cast<std::size_t>(layout.size());
  for (std::size_t i = 0; i < cell.units.size(); ++i) {
    for (int k = 0; k < n; ++k)
      cell.units.u[i * width + 1 + static_cast<std::size_t>(k)] -= shift[k];
  }
}

// Moments of the judges over all rows.
inline Moments judge_moments(const Layout& layout, const StratumMoments& s) {
  const int m = layout.n_proxies;
  const auto part = [&](const Moments& from, int first) {
    Moments out(m);
    out.n = from.n;
    out.mean = from.mean.segment(first, m);
    out.cross = from.cross.block(first, first, m, m);
    return out;
  };
  Moments out =
      part(s.labelled, layout.known_prob ? layout.rest_proxies() : layout.labelled_proxies());
  out.merge(part(s.unlabelled, layout.rest_proxies()));
  return out;
}

inline void finish(const Layout& layout, Cell& cell) {
  StratumMoments& s = cell.rows;
  s.n_true = s.sum_inverse_true = s.labelled.n;
  s.n_rows = s.n_units();
  if (!layout.known_prob) centre_at_labels(layout, cell);
  s.proxy_rows = judge_moments(layout, s);
  const Vector sum = s.labelled.sum();
  s.sum_weight = sum[Layout::labelled];
  s.sum_weighted_y = sum.segment(Layout::labelled_y, layout.n_responses);
  s.sum_weighted_proxies = sum.segment(layout.labelled_proxies(), layout.n_proxies);
}

template <int M, bool Weighted>
void fill(const Rows& rows, const std::vector<Vector>& origins, std::size_t most,
          const Executor& run, LabelSummary& out) {
  const std::size_t n_chunks = count_chunks(rows.n, origins.size());
  std::vector<std::vector<CellSums<M, Weighted>>> chunks(n_chunks);
  std::atomic<std::size_t> n_labelled{0};
  run(n_chunks, [&](std::size_t c) {
    ChunkPass<M, Weighted> pass(rows, origins, most, n_labelled);
    for_each_block(rows, chunk_begin(c, n_chunks, rows.n), chunk_begin(c + 1, n_chunks, rows.n),
                   [&](const Block& block) { pass.add(block); });
    for (auto& cell : pass.cells) cell.labelled.finish();
    chunks[c] = std::move(pass.cells);
  });
  const bool keep = n_labelled <= most;
  for (std::size_t k = 0; k < out.cells.size(); ++k) {
    Cell& cell = out.cells[k];
    cell.rows.origin = origins[k];
    for (auto& cells : chunks) {
      add_chunk(out.layout, cells[k], cell);
      if (keep) store_units(out.layout, cells[k], cell.units);
    }
    if (!keep) cell.units.forget();
    finish(out.layout, cell);
  }
}

}  // namespace row_pass_detail

// The summary of rows that are their own sampling units; up to `most` labelled ones are kept.
inline LabelSummary summarise_rows(const Rows& rows, const Executor& run,
                                   std::size_t most = most_stored_units) {
  LabelSummary out;
  out.layout = rows.layout();
  out.n_strata = rows.strata.n_groups;
  out.n_groups = rows.groups.n_groups;
  out.cells.assign(rows.n_cells(), Cell(out.layout));
  const auto origins = find_origins(rows);
  with_static_size(out.layout.n_proxies, [&](auto m) {
    constexpr int M = decltype(m)::value;
    if (out.layout.known_prob) {
      row_pass_detail::fill<M, true>(rows, origins, most, run, out);
    } else {
      row_pass_detail::fill<M, false>(rows, origins, most, run, out);
    }
  });
  return out;
}

}  // namespace judicious

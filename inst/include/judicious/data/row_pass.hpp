// One pass over rows that are their own sampling units.
#pragma once

#include <atomic>
#include <judicious/data/label_summary.hpp>
#include <judicious/data/labelled_rows.hpp>
#include <judicious/data/row_sums.hpp>
#include <judicious/data/scattered_sums.hpp>
#include <judicious/numeric/parallel.hpp>

namespace judicious {

namespace row_pass_detail {

// What a chunk of the rows leaves of every cell. Sums of rows without a label are side by side:
// rows in random order then find most of them near.
template <int M, bool Weighted>
struct ChunkSums {
  std::vector<RowSums<M, Weighted>> others;
  std::vector<LabelledRows> labelled;
  std::vector<ProbRange> prob;
  std::vector<std::size_t> first_labelled;

  ChunkSums() = default;
  // `before`: what is known of the cells from chunks before.
  ChunkSums(const Layout& layout, const std::vector<Cell>& before)
      : others(before.size(), RowSums<M, Weighted>(layout.n_proxies)),
        labelled(before.size(), LabelledRows(layout)),
        prob(Weighted ? before.size() : 0) {
    for (std::size_t k = 0; k < before.size(); ++k) {
      others[k].widen(before[k].rows.proxy_low, before[k].rows.proxy_high);
      if (Weighted) prob[k].low.lower_limit(before[k].rows.prob.low.limit());
    }
  }
};

// Adds the probs of a block that are below the limit, of which there are few.
inline void add_low(const Block& block, LowProbs& low) {
  std::size_t i = 0;
  for (; i + 8 <= block.size; i += 8) {
    const Pair limit = pair_of(low.limit());
    const double* p = block.prob + i;
    const PairMask first = below(load_pair(p), limit) | below(load_pair(p + 2), limit);
    const PairMask last = below(load_pair(p + 4), limit) | below(load_pair(p + 6), limit);
    if (!any(first | last)) continue;
    for (std::size_t k = i; k < i + 8; ++k) low.add(block.prob[k]);
  }
  for (; i < block.size; ++i) low.add(block.prob[i]);
}

template <int M, bool Weighted>
class ChunkPass {
 public:
  ChunkPass(const Rows& rows, std::size_t most, const LabelSummary& before,
            std::atomic<std::size_t>& n_labelled)
      : sums(rows.layout(), before.cells),
        rows_(rows),
        most_(most),
        n_to_note_(most_first_labelled - before.first_labelled.size()),
        n_labelled_(n_labelled),
        n_cells_(before.cells.size()) {
    if constexpr (scatters) {
      if (n_cells_ > 1) scattered_.emplace(sums.others);
    }
  }

  void add(const Block& block) {
    find_cells(block);
    if (one_cell_ && add_whole(block, cells_[0])) return;
    if constexpr (scatters) {
      scattered_->add_block({block.proxies, block.prob, block.y, block.size}, cells_, labels_);
    } else {
      labels_.find(block.y, block.size);
      add_open(block);
    }
    count_labels(block);
    for (std::size_t j = 0; j < labels_.n; ++j) add_labelled(block, labels_.rows[j]);
  }

  void finish() {
    if constexpr (scatters) {
      if (scattered_) scattered_->finish();
    }
    for (LabelledRows& labelled : sums.labelled) labelled.finish();
  }

  ChunkSums<M, Weighted> sums;

 private:
  bool keeps() const { return n_labelled_ <= most_; }

  static constexpr bool scatters = M == 1 && !Weighted;

  // The cells of a block's rows: codes as they are, unless rows fall into strata and groups.
  void find_cells(const Block& block) {
    if (n_cells_ == 1) return;
    const Groups& only = rows_.strata.n_groups == 1 ? rows_.groups : rows_.strata;
    if (only.n_groups == n_cells_ && only.bytes != nullptr) {
      widen(only.bytes + block.begin, block.size, pairs_.data());
      cells_ = {pairs_.data(), only.first};
    } else if (only.n_groups == n_cells_) {
      cells_ = {only.codes + block.begin, only.first};
    } else {
      for (std::size_t i = 0; i < block.size; ++i) {
        pairs_[i] = static_cast<int>(rows_.cell(block.begin + i));
      }
      cells_ = {pairs_.data(), 0};
    }
    one_cell_ = all_equal(cells_.codes, block.size);
  }

  // Rows often come sorted.
  static bool all_equal(const int* codes, std::size_t n) {
    if (codes[0] != codes[n - 1]) return false;
    const IntRange range = int_range(codes, n);
    return range.low == range.high;
  }

  void count_labels(const Block& block) {
    if (labels_.n == 0) return;
    n_labelled_ += labels_.n;
    const std::size_t n = std::min(labels_.n, n_to_note_);
    for (std::size_t j = 0; j < n; ++j)
      sums.first_labelled.push_back(block.begin + labels_.rows[j]);
    n_to_note_ -= n;
  }

  // Adds all rows of a block, unless some need to be looked at one by one.
  bool add_whole(const Block& block, std::size_t cell) {
    const ProbGlance probs =
        sums.others[cell].add_block({block.proxies, block.prob, block.y, block.size}, labels_);
    if constexpr (Weighted) {
      if (!probs.valid) return false;
      ProbRange& range = sums.prob[cell];
      range.lowest = std::min(range.lowest, probs.lowest);
      range.highest = std::max(range.highest, probs.highest);
      if (probs.lowest < range.low.limit()) add_low(block, range.low);
    }
    count_labels(block);
    // Labels without judges are summed like rows without a label.
    if (!Weighted && block.values.size() == 1 && labels_.n == block.size) {
      sums.labelled[cell].add_run(block.y, block.size, keeps());
    } else if (labels_.n > 0) {
      sums.labelled[cell].add(block, labels_.rows.data(), labels_.n, keeps());
    }
    return true;
  }

  void add_open(const Block& block) {
    for (std::size_t i = 0; i < block.size; ++i) {
      if (!std::isnan(block.y[i])) continue;
      const std::size_t k = cells_[i];
      if (Weighted && !sums.prob[k].admit(block.prob[i], false)) continue;
      sums.others[k].add_one(block.proxies, block.prob, i);
    }
  }

  void add_labelled(const Block& block, std::uint16_t i) {
    const std::size_t k = cells_[i];
    if (Weighted && !sums.prob[k].admit(block.prob[i], true)) return;
    sums.labelled[k].add(block, &i, 1, keeps());
  }

  const Rows& rows_;
  std::size_t most_, n_to_note_;
  std::atomic<std::size_t>& n_labelled_;
  std::size_t n_cells_;
  BlockLabels labels_;
  CellCodes cells_;
  std::optional<ScatteredSums> scattered_;
  std::array<int, block_size> pairs_;
  bool one_cell_ = true;
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
StratumMoments chunk_moments(const Layout& layout, const Sums& sums, std::size_t k) {
  StratumMoments s(layout);
  const auto& open = sums.others[k];
  const LabelledRows& labelled = sums.labelled[k];
  Moments others = open.moments();
  s.labelled = labelled.moments();
  if (s.labelled.n > 0.0) {
    s.origin = labelled.origin();
  } else if (others.n > 0.0) {
    s.origin.tail(layout.n_proxies) = open.shift();
  }
  others.mean -= s.origin.tail(layout.n_proxies);
  s.unlabelled = of_others(others, layout);
  s.labels = labelled.labels;
  s.more_labels = labelled.more_labels;
  s.proxy_low = labelled.low();
  s.proxy_high = labelled.high();
  if (others.n > 0.0) {
    s.proxy_low = s.proxy_low.cwiseMin(open.low());
    s.proxy_high = s.proxy_high.cwiseMax(open.high());
  }
  if (!layout.known_prob) return s;
  const Matrix weights = open.poisson(s.origin.tail(layout.n_proxies));
  s.prob = sums.prob[k];
  s.prob.sum_inverse = weights(0, 0) + others.n + labelled.sum_weight;
  s.poisson_rows = weights + labelled.poisson();
  s.highest_weight = labelled.highest_weight;
  return s;
}

// Counts from the first labelled row on: ratios of totals then lose no digits far from zero.
inline void add_chunk(const Layout& layout, StratumMoments part, StratumMoments& s) {
  if (part.n_units() == 0.0 && part.prob.n_dropped == 0.0) return;
  if (s.labelled.n == 0.0 && part.labelled.n > 0.0) move_origin(layout, part.origin, s);
  merge(layout, std::move(part), s);
}

// Adds the labelled rows of a chunk. Room is made for as many in each chunk to come, which costs
// nothing until it is used.
inline void store_rows(const LabelledRows& rows, std::size_t n_to_come, StoredUnits& units) {
  const auto append = [&](const std::vector<double>& from, std::vector<double>& to) {
    const std::size_t n = to.size() + from.size();
    if (n > to.capacity()) to.reserve(n + from.size() * n_to_come * 5 / 4);
    to.insert(to.end(), from.begin(), from.end());
  };
  append(rows.values, units.values);
  append(rows.probs, units.prob);
  units.n += rows.size();
}

inline void note_rows(const std::vector<std::size_t>& rows, std::vector<std::size_t>& out) {
  const std::size_t n = std::min(rows.size(), most_first_labelled - out.size());
  out.insert(out.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(n));
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

// Chunks are seen to in waves: what a wave leaves is small, and is merged before the next begins.
constexpr std::size_t first_wave = 2, next_waves = 8;

template <int M, bool Weighted>
void fill(const Rows& rows, std::size_t most, const Executor& run, LabelSummary& out) {
  const std::size_t n_chunks = count_chunks(rows.n, out.cells.size());
  std::atomic<std::size_t> n_labelled{0};
  for (std::size_t from = 0, size; from < n_chunks; from += size) {
    size = std::min(from == 0 ? first_wave : next_waves, n_chunks - from);
    std::vector<ChunkSums<M, Weighted>> wave(size);
    run(size, [&](std::size_t c) {
      ChunkPass<M, Weighted> pass(rows, most, out, n_labelled);
      for_each_block(rows, chunk_begin(from + c, n_chunks, rows.n),
                     chunk_begin(from + c + 1, n_chunks, rows.n),
                     [&](const Block& block) { pass.add(block); });
      pass.finish();
      wave[c] = std::move(pass.sums);
    });
    for (std::size_t c = 0; c < size; ++c) {
      note_rows(wave[c].first_labelled, out.first_labelled);
      for (std::size_t k = 0; k < out.cells.size(); ++k) {
        add_chunk(out.layout, chunk_moments(out.layout, wave[c], k), out.cells[k].rows);
        if (n_labelled > most) continue;
        store_rows(wave[c].labelled[k], n_chunks - from - c - 1, out.cells[k].units);
      }
    }
  }
  for (Cell& cell : out.cells) {
    if (n_labelled > most) cell.units.forget();
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
  with_static_size(out.layout.n_proxies, [&](auto m) {
    constexpr int M = decltype(m)::value;
    if (out.layout.known_prob) {
      row_pass_detail::fill<M, true>(rows, most, run, out);
    } else {
      row_pass_detail::fill<M, false>(rows, most, run, out);
    }
  });
  return out;
}

}  // namespace judicious

// Sums over rows without a label whose cells come in any order: one judge, uniform labels.
//
// A row costs one load and one store of its cell's sums; of few cells several copies take turns, so
// that rows of one cell do not wait for one another. Ranges are looked at only in blocks that can
// widen one.
#pragma once

#include <algorithm>
#include <judicious/data/row_sums.hpp>
#include <vector>

namespace judicious {

// The code of a row's cell is `first` plus its number.
struct CellCodes {
  const int* codes = nullptr;
  int first = 0;

  std::size_t operator[](std::size_t i) const {
    return codes == nullptr ? 0 : static_cast<std::size_t>(codes[i] - first);
  }
};

class ScatteredSums {
 public:
  using Sums = RowSums<1, false>;

  explicit ScatteredSums(std::vector<Sums>& sums)
      : sums_(sums),
        n_copies_(sums.size() <= few ? copies_of_few : 1),
        slots_(sums.size() * n_copies_),
        n_unmet_(sums.size()) {}

  // Adds the rows of a block that have no label, and notes the others.
  void add_block(const BlockRows& rows, const CellCodes& cells, BlockLabels& labels) {
    const bool is_wide = find_labels(rows, labels);
    const bool is_new = n_unmet_ > 0 && meet(rows, cells);
    if (n_copies_ > 1) {
      add_rows<copies_of_few>(rows, cells, labels);
    } else {
      add_rows<1>(rows, cells, labels);
    }
    if (!is_new && !is_wide) return;
    for (std::size_t i = 0; i < rows.size; ++i) {
      if (rows.y[i] != rows.y[i]) sums_[cells[i]].widen(rows.f[0][i]);
    }
    find_common_range();
  }

  // Hands the sums over.
  void finish() {
    for (std::size_t k = 0; k < slots_.size(); ++k) {
      const Slot& slot = slots_[k];
      sums_[k / n_copies_].add_sums(static_cast<double>(slot.n), slot.sums[0], slot.sums[1]);
    }
  }

 private:
  struct Slot {
    Pair sums = pair_of(0.0);  // of deviations, and of their squares
    double shift = 0.0;
    std::int64_t n = -1;  // -1: not met yet
  };

  // Whether a cell is met for the first time.
  bool meet(const BlockRows& rows, const CellCodes& cells) {
    const std::size_t before = n_unmet_;
    for (std::size_t i = 0; i < rows.size; ++i) {
      Slot* const slot = &slots_[cells[i] * n_copies_];
      if (slot->n >= 0 || rows.y[i] == rows.y[i]) continue;
      const double shift = sums_[cells[i]].shift_at(rows.f[0][i]);
      std::for_each(slot, slot + n_copies_, [=](Slot& copy) {
        copy.n = 0;
        copy.shift = shift;
      });
      --n_unmet_;
    }
    return n_unmet_ < before;
  }

  // Rows between labels, some at a time. They keep the processor busy: the next block comes
  // meanwhile.
  template <std::size_t Copies>
  void add_rows(const BlockRows& rows, const CellCodes& cells, const BlockLabels& labels) {
    const double *y = rows.y, *f = rows.f[0];
    Slot* const slots = slots_.data();
    const auto add = [=, codes = cells.codes, first = cells.first](std::size_t i,
                                                                   std::size_t copy) {
      Slot& slot = slots[static_cast<std::size_t>(codes[i] - first) * Copies + copy % Copies];
      const double d = f[i] - slot.shift;
      slot.sums += Pair{d, d * d};
      ++slot.n;
    };
    for (std::size_t i = 0, j = 0; j <= labels.n; ++i, ++j) {
      const std::size_t end = j < labels.n ? labels.rows[j] : rows.size;
      for (; i + 8 <= end; i += 8) {
        fetch_ahead(y + i, block_size * sizeof(double));
        fetch_ahead(f + i, block_size * sizeof(double));
        fetch_ahead(cells.codes + i, block_size * sizeof(int));
        add(i, 0), add(i + 1, 1), add(i + 2, 2), add(i + 3, 3);
        add(i + 4, 0), add(i + 5, 1), add(i + 6, 2), add(i + 7, 3);
      }
      for (; i < end; ++i) add(i, 0);
    }
  }

  // Notes the labels of a block; whether a judge, with or without a label, lies outside the range
  // that all cells share.
  bool find_labels(const BlockRows& rows, BlockLabels& labels) const {
    row_kernels::JudgeRange range;
    std::size_t i = row_kernels::find_range(rows, labels, range);
    for (; i < rows.size; ++i) {
      range.low = std::min(range.low, rows.f[0][i]);
      range.high = std::max(range.high, rows.f[0][i]);
    }
    return !(range.low >= common_low_ && range.high <= common_high_);
  }

  void find_common_range() {
    if (sums_.size() > few) return;
    common_low_ = -std::numeric_limits<double>::infinity();
    common_high_ = -common_low_;
    for (const Sums& sums : sums_) {
      if (sums.lowest() > sums.highest()) continue;  // not met yet
      common_low_ = std::max(common_low_, sums.lowest());
      common_high_ = std::min(common_high_, sums.highest());
    }
  }

  // Of more cells neither copies nor the common range are worth it.
  static constexpr std::size_t few = 64, copies_of_few = 4;

  std::vector<Sums>& sums_;
  std::size_t n_copies_;
  std::vector<Slot> slots_;
  std::size_t n_unmet_;
  double common_low_ = std::numeric_limits<double>::infinity(), common_high_ = -common_low_;
};

}  // namespace judicious

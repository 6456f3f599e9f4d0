// Sums over rows without a label whose cells come in any order: one judge, uniform labels.
//
// A row costs one load and one store of its cell's sums; ranges are looked at only in blocks that
// can widen one.
#pragma once

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
      : sums_(sums), slots_(sums.size()), n_unmet_(sums.size()) {}

  // Adds the rows of a block that have no label, and notes the others.
  void add_block(const BlockRows& rows, const CellCodes& cells, BlockLabels& labels) {
    const bool is_new = n_unmet_ > 0 && meet(rows, cells);
    const bool is_wide = add_rows(rows, cells, labels);
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
      sums_[k].add_sums(static_cast<double>(slot.n), slot.sums[0], slot.sums[1]);
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
      Slot& slot = slots_[cells[i]];
      if (slot.n >= 0 || rows.y[i] == rows.y[i]) continue;
      slot.n = 0;
      slot.shift = sums_[cells[i]].shift_at(rows.f[0][i]);
      --n_unmet_;
    }
    return n_unmet_ < before;
  }

  // Whether a judge lies outside the range that all cells have in common.
  bool add_rows(const BlockRows& rows, const CellCodes& cells, BlockLabels& labels) {
    const double *y = rows.y, *f = rows.f[0];
    const CellCodes at = cells;
    Slot* const slots = slots_.data();
    const auto add = [=](std::size_t i) {
      Slot& slot = slots[at.codes[i] - at.first];
      const double d = f[i] - slot.shift;
      slot.sums += Pair{d, d * d};
      ++slot.n;
    };
    Pair low = pair_of(std::numeric_limits<double>::infinity());
    Pair high = pair_of(-std::numeric_limits<double>::infinity());
    labels.n = 0;
    std::size_t i = 0;
    for (; i + 4 <= rows.size; i += 4) {
      const Pair first = load_pair(f + i), second = load_pair(f + i + 2);
      low = lower(lower(low, first), second);
      high = higher(higher(high, first), second);
      if (all(missing(load_pair(y + i)) & missing(load_pair(y + i + 2)))) {
        for (std::size_t k = 0; k < 4; ++k) add(i + k);
      } else {
        labels.note(y, i, i + 4);
        for (std::size_t k = i; k < i + 4; ++k) {
          if (y[k] != y[k]) add(k);
        }
      }
    }
    labels.note(y, i, rows.size);
    for (; i < rows.size; ++i) {
      low = lower(low, pair_of(f[i]));
      high = higher(high, pair_of(f[i]));
      if (y[i] != y[i]) add(i);
    }
    return !(least(low) >= common_low_ && greatest(high) <= common_high_);
  }

  void find_common_range() {
    if (sums_.size() > most_common) return;
    common_low_ = -std::numeric_limits<double>::infinity();
    common_high_ = -common_low_;
    for (const Sums& sums : sums_) {
      if (sums.lowest() > sums.highest()) continue;  // not met yet
      common_low_ = std::max(common_low_, sums.lowest());
      common_high_ = std::min(common_high_, sums.highest());
    }
  }

  // Of more cells the common range is not worth finding.
  static constexpr std::size_t most_common = 64;

  std::vector<Sums>& sums_;
  std::vector<Slot> slots_;
  std::size_t n_unmet_;
  double common_low_ = std::numeric_limits<double>::infinity(), common_high_ = -common_low_;
};

}  // namespace judicious

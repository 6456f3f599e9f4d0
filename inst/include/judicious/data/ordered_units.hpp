// Rows of clusters that come in order, one judge: on their way to the clusters' totals.
//
// Where clusters are short the processor would guess wrongly at the end of each. So there is no
// branch: the running total of a row's cluster is stored at every row, and starts anew where the
// code differs from the one before. Two stretches of a block take turns, as each sum waits for the
// one before it.
#pragma once

#include <judicious/data/row_kernels.hpp>

namespace judicious {

class OrderedUnits {
 public:
  // `totals`: of each unit, its count of rows without a label and their sum about `origin`. Only
  // the units [first, last) are looked at.
  OrderedUnits(double* totals, double origin, std::size_t first, std::size_t last)
      : totals_(totals), origin_(pair_of(origin)), first_(first), last_(last) {}

  // Adds a block whose units follow all that were seen, and notes its rows with a label, in any
  // order. False: they do not follow, nothing is added; after some such blocks none is looked at.
  bool add(const BlockRows& rows, const Groups& groups, std::size_t begin, BlockLabels& labels) {
    if (n_failed_ == most_failed) return false;
    const int* codes = groups.codes + begin;
    const int before = highest_;
    if (codes[0] < before || !ascends(codes, rows.size)) {
      highest_ = std::max(before, int_range(codes, rows.size).high);
      ++n_failed_;
      return false;
    }
    highest_ = codes[rows.size - 1];
    const auto at = [&](std::size_t unit) {
      const auto code = static_cast<std::int64_t>(unit) + groups.first;
      return static_cast<std::size_t>(std::lower_bound(codes, codes + rows.size, code) - codes);
    };
    labels.n = 0;
    add_stretches({rows.y, rows.f[0], codes, groups.first, totals_, origin_, labels}, at(first_),
                  at(last_));
    return true;
  }

 private:
  // Rows [next, end), and the total of the unit that the last one belongs to.
  struct Stretch {
    std::size_t next, end;
    Pair total;
  };

  struct Source {
    const double *y, *f;
    const int* codes;
    int first_code;
    double* totals;
    Pair origin;
    BlockLabels& labels;

    double* at(std::size_t i) const {
      return totals + 2 * static_cast<std::size_t>(codes[i] - first_code);
    }
  };

  static void start(const Source& from, Stretch& s) {
    if (s.next == s.end) return;
    s.total = load_pair(from.at(s.next));
    add_row(from, s, s.total);
  }

  static JUDICIOUS_INLINE void add_row(const Source& from, Stretch& s, Pair total) {
    const std::size_t i = s.next++;
    if (from.y[i] != from.y[i]) {
      total += Pair{1.0, from.f[i] - from.origin[0]};
    } else {
      from.labels.note(i, 1);
    }
    s.total = total;
    store_pair(total, from.at(i));
  }

  // The next four rows; one before them was seen.
  static JUDICIOUS_INLINE void add_four(const Source& from, Stretch& s) {
    const std::size_t i = s.next;
    fetch_ahead(from.y + i, block_size * sizeof(double));
    fetch_ahead(from.f + i, block_size * sizeof(double));
    const auto same = as_before(from.codes + i);
    const PairMask first = missing(load_pair(from.y + i)),
                   last = missing(load_pair(from.y + i + 2));
    const Pair a = keep(first, load_pair(from.f + i) - from.origin);
    const Pair b = keep(last, load_pair(from.f + i + 2) - from.origin);
    const Pair na = keep(first, pair_of(1.0)), nb = keep(last, pair_of(1.0));
    const auto open = static_cast<unsigned>(signs(first) | signs(last) << 2);
    if (open != 15) from.labels.note(i, 15 & ~open);
    Pair total = s.total;
    const auto add = [&](std::size_t k, double n, double sum) {
      total = keep(same[k], total) + Pair{n, sum};
      store_pair(total, from.at(i + k));
    };
    add(0, na[0], a[0]);
    add(1, na[1], a[1]);
    add(2, nb[0], b[0]);
    add(3, nb[1], b[1]);
    s.total = total;
    s.next += 4;
  }

  static void finish(const Source& from, Stretch s) {
    while (s.next < s.end) {
      const bool same = from.codes[s.next] == from.codes[s.next - 1];
      add_row(from, s, same ? s.total : pair_of(0.0));
    }
  }

  static void add_stretches(const Source& from, std::size_t begin, std::size_t end) {
    const int* codes = from.codes;
    std::size_t middle = begin + (end - begin) / 2;
    while (middle < end && middle > begin && codes[middle] == codes[middle - 1]) ++middle;
    Stretch a{begin, middle, pair_of(0.0)}, b{middle, end, pair_of(0.0)};
    start(from, a);
    start(from, b);
    while (a.next + 4 <= a.end && b.next + 4 <= b.end) {
      add_four(from, a);
      add_four(from, b);
    }
    finish(from, a);
    finish(from, b);
  }

  static constexpr int most_failed = 16;

  double* totals_;
  Pair origin_;
  std::size_t first_, last_;
  int n_failed_ = 0;
  int highest_ = std::numeric_limits<int>::min();
};

}  // namespace judicious

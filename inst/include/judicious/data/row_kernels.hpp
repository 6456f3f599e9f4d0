// What the pass over the rows spends its time on.
//
// Whole blocks are added two or four rows at a time, without a branch, to accumulators that do not
// wait for one another; labelled rows among them count as nothing.
#pragma once

#include <judicious/data/columns.hpp>
#include <limits>

namespace judicious {

// The rows of a block as arrays; prob is null where it is not known.
struct BlockRows {
  const double* const* f;
  const double* prob;
  const double* y;
  std::size_t size;
};

// What the probs of a block show at a glance.
struct ProbGlance {
  double lowest = std::numeric_limits<double>::infinity(), highest = 0.0;
  bool valid = true;  // all above 0 and at most 1, below 1 where nobody labelled

  void add(double prob, bool open) {
    valid = valid && prob > 0.0 && (prob < 1.0 || (prob == 1.0 && !open));
    lowest = std::min(lowest, prob);
    highest = std::max(highest, prob);
  }
};

namespace row_sums_detail {

// Sum, sum of squares and range of one judge.
struct OneJudge {
  const double* f;
  Pair shift, sum = pair_of(0.0), cross = sum, low, high;

  void add(std::size_t i, PairMask open) {
    const Pair x = load_pair(f + i);
    const Pair d = keep(open, x - shift);
    sum += d;
    cross += d * d;
    low = lower(low, x);
    high = higher(high, x);
  }
};

// Two of them, in turns: neither waits for the other.
struct OneJudgeTwice {
  OneJudge a, b;

  OneJudgeTwice(const double* f, double shift, double low, double high)
      : a{f, pair_of(shift), pair_of(0.0), pair_of(0.0), pair_of(low), pair_of(high)}, b(a) {}
  void add(std::size_t i, PairMask first, PairMask second) {
    a.add(i, first);
    b.add(i + 2, second);
  }
};

struct OneWeighted {
  const double *f, *prob;
  Pair shift, low, high;
  Pair sum = pair_of(0.0), cross = sum, w_n = sum, w_sum = sum, w_cross = sum;
  Pair prob_low = pair_of(std::numeric_limits<double>::infinity()), prob_high = sum;

  void add(std::size_t i, PairMask open) {
    const Pair x = load_pair(f + i), p = load_pair(prob + i);
    const Pair w = keep(open, pair_of(1.0) / p), d = keep(open, x - shift);
    const Pair wd = w * d;
    sum += d;
    cross += d * d;
    w_n += w;
    w_sum += wd;
    w_cross += wd * d;
    low = lower(low, x);
    high = higher(high, x);
    prob_low = lower(prob_low, p);
    prob_high = higher(prob_high, keep(open, p));
  }
  void add(std::size_t i, PairMask first, PairMask second) {
    add(i, first);
    add(i + 2, second);
  }
};

struct TwoJudges {
  const double *f, *g;
  Pair f_shift, g_shift, f_low, f_high, g_low, g_high;
  Pair f_sum = pair_of(0.0), g_sum = f_sum, ff = f_sum, fg = f_sum, gg = f_sum;

  void add(std::size_t i, PairMask open) {
    const Pair x = load_pair(f + i), y = load_pair(g + i);
    const Pair c = keep(open, x - f_shift), d = keep(open, y - g_shift);
    f_sum += c;
    g_sum += d;
    ff += c * c;
    fg += c * d;
    gg += d * d;
    f_low = lower(f_low, x);
    f_high = higher(f_high, x);
    g_low = lower(g_low, y);
    g_high = higher(g_high, y);
  }
  void add(std::size_t i, PairMask first, PairMask second) {
    add(i, first);
    add(i + 2, second);
  }
};

// Of all rows of a block, labelled or not.
inline ProbGlance glance_at(const BlockRows& rows) {
  ProbGlance out;
  Pair low = pair_of(out.lowest), high = pair_of(0.0), sum = high;
  std::size_t i = 0;
  for (; i + 2 <= rows.size; i += 2) {
    const Pair p = load_pair(rows.prob + i);
    low = lower(low, p);
    high = higher(high, keep(missing(load_pair(rows.y + i)), p));
    sum += p;  // a missing value anywhere is missing here
  }
  out.lowest = least(low);
  out.highest = greatest(high);
  out.valid = !std::isnan(judicious::sum(sum)) && out.lowest > 0.0 && out.highest < 1.0;
  for (; i < rows.size; ++i) out.add(rows.prob[i], std::isnan(rows.y[i]));
  return out;
}

}  // namespace row_sums_detail

}  // namespace judicious

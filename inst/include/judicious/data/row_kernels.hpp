// What the pass over the rows spends its time on.
//
// Whole blocks are added some rows at a time, without a branch, to accumulators that do not wait
// for one another; labelled rows among them count as nothing. The kernels are compiled twice: for
// two doubles at once, which every machine has, and for four.
#pragma once

#include <judicious/data/columns.hpp>
#include <judicious/numeric/wide_lanes.hpp>
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

namespace row_kernels {

// What is known of a judge before, and of the rows without a label that a kernel adds: sums of
// deviations from `shift`, and ranges over all rows.
struct JudgeSums {
  double shift, low, high;
  double sum = 0.0, cross = 0.0;
};

// Besides, products of two judges, or sums weighted by 1/prob.
struct PairSums {
  JudgeSums f, g;
  double cross = 0.0;
};
struct WeightedSums {
  JudgeSums f;
  double weight = 0.0, sum = 0.0, cross = 0.0;
  double lowest_prob = std::numeric_limits<double>::infinity(), highest_prob = 0.0;
};

// Over all rows.
struct JudgeRange {
  double low, high;
};

namespace narrow {

using Lanes = Pair;
using LaneMask = PairMask;
constexpr std::size_t n_lanes = 2;

JUDICIOUS_INLINE Lanes lanes_of(double x) { return pair_of(x); }
JUDICIOUS_INLINE Lanes load_lanes(const double* from) { return load_pair(from); }
JUDICIOUS_INLINE unsigned signs(LaneMask a, LaneMask b) {
  return static_cast<unsigned>(judicious::signs(a) | judicious::signs(b) << 2);
}

JUDICIOUS_INLINE double lane_sum(Lanes x) { return judicious::sum(x); }

#define JUDICIOUS_KERNEL_ENTRY inline
#define JUDICIOUS_KERNEL_INLINE JUDICIOUS_INLINE
#include <judicious/data/row_kernels.inc>
#undef JUDICIOUS_KERNEL_ENTRY
#undef JUDICIOUS_KERNEL_INLINE

}  // namespace narrow

#if defined(JUDICIOUS_WIDE_LANES)
namespace wide {

using namespace wide_lanes;

#define JUDICIOUS_KERNEL_ENTRY JUDICIOUS_WIDE inline
#define JUDICIOUS_KERNEL_INLINE JUDICIOUS_WIDE_INLINE
#include <judicious/data/row_kernels.inc>
#undef JUDICIOUS_KERNEL_ENTRY
#undef JUDICIOUS_KERNEL_INLINE

}  // namespace wide
#endif

// Calls the kernel of what this machine has.
#if defined(JUDICIOUS_WIDE_LANES)
#define JUDICIOUS_KERNEL(name, ...) \
  (has_wide_lanes() ? wide::name(__VA_ARGS__) : narrow::name(__VA_ARGS__))
#else
#define JUDICIOUS_KERNEL(name, ...) narrow::name(__VA_ARGS__)
#endif

// Each adds the rows of a block that have no label, eight at a time, and notes the others; returns
// where the eights end.
inline std::size_t add_one_judge(const BlockRows& rows, BlockLabels& labels, JudgeSums& sums) {
  return JUDICIOUS_KERNEL(add_one_judge, rows, labels, sums);
}
inline std::size_t add_two_judges(const BlockRows& rows, BlockLabels& labels, PairSums& sums) {
  return JUDICIOUS_KERNEL(add_two_judges, rows, labels, sums);
}
inline std::size_t add_weighted(const BlockRows& rows, BlockLabels& labels, WeightedSums& sums) {
  return JUDICIOUS_KERNEL(add_weighted, rows, labels, sums);
}
inline std::size_t find_range(const BlockRows& rows, BlockLabels& labels, JudgeRange& range) {
  return JUDICIOUS_KERNEL(find_range, rows, labels, range);
}

#undef JUDICIOUS_KERNEL

}  // namespace row_kernels

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

}  // namespace judicious

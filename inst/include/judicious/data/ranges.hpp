// What is seen of labels and inclusion probabilities on the way: ranges, and what is wrong.
#pragma once

#include <algorithm>
#include <judicious/data/low_probs.hpp>
#include <limits>

namespace judicious {

// Range of the human labels met.
struct LabelRange {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
  bool binary = true;      // every label is 0 or 1
  bool two_valued = true;  // every label is the lowest or the highest

  void add(double y) {
    if (y != lowest && y != highest) extend(y, y);
    binary = binary && (y == 0.0 || y == 1.0);
  }
  void add_run(const double* y, std::size_t n) {
    double low = y[0], high = y[0];
    for (std::size_t i = 1; i < n; ++i) {
      low = y[i] < low ? y[i] : low;
      high = y[i] > high ? y[i] : high;
    }
    for (std::size_t i = 0; i < n && two_valued; ++i) two_valued = y[i] == low || y[i] == high;
    for (std::size_t i = 0; i < n && binary; ++i) binary = y[i] == 0.0 || y[i] == 1.0;
    extend(low, high);
  }
  void merge(const LabelRange& other) {
    if (other.lowest <= other.highest) extend(other.lowest, other.highest);
    binary = binary && other.binary;
    two_valued = two_valued && other.two_valued;
  }

  // With the labels that lie between these two.
  void extend(double low, double high) {
    const double old_low = lowest, old_high = highest;
    lowest = std::min(lowest, low);
    highest = std::max(highest, high);
    const auto is_end = [&](double y) { return y == lowest || y == highest; };
    const bool first = old_low > old_high;
    two_valued = two_valued && is_end(low) && is_end(high) &&
                 (first || (is_end(old_low) && is_end(old_high)));
  }
};

// Inclusion probabilities met, and what is wrong with them.
struct ProbRange {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = 0.0;
  double sum_inverse = 0.0;  // of the rows that take part
  double n_dropped = 0.0;    // unlabelled rows with prob 0 or missing
  bool valid = true;
  LowProbs low;  // the lowest, until they sum to 3

  // Whether a row takes part; false for rows outside the frame.
  bool admit(double prob, bool labelled) {
    if (!(prob > 0.0)) {
      n_dropped += 1.0;
      valid = valid && !labelled && !(prob < 0.0);
      return false;
    }
    valid = valid && (prob < 1.0 || (prob == 1.0 && labelled));
    lowest = std::min(lowest, prob);
    highest = std::max(highest, prob);
    low.add(prob);
    return true;
  }
  void merge(const ProbRange& other) {
    lowest = std::min(lowest, other.lowest);
    highest = std::max(highest, other.highest);
    sum_inverse += other.sum_inverse;
    n_dropped += other.n_dropped;
    valid = valid && other.valid;
    low.merge(other.low);
  }
};

}  // namespace judicious

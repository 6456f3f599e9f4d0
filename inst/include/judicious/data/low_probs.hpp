// The lowest inclusion probabilities, until they sum to 3.
//
// A share s of rows whose prob sum to 3 hides its events with probability exp(-3), so 3/s is how
// many plain labels the design is worth against events nobody saw (rule of three). Unlike a
// quantile these merge, and equal ones are kept as a count.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

namespace judicious {

// How many rows, lowest prob first, and the labels they are worth together.
struct LowestRows {
  double rows = 0.0, labels = 0.0;
};

// As many as are worth `labels`, the last in part; all if they are not. next() gives a prob and how
// many rows have it, ascending.
template <class Next>
LowestRows lowest_rows(Next&& next, double n_entries, double labels) {
  LowestRows out;
  for (double i = 0.0; i < n_entries && out.labels < labels; i += 1.0) {
    const auto [prob, count] = next();
    const double take = std::min(count, (labels - out.labels) / prob);
    out.labels = take < count ? labels : out.labels + take * prob;
    out.rows += take;
  }
  return out;
}

class LowProbs {
 public:
  static constexpr double enough = 3.0;
  using Entry = std::pair<double, double>;  // prob, how many rows

  // Only a prob below this can still matter.
  double limit() const { return limit_; }
  // What is known of other rows of the same cell, whose entries are merged later.
  void lower_limit(double limit) { limit_ = std::min(limit_, limit); }

  void add(double prob, double count = 1.0) {
    if (!(prob < limit_)) return;
    if (!entries_.empty() && entries_.back().first == prob) {
      entries_.back().second += count;
    } else {
      entries_.emplace_back(prob, count);
    }
    new_sum_ += prob * count;
    if (entries_.size() >= next_prune_ || new_sum_ >= enough) cut();
  }

  void merge(const LowProbs& other) {
    for (const auto& [prob, count] : other.entries_) add(prob, count);
    prune();
  }

  // min(3, sum of all) / share of the rows it takes to get there, lowest first.
  double size(double n_rows) const {
    const std::vector<Entry> all = sorted();
    auto at = all.begin();
    const LowestRows low =
        lowest_rows([&] { return *at++; }, static_cast<double>(all.size()), enough);
    return low.rows > 0.0 ? low.labels * n_rows / low.rows : n_rows;
  }

  const std::vector<Entry>& entries() const { return entries_; }

  // Sorted, equal ones together, nothing beyond a sum of 3: the same for every order of adding.
  void prune() {
    entries_ = sorted();
    double sum = 0.0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      sum += entries_[i].first * entries_[i].second;
      if (sum < enough) continue;
      const double before = sum - entries_[i].first * entries_[i].second;
      entries_[i].second =
          std::min(entries_[i].second, std::ceil((enough - before) / entries_[i].first));
      entries_.resize(i + 1);
      lower_limit(entries_[i].first);
      break;
    }
    await();
  }

 private:
  // Most are in order already: those that were there before others came.
  std::vector<Entry> sorted() const {
    std::vector<Entry> all = entries_;
    const auto in_order = std::is_sorted_until(all.begin(), all.end());
    std::sort(in_order, all.end());
    std::inplace_merge(all.begin(), in_order, all.end());
    std::size_t n = 0;
    for (const Entry& entry : all) {
      if (n > 0 && all[n - 1].first == entry.first) {
        all[n - 1].second += entry.second;
      } else {
        all[n++] = entry;
      }
    }
    all.resize(n);
    return all;
  }

  // Drops most of what lies beyond a sum of 3, by halving: sorting all would take much longer.
  void cut() {
    if (entries_.size() <= 256) return prune();
    auto first = entries_.begin(), last = entries_.end();
    double sum = 0.0;
    while (last - first > 32) {
      const auto middle = first + (last - first) / 2;
      std::nth_element(first, middle, last);
      double lower_half = 0.0;
      for (auto at = first; at != middle; ++at) lower_half += at->first * at->second;
      if (sum + lower_half > enough * (1.0 + 1e-6)) {
        last = middle;
      } else {
        sum += lower_half;
        first = middle;
      }
    }
    if (last != entries_.end()) {
      lower_limit(last->first);
      entries_.erase(last, entries_.end());
    }
    await();
  }

  void await() {
    next_prune_ = std::max<std::size_t>(64, 2 * entries_.size());
    new_sum_ = 0.0;
  }

  std::vector<Entry> entries_;
  double limit_ = std::numeric_limits<double>::infinity();
  std::size_t next_prune_ = 64;
  double new_sum_ = 0.0;  // since the last pruning
};

}  // namespace judicious

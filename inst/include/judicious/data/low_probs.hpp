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

class LowProbs {
 public:
  static constexpr double enough = 3.0;
  using Entry = std::pair<double, double>;  // prob, how many rows

  // Only a prob below this can still matter.
  double limit() const { return limit_; }

  void add(double prob, double count = 1.0) {
    if (!(prob < limit_)) return;
    if (!entries_.empty() && entries_.back().first == prob) {
      entries_.back().second += count;
    } else {
      entries_.emplace_back(prob, count);
    }
    new_sum_ += prob * count;
    if (entries_.size() >= next_prune_ || new_sum_ >= enough) prune();
  }

  void merge(const LowProbs& other) {
    for (const auto& [prob, count] : other.entries_) add(prob, count);
    prune();
  }

  // min(3, sum of all) / share of the rows it takes to get there, lowest first.
  double size(double n_rows) const {
    double sum = 0.0, rows = 0.0;
    for (const auto& [prob, count] : sorted()) {
      const double take = std::min(count, (enough - sum) / prob);
      sum += take * prob;
      rows += take;
      if (sum >= enough) break;
    }
    return rows > 0.0 ? sum * n_rows / rows : n_rows;
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
      limit_ = entries_[i].first;
      break;
    }
    next_prune_ = std::max<std::size_t>(64, 2 * entries_.size());
    new_sum_ = 0.0;
  }

 private:
  std::vector<Entry> sorted() const {
    std::vector<Entry> all = entries_, out;
    std::sort(all.begin(), all.end());
    for (const Entry& entry : all) {
      if (!out.empty() && out.back().first == entry.first) {
        out.back().second += entry.second;
      } else {
        out.push_back(entry);
      }
    }
    return out;
  }

  std::vector<Entry> entries_;
  double limit_ = std::numeric_limits<double>::infinity();
  std::size_t next_prune_ = 64;
  double new_sum_ = 0.0;  // since the last pruning
};

}  // namespace judicious

// Units grouped by how often each value was given to them: all that chance-
// corrected agreement of any number of interchangeable raters depends on.
#pragma once

#include <cstddef>
#include <judicious/ratings/item_bootstrap.hpp>
#include <unordered_map>
#include <utility>
#include <vector>

namespace judicious {

// Values (codes from 0) with how often each was given to a unit, codes ascending.
using Pattern = std::vector<std::pair<int, int>>;

inline double n_ratings(const Pattern& pattern) {
  int n = 0;
  for (const auto& [value, count] : pattern) n += count;
  return n;
}

struct CountPatterns {
  ItemKinds units;
  std::vector<Pattern> patterns;  // one per kind of unit
  std::size_t n_values = 0;

  std::size_t n_kinds() const { return patterns.size(); }
};

namespace count_patterns_detail {

struct PatternHash {
  std::size_t operator()(const Pattern& pattern) const {
    std::uint64_t hash = 0;
    for (const auto& [value, count] : pattern) {
      hash = stream_seed(hash, static_cast<std::uint64_t>(value));
      hash = stream_seed(hash, static_cast<std::uint64_t>(count));
    }
    return static_cast<std::size_t>(hash);
  }
};

class PatternGroups {
 public:
  PatternGroups(std::size_t n_values, double least_ratings) : least_ratings_(least_ratings) {
    out_.n_values = n_values;
  }

  // Units with too few ratings are left out.
  void add(const Pattern& pattern) {
    if (n_ratings(pattern) < least_ratings_) return;
    const auto [at, is_new] = kinds_.try_emplace(pattern, out_.patterns.size());
    if (is_new) out_.patterns.push_back(pattern);
    out_.units.add(at->second);
  }

  CountPatterns finish() { return std::move(out_); }

 private:
  double least_ratings_;
  CountPatterns out_;
  std::unordered_map<Pattern, std::size_t, PatternHash> kinds_;
};

}  // namespace count_patterns_detail

// From a units x raters matrix of codes counted from 1; a code below 1 is missing.
template <class Codes>
CountPatterns patterns_of_ratings(const Codes& codes, std::size_t n_values, double least_ratings) {
  count_patterns_detail::PatternGroups groups(n_values, least_ratings);
  std::vector<int> given;
  Pattern pattern;
  for (Eigen::Index i = 0; i < codes.rows(); ++i) {
    given.clear();
    for (Eigen::Index j = 0; j < codes.cols(); ++j) {
      if (codes(i, j) >= 1) given.push_back(codes(i, j) - 1);
    }
    std::sort(given.begin(), given.end());
    pattern.clear();
    for (const int value : given) {
      if (pattern.empty() || pattern.back().first != value) pattern.emplace_back(value, 0);
      ++pattern.back().second;
    }
    groups.add(pattern);
  }
  return groups.finish();
}

// From a units x values matrix of counts.
template <class CountMatrix>
CountPatterns patterns_of_counts(const CountMatrix& counts, double least_ratings) {
  count_patterns_detail::PatternGroups groups(static_cast<std::size_t>(counts.cols()),
                                              least_ratings);
  Pattern pattern;
  for (Eigen::Index i = 0; i < counts.rows(); ++i) {
    pattern.clear();
    for (Eigen::Index k = 0; k < counts.cols(); ++k) {
      if (counts(i, k) > 0) pattern.emplace_back(static_cast<int>(k), counts(i, k));
    }
    groups.add(pattern);
  }
  return groups.finish();
}

// Ratings per value, over units in the given counts.
inline std::vector<double> value_totals(const CountPatterns& data, const Counts& units) {
  std::vector<double> out(data.n_values, 0.0);
  for (std::size_t k = 0; k < data.n_kinds(); ++k) {
    if (units[k] == 0.0) continue;
    for (const auto& [value, count] : data.patterns[k]) {
      out[static_cast<std::size_t>(value)] += units[k] * count;
    }
  }
  return out;
}

// Whether at least two values occur: else chance-corrected agreement is undefined.
inline bool several_values(const std::vector<double>& totals) {
  std::size_t n = 0;
  for (const double total : totals) n += total > 0.0 ? 1 : 0;
  return n > 1;
}

}  // namespace judicious

// Response sets as bitmasks: bit k says that option k (counted from 0) is in the
// set. A bitmask means the same whatever list of sets it stands in, so answers
// cannot be attributed to the wrong set.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace judicious {

using OptionSet = std::uint32_t;

constexpr std::size_t max_options = 30;

inline OptionSet singleton(std::size_t k) { return OptionSet{1} << k; }
inline bool contains(OptionSet set, std::size_t k) { return ((set >> k) & 1U) != 0U; }
inline int set_size(OptionSet set) { return static_cast<int>(std::bitset<32>(set).count()); }

// Order of lists of sets: smaller sets first, then as their options are ordered.
inline bool comes_before(OptionSet a, OptionSet b) {
  if (set_size(a) != set_size(b)) return set_size(a) < set_size(b);
  const OptionSet differing = a ^ b;
  return (a & differing & (~differing + 1U)) != 0U;  // holds the first option they differ in
}

inline void sort_sets(std::vector<OptionSet>& sets) {
  std::sort(sets.begin(), sets.end(), comes_before);
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
}

// All non-empty sets over n_options options with at most max_size of them.
inline std::vector<OptionSet> all_sets(std::size_t n_options, std::size_t max_size) {
  constexpr std::size_t most = 16;  // 65,535 sets
  if (n_options > most) throw std::invalid_argument("Too many options to list all their sets.");
  std::vector<OptionSet> sets;
  for (OptionSet set = 1; set < singleton(n_options); ++set) {
    if (static_cast<std::size_t>(set_size(set)) <= max_size) sets.push_back(set);
  }
  sort_sets(sets);
  return sets;
}

// When a response set counts as positive.
enum class PositiveRule {
  any,  // it meets the positive options
  all   // it holds all of them
};

inline bool is_positive(OptionSet set, OptionSet positive, PositiveRule rule) {
  if (rule == PositiveRule::any) return (set & positive) != 0U;
  return positive != 0U && (set & positive) == positive;
}

}  // namespace judicious

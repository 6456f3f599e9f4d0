// Counts of ratings per item: everything that later stages need of the answers,
// taken in one pass over the ratings.
#pragma once

#include <algorithm>
#include <cstddef>
#include <judicious/ratings/option_sets.hpp>
#include <limits>
#include <utility>
#include <vector>

namespace judicious {

// Ratings as columns, owned by the caller. Codes of items, sources and options
// count from 1; `missing_answer` is no answer.
struct RatingColumns {
  static constexpr int missing_answer = std::numeric_limits<int>::min();
  static constexpr int invalid_choice_bit = 1, invalid_set_bit = 2;

  std::size_t size = 0;
  const int* item = nullptr;
  const int* source = nullptr;
  const int* choice = nullptr;
  const int* set = nullptr;
  const int* invalid = nullptr;
  const double* n = nullptr;  // ratings a row stands for; null: one

  bool has_choice(std::size_t row) const { return choice[row] != missing_answer; }
  bool has_set(std::size_t row) const { return set[row] != missing_answer; }
  bool is_pair(std::size_t row) const { return has_choice(row) && has_set(row); }
  bool is_invalid(std::size_t row, int bit) const { return (invalid[row] & bit) != 0; }
  double weight(std::size_t row) const { return n == nullptr ? 1.0 : n[row]; }
  std::size_t item_index(std::size_t row) const { return static_cast<std::size_t>(item[row] - 1); }
  std::size_t source_index(std::size_t row) const {
    return static_cast<std::size_t>(source[row] - 1);
  }
  std::size_t choice_index(std::size_t row) const {
    return static_cast<std::size_t>(choice[row] - 1);
  }
  OptionSet option_set(std::size_t row) const { return static_cast<OptionSet>(set[row]); }
};

struct RatingShape {
  std::size_t n_items = 0, n_sources = 0, n_options = 0;
};

// Counts of one source. `choice` and `in_set` are items x options, an item's
// options side by side.
struct ItemTallies {
  std::size_t n_items, n_options;
  std::vector<double> choice;    // forced choices of the option
  std::vector<double> in_set;    // response sets that hold the option
  std::vector<double> positive;  // response sets that count as positive
  std::vector<double> n_choice, n_set, invalid_choice, invalid_set;

  ItemTallies(std::size_t items, std::size_t options)
      : n_items(items),
        n_options(options),
        choice(items * options),
        in_set(items * options),
        positive(items),
        n_choice(items),
        n_set(items),
        invalid_choice(items),
        invalid_set(items) {}
};

struct PositiveOptions {
  OptionSet options = 0;
  PositiveRule rule = PositiveRule::any;

  bool holds(OptionSet set) const { return is_positive(set, options, rule); }
};

inline void tally_rating(const RatingColumns& x, std::size_t row, const PositiveOptions& positive,
                         ItemTallies& out) {
  const std::size_t item = x.item_index(row);
  const double weight = x.weight(row);
  if (x.has_choice(row)) {
    out.choice[item * out.n_options + x.choice_index(row)] += weight;
    out.n_choice[item] += weight;
  }
  if (x.has_set(row)) {
    const OptionSet set = x.option_set(row);
    for (std::size_t k = 0; k < out.n_options; ++k) {
      if (contains(set, k)) out.in_set[item * out.n_options + k] += weight;
    }
    if (positive.holds(set)) out.positive[item] += weight;
    out.n_set[item] += weight;
  }
  if (x.is_invalid(row, RatingColumns::invalid_choice_bit)) out.invalid_choice[item] += weight;
  if (x.is_invalid(row, RatingColumns::invalid_set_bit)) out.invalid_set[item] += weight;
}

// One tally per source.
inline std::vector<ItemTallies> tally_ratings(const RatingColumns& x, const RatingShape& shape,
                                              const PositiveOptions& positive) {
  std::vector<ItemTallies> out(shape.n_sources, ItemTallies(shape.n_items, shape.n_options));
  for (std::size_t row = 0; row < x.size; ++row) {
    tally_rating(x, row, positive, out[x.source_index(row)]);
  }
  return out;
}

// How many ratings gave which response set, per source and item: theta without
// its zeros. Sorted by source, item and set.
struct SetCounts {
  std::vector<int> source, item, set;
  std::vector<double> n;
};

inline SetCounts count_sets(const RatingColumns& x) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < x.size; ++row) {
    if (x.has_set(row)) rows.push_back(row);
  }
  const auto before = [&](std::size_t a, std::size_t b) {
    if (x.source[a] != x.source[b]) return x.source[a] < x.source[b];
    if (x.item[a] != x.item[b]) return x.item[a] < x.item[b];
    return comes_before(x.option_set(a), x.option_set(b));
  };
  std::stable_sort(rows.begin(), rows.end(), before);
  SetCounts out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t row = rows[i];
    if (i == 0 || before(rows[i - 1], row)) {
      out.source.push_back(x.source[row]);
      out.item.push_back(x.item[row]);
      out.set.push_back(x.set[row]);
      out.n.push_back(0.0);
    }
    out.n.back() += x.weight(row);
  }
  return out;
}

}  // namespace judicious

// How many ratings there are, and how indeterminate the task is.
#pragma once

#include <algorithm>
#include <judicious/ratings/rating_tallies.hpp>
#include <limits>
#include <vector>

namespace judicious {

// Of one source. A rating is invalid if any of its answers is.
struct RatingFacts {
  double n_ratings = 0.0, n_invalid = 0.0, n_contradictory = 0.0;
  double n_choices = 0.0, n_sets = 0.0;
  std::size_t n_items = 0, n_raters = 0;
  std::size_t items_chosen = 0;  // items with a forced choice
  std::size_t items_with_set = 0;
  std::size_t items_differing = 0;   // of those chosen: different choices
  std::size_t items_several = 0;     // of those with a set: a set of several options
  std::vector<double> set_sizes;     // how many sets have 1, 2, ... options
  std::vector<double> disagreement;  // per item: P(two of its choices differ), NaN below two

  double mean_set_size() const {
    double sum = 0.0;
    for (std::size_t k = 0; k < set_sizes.size(); ++k) {
      sum += static_cast<double>(k + 1) * set_sizes[k];
    }
    return n_sets > 0.0 ? sum / n_sets : std::numeric_limits<double>::quiet_NaN();
  }
};

namespace rating_facts_detail {

// Marks the codes that occur with a source.
class Marks {
 public:
  Marks(std::size_t n_sources, std::size_t n_codes)
      : n_codes_(n_codes), seen_(n_sources * n_codes, 0) {}
  void mark(std::size_t source, std::size_t code) { seen_[source * n_codes_ + code] = 1; }
  std::size_t count(std::size_t source) const {
    const auto first = seen_.begin() + static_cast<std::ptrdiff_t>(source * n_codes_);
    return static_cast<std::size_t>(
        std::count(first, first + static_cast<std::ptrdiff_t>(n_codes_), 1));
  }

 private:
  std::size_t n_codes_;
  std::vector<char> seen_;
};

inline void add_row(const RatingColumns& x, std::size_t row, RatingFacts& out) {
  const double weight = x.weight(row);
  out.n_ratings += weight;
  if (x.has_choice(row)) out.n_choices += weight;
  if (x.invalid[row] != 0) out.n_invalid += weight;
  if (x.is_pair(row) && !contains(x.option_set(row), x.choice_index(row))) {
    out.n_contradictory += weight;
  }
  if (!x.has_set(row)) return;
  out.n_sets += weight;
  out.set_sizes[static_cast<std::size_t>(set_size(x.option_set(row)) - 1)] += weight;
}

inline void add_item_choices(const ItemTallies& t, std::size_t item, RatingFacts& out) {
  const double n = t.n_choice[item];
  const double* counts = t.choice.data() + item * t.n_options;
  double same = 0.0;
  for (std::size_t k = 0; k < t.n_options; ++k) same += counts[k] * (counts[k] - 1.0);
  out.disagreement.push_back(n > 1.0 ? 1.0 - same / (n * (n - 1.0))
                                     : std::numeric_limits<double>::quiet_NaN());
  if (n <= 0.0) return;
  ++out.items_chosen;
  if (*std::max_element(counts, counts + t.n_options) < n) ++out.items_differing;
}

}  // namespace rating_facts_detail

// One per source. `rater` holds codes from 1 up to n_raters; null: anonymous.
inline std::vector<RatingFacts> rating_facts(const RatingColumns& x, const RatingShape& shape,
                                             const int* rater, std::size_t n_raters) {
  using rating_facts_detail::Marks;
  std::vector<RatingFacts> out(shape.n_sources);
  for (RatingFacts& facts : out) facts.set_sizes.assign(shape.n_options, 0.0);
  Marks items(shape.n_sources, shape.n_items), several = items;
  Marks raters(shape.n_sources, n_raters);
  for (std::size_t row = 0; row < x.size; ++row) {
    const std::size_t source = x.source_index(row);
    rating_facts_detail::add_row(x, row, out[source]);
    items.mark(source, x.item_index(row));
    if (rater != nullptr) raters.mark(source, static_cast<std::size_t>(rater[row] - 1));
    if (x.has_set(row) && set_size(x.option_set(row)) > 1) several.mark(source, x.item_index(row));
  }
  const auto tallies = tally_ratings(x, shape, {});
  for (std::size_t s = 0; s < out.size(); ++s) {
    out[s].n_items = items.count(s);
    out[s].n_raters = raters.count(s);
    out[s].items_several = several.count(s);
    for (std::size_t item = 0; item < shape.n_items; ++item) {
      rating_facts_detail::add_item_choices(tallies[s], item, out[s]);
      if (tallies[s].n_set[item] > 0.0) ++out[s].items_with_set;
    }
  }
  return out;
}

}  // namespace judicious

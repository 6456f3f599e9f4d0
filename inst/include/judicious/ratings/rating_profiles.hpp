// What a source says of every item: the forced-choice distribution O, the shares
// omega of response sets that hold an option, and the probability that a
// response set counts as positive. Metrics and decisions are computed from these.
#pragma once

#include <judicious/ratings/rating_tallies.hpp>
#include <judicious/ratings/threshold.hpp>
#include <limits>
#include <vector>

namespace judicious {

// What an invalid answer does to the shares.
enum class InvalidPolicy {
  exclude,  // nothing: shares are of the valid answers
  wrong,    // it counts as an answer that names no option
  bounds    // as exclude, and the lowest and highest shares it might have made
};

// Shares per item, items x options with an item's options side by side; NaN where
// an item has no answer. The *_low and *_high are empty unless asked for.
struct ItemProfiles {
  std::size_t n_items = 0, n_options = 0;
  std::vector<double> o, omega, p_positive;
  std::vector<double> o_low, o_high, omega_low, omega_high, p_low, p_high;
};

namespace profile_detail {

// NaN where nobody answered.
inline double share(double count, double n) {
  return n > 0.0 ? count / n : std::numeric_limits<double>::quiet_NaN();
}

// Divides counts of `width` cells per item by the item's answers: the valid ones
// and `invalid_weight` of the invalid ones. `extra` of the invalid ones count.
inline std::vector<double> shares(const std::vector<double>& counts, std::size_t width,
                                  const std::vector<double>& valid,
                                  const std::vector<double>& invalid, double invalid_weight,
                                  double extra = 0.0) {
  std::vector<double> out(counts.size());
  for (std::size_t cell = 0; cell < counts.size(); ++cell) {
    const std::size_t item = cell / width;
    out[cell] =
        share(counts[cell] + extra * invalid[item], valid[item] + invalid_weight * invalid[item]);
  }
  return out;
}

}  // namespace profile_detail

inline ItemProfiles profile_items(const ItemTallies& t, InvalidPolicy policy) {
  using profile_detail::shares;
  const double counted = policy == InvalidPolicy::wrong ? 1.0 : 0.0;
  ItemProfiles out;
  out.n_items = t.n_items;
  out.n_options = t.n_options;
  out.o = shares(t.choice, t.n_options, t.n_choice, t.invalid_choice, counted);
  out.omega = shares(t.in_set, t.n_options, t.n_set, t.invalid_set, counted);
  out.p_positive = shares(t.positive, 1, t.n_set, t.invalid_set, counted);
  if (policy != InvalidPolicy::bounds) return out;
  out.o_low = shares(t.choice, t.n_options, t.n_choice, t.invalid_choice, 1.0);
  out.o_high = shares(t.choice, t.n_options, t.n_choice, t.invalid_choice, 1.0, 1.0);
  out.omega_low = shares(t.in_set, t.n_options, t.n_set, t.invalid_set, 1.0);
  out.omega_high = shares(t.in_set, t.n_options, t.n_set, t.invalid_set, 1.0, 1.0);
  out.p_low = shares(t.positive, 1, t.n_set, t.invalid_set, 1.0);
  out.p_high = shares(t.positive, 1, t.n_set, t.invalid_set, 1.0, 1.0);
  return out;
}

// The hard forced choice: the option chosen most often, the first of several; -1
// where nobody chose or where invalid answers outnumber every option.
inline int hard_choice(const double* o, std::size_t n_options) {
  int best = -1;
  double highest = 0.0, total = 0.0;
  for (std::size_t k = 0; k < n_options; ++k) {
    total += o[k];
    if (o[k] > highest) {
      highest = o[k];
      best = static_cast<int>(k);
    }
  }
  return exceeds(1.0 - total, highest) ? -1 : best;
}

// The hard response set: the options that more than a share tau of the sets hold.
inline OptionSet hard_set(const double* omega, std::size_t n_options, double tau) {
  OptionSet set = 0;
  for (std::size_t k = 0; k < n_options; ++k) {
    if (exceeds(omega[k], tau)) set |= singleton(k);
  }
  return set;
}

}  // namespace judicious

// Bootstrap over items for statistics that depend on the items only through how
// many there are of each kind: agreement coefficients and means of item scores.
//
// Items that contribute alike are one kind, so a replicate costs as much as the
// kinds, and for few kinds even its draws do. A statistic is a function of the
// counts of the kinds; the counts of the data give the estimate, drawn counts a
// replicate. Every statistic computed from the same counts is resampled jointly.
#pragma once

#include <judicious/numeric/interval.hpp>
#include <judicious/numeric/linear.hpp>
#include <judicious/numeric/parallel.hpp>
#include <judicious/numeric/variates.hpp>

namespace judicious {

using Counts = std::vector<double>;

struct ItemKinds {
  std::vector<int> kind;  // of every item, from 0
  Counts sizes;           // number of items of each kind

  std::size_t n_items() const { return kind.size(); }

  void add(std::size_t k) {
    if (k >= sizes.size()) sizes.resize(k + 1, 0.0);
    kind.push_back(static_cast<int>(k));
    sizes[k] += 1.0;
  }
};

// Every item is a kind of its own.
inline ItemKinds distinct_items(std::size_t n) {
  ItemKinds out;
  out.kind.resize(n);
  std::iota(out.kind.begin(), out.kind.end(), 0);
  out.sizes.assign(n, 1.0);
  return out;
}

namespace item_bootstrap_detail {

template <class Generator>
void draw_items(Generator& rng, const ItemKinds& items, Counts& counts) {
  std::fill(counts.begin(), counts.end(), 0.0);
  draw_indices(rng, items.n_items(), items.n_items(),
               [&](std::size_t i) { counts[static_cast<std::size_t>(items.kind[i])] += 1.0; });
}

}  // namespace item_bootstrap_detail

// Counts of the kinds in one resample of all items with replacement.
template <class Generator>
void resample_items(Generator& rng, const ItemKinds& items, Counts& counts) {
  if (items.n_items() / items_per_binomial > items.sizes.size()) {
    multinomial_variate(rng, items.sizes, static_cast<double>(items.n_items()), items.n_items(),
                        counts);
  } else {
    item_bootstrap_detail::draw_items(rng, items, counts);
  }
}

// Replicates of statistic(counts, out), which writes `width` numbers; one row of
// the result per replicate. make_stream(b) gives replicate b's generator.
template <class Statistic, class MakeStream>
std::vector<double> bootstrap_items(const ItemKinds& items, std::size_t n_boot, std::size_t width,
                                    const Statistic& statistic, const MakeStream& make_stream,
                                    const Executor& run) {
  constexpr std::size_t n_tasks = 64;
  std::vector<double> out(n_boot * width);
  run(n_tasks, [&](std::size_t t) {
    Counts counts(items.sizes.size());
    const std::size_t end = (t + 1) * n_boot / n_tasks;
    for (std::size_t b = t * n_boot / n_tasks; b < end; ++b) {
      auto rng = make_stream(b);
      resample_items(rng, items, counts);
      statistic(counts, &out[b * width]);
    }
  });
  return out;
}

// The mean of a score over items.
class MeanScore {
 public:
  explicit MeanScore(const std::vector<double>& scores) : scores_(scores) {}

  double operator()(const Counts& items) const {
    double n = 0.0, sum = 0.0;
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      if (items[i] == 0.0) continue;  // 0 times an infinite score
      n += items[i];
      sum += items[i] * scores_[i];
    }
    return sum / n;
  }
  void operator()(const Counts& items, double* out) const { *out = (*this)(items); }

 private:
  const std::vector<double>& scores_;
};

// A statistic of the items at hand, and its replicates.
struct BootstrappedStatistic {
  double estimate;
  std::vector<double> replicates;
};

template <class Statistic, class MakeStream>
BootstrappedStatistic estimate_with_replicates(const ItemKinds& items, const Statistic& statistic,
                                               std::size_t n_boot, const MakeStream& make_stream,
                                               const Executor& run) {
  return {statistic(items.sizes), bootstrap_items(items, n_boot, 1, statistic, make_stream, run)};
}

}  // namespace judicious

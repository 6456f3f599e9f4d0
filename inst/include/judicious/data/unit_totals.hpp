// One pass over rows grouped into clusters: totals per sampling unit, and the
// moments per stratum that follow from them.
#pragma once

#include <judicious/data/grouped_quantiles.hpp>
#include <judicious/data/lowest_prob.hpp>
#include <judicious/data/strata.hpp>
#include <judicious/numeric/parallel.hpp>

namespace judicious {

// Totals u (see strata.hpp) of every cluster, about its stratum's origin. The two
// parts of u are kept apart: most rows touch only one, and memory is what the
// pass waits for.
class UnitTotals {
 public:
  Layout layout;
  std::size_t n_units;
  std::vector<double> labelled, rest;  // n_units x (2 + M) and n_units x (1 + M)
  std::vector<std::int32_t> strata;    // -1: no row in this cluster; empty: one stratum
  // Known prob only: labelled rows, prob of the rows (NaN if they differ), and
  // the sum of 1/prob.
  std::vector<double> n_true, prob, sum_inverse_prob;
  bool nested = true;  // no cluster met in two strata

  UnitTotals(const Layout& layout_, std::size_t n, bool stratified)
      : layout(layout_),
        n_units(n),
        labelled(n * labelled_size(), 0.0),
        rest(n * rest_size(), 0.0),
        strata(stratified ? n : 0, -1),
        n_true(layout_.known_prob ? n : 0, 0.0),
        prob(n_true),
        sum_inverse_prob(n_true) {}

  std::size_t labelled_size() const { return 2 + static_cast<std::size_t>(layout.n_proxies); }
  std::size_t rest_size() const { return 1 + static_cast<std::size_t>(layout.n_proxies); }

  std::size_t stratum(std::size_t unit) const {
    return strata.empty() ? 0 : static_cast<std::size_t>(strata[unit]);
  }
  double labelled_rows(std::size_t unit) const {
    return layout.known_prob ? n_true[unit] : labelled[unit * labelled_size()];
  }
  double n_rows(std::size_t unit) const {
    const double n_rest = rest[unit * rest_size()];
    return layout.known_prob ? n_rest : n_rest + labelled[unit * labelled_size()];
  }
};

// What the pass learns of a stratum besides the totals of its units.
struct StratumRanges {
  LabelRange labels;
  ProbRange prob;
  double highest_weight = 0.0;
};

// Adds the rows of the units [first, last) to their totals.
template <int M>
class UnitPass {
 public:
  UnitPass(const Rows& rows, const std::vector<Vector>& origins, std::size_t first,
           std::size_t last, UnitTotals& units)
      : rows_(rows), origins_(origins), first_(first), last_(last), units_(units) {}

  void run() {
    ranges.resize(origins_.size());
    for_each_block(rows_, 0, rows_.n, [&](const Block& block) {
      for (std::size_t i = 0; i < block.size; ++i) {
        const std::size_t unit = (*rows_.clusters)[block.begin + i];
        if (unit < first_ || unit >= last_) continue;
        const std::size_t h = rows_.strata[block.begin + i];
        const bool is_labelled = !std::isnan(block.y[i]);
        if (block.prob != nullptr) {
          if (!ranges[h].prob.admit(block.prob[i], is_labelled)) continue;
          add_prob(unit, block.prob[i]);
        }
        if (!units_.strata.empty()) assign_stratum(unit, h);
        if (is_labelled) add_labelled(block, i, unit, h);
        if (!is_labelled || block.prob != nullptr) add_rest(block, i, unit, h);
      }
    });
  }

  std::vector<StratumRanges> ranges;
  bool nested = true;

 private:
  std::size_t n_proxies() const {
    return M == Eigen::Dynamic ? rows_.proxies.size() : static_cast<std::size_t>(M);
  }

  void assign_stratum(std::size_t unit, std::size_t h) {
    auto& stratum = units_.strata[unit];
    if (stratum < 0) stratum = static_cast<std::int32_t>(h);
    nested = nested && stratum == static_cast<std::int32_t>(h);
  }

  void add_prob(std::size_t unit, double prob) {
    if (units_.sum_inverse_prob[unit] == 0.0) units_.prob[unit] = prob;
    if (units_.prob[unit] != prob) units_.prob[unit] = std::numeric_limits<double>::quiet_NaN();
    units_.sum_inverse_prob[unit] += 1.0 / prob;
  }

  void add_labelled(const Block& block, std::size_t i, std::size_t unit, std::size_t h) {
    double* u = &units_.labelled[unit * (2 + n_proxies())];
    const double weight = block.prob == nullptr ? 1.0 : 1.0 / block.prob[i];
    u[0] += weight;
    u[1] += weight * (block.y[i] - origins_[h][0]);
    for (std::size_t k = 0; k < n_proxies(); ++k) {
      u[2 + k] += weight * (block.proxies[k][i] - origins_[h][static_cast<int>(k) + 1]);
    }
    ranges[h].labels.add(block.y[i]);
    if (block.prob == nullptr) return;
    units_.n_true[unit] += 1.0;
    ranges[h].highest_weight = std::max(ranges[h].highest_weight, weight);
  }

  void add_rest(const Block& block, std::size_t i, std::size_t unit, std::size_t h) {
    double* u = &units_.rest[unit * (1 + n_proxies())];
    u[0] += 1.0;
    for (std::size_t k = 0; k < n_proxies(); ++k) {
      u[1 + k] += block.proxies[k][i] - origins_[h][static_cast<int>(k) + 1];
    }
  }

  const Rows& rows_;
  const std::vector<Vector>& origins_;
  std::size_t first_, last_;
  UnitTotals& units_;
};

// Replaces sums over a unit's rows by means, for the mean of cluster means.
template <class UnitVector>
void to_unit_means(const Layout& layout, UnitVector& u) {
  if (layout.known_prob) {
    const double n_rows = u[layout.rest()];
    u /= n_rows;
    return;
  }
  const auto divide = [&](int count, int size) {
    if (u[count] == 0.0) return;
    u.segment(count + 1, size) /= u[count];
    u[count] = 1.0;
  };
  divide(Layout::labelled, 1 + layout.n_proxies);
  divide(layout.rest(), layout.n_proxies);
}

// u of one unit as the estimand sees it.
template <int Size>
Eigen::Matrix<double, Size, 1> unit_vector(const UnitTotals& units, std::size_t unit,
                                           Estimand estimand) {
  Eigen::Matrix<double, Size, 1> u(units.layout.size());
  const std::size_t n_first = units.labelled_size(), n_second = units.rest_size();
  std::copy_n(&units.labelled[unit * n_first], n_first, u.data());
  std::copy_n(&units.rest[unit * n_second], n_second, u.data() + n_first);
  if (estimand == Estimand::clusters) to_unit_means(units.layout, u);
  return u;
}

template <int M>
void sum_units(const UnitTotals& units, Estimand estimand, std::vector<StratumMoments>& strata) {
  constexpr int size = static_size(3, 2, M);
  const std::vector<ShiftedSums<size>> none(strata.size(), ShiftedSums<size>(units.layout.size()));
  auto labelled = none;
  auto unlabelled = none;
  for (std::size_t unit = 0; unit < units.n_units; ++unit) {
    if (units.n_rows(unit) == 0.0) continue;
    const auto u = unit_vector<size>(units, unit, estimand);
    (units.labelled_rows(unit) > 0.0 ? labelled : unlabelled)[units.stratum(unit)].add(u);
  }
  for (std::size_t h = 0; h < strata.size(); ++h) {
    strata[h].labelled = labelled[h].moments();
    strata[h].unlabelled = unlabelled[h].moments();
  }
}

// Counts and row-level totals that the moments of u do not hold.
inline void count_units(const UnitTotals& units, std::vector<StratumMoments>& strata) {
  const Layout& layout = units.layout;
  for (StratumMoments& stratum : strata) stratum.prob.sum_inverse = 0.0;  // again, by unit
  for (std::size_t unit = 0; unit < units.n_units; ++unit) {
    const double n_rows = units.n_rows(unit);
    if (n_rows == 0.0) continue;
    StratumMoments& stratum = strata[units.stratum(unit)];
    const double n_true = units.labelled_rows(unit);
    stratum.n_rows += n_rows;
    stratum.n_true += n_true;
    if (layout.known_prob) stratum.prob.sum_inverse += units.sum_inverse_prob[unit];
    if (n_true == 0.0) continue;
    stratum.sum_inverse_true += 1.0 / n_true;
    stratum.n_mixed += !layout.known_prob && n_rows > n_true ? 1.0 : 0.0;
    const double* u = &units.labelled[unit * units.labelled_size()];
    stratum.sum_weight += u[Layout::labelled];
    stratum.sum_weighted_y += u[Layout::labelled_y];
    for (int k = 0; k < layout.n_proxies; ++k) {
      stratum.sum_weighted_proxies[k] += u[Layout::labelled_proxies + k];
    }
  }
}

// Kish effective sizes (sum w)^2 / sum w^2 of the cluster weights, and whether
// clusters were drawn whole.
class KishSizes {
 public:
  void add(const UnitTotals& units, std::size_t unit, Estimand estimand) {
    if (std::isnan(units.prob[unit])) {
      whole_ = false;
    } else {
      probs_.push_back(units.prob[unit]);
    }
    if (units.n_true[unit] == 0.0) return;
    const double divisor = estimand == Estimand::clusters ? units.n_rows(unit) : 1.0;
    const double weight = units.labelled[unit * units.labelled_size()] / divisor;
    sum_ += weight;
    squares_ += weight * weight;
    squares_by_row_ += weight * weight / units.n_true[unit];
  }

  void store(StratumMoments& stratum) {
    stratum.kish_units = squares_ > 0.0 ? sum_ * sum_ / squares_ : 0.0;
    stratum.kish_rows = squares_ > 0.0 ? sum_ * sum_ / squares_by_row_ : 0.0;
    stratum.whole_clusters = whole_;
    if (whole_ && !probs_.empty()) stratum.low_prob_units = lowest_prob_mean(std::move(probs_));
  }

 private:
  double sum_ = 0.0, squares_ = 0.0, squares_by_row_ = 0.0;
  bool whole_ = true;
  std::vector<double> probs_;
};

inline void fill_kish_sizes(const UnitTotals& units, Estimand estimand,
                            std::vector<StratumMoments>& strata) {
  std::vector<KishSizes> sizes(strata.size());
  for (std::size_t unit = 0; unit < units.n_units; ++unit) {
    if (units.n_rows(unit) > 0.0) sizes[units.stratum(unit)].add(units, unit, estimand);
  }
  for (std::size_t h = 0; h < strata.size(); ++h) sizes[h].store(strata[h]);
}

// Totals of all units, one range of units per task. Each unit is summed in row
// order by a single task, so the number of tasks does not change the result.
inline UnitTotals unit_totals(const Rows& rows, const std::vector<Vector>& origins,
                              std::size_t n_tasks, const Executor& run,
                              std::vector<StratumMoments>& strata) {
  UnitTotals units({rows.n_proxies(), rows.prob.has_value()}, rows.clusters->n_groups,
                   rows.strata.n_groups > 1);
  std::vector<std::vector<StratumRanges>> ranges(n_tasks);
  std::vector<char> nested(n_tasks, 1);
  run(n_tasks, [&](std::size_t t) {
    with_static_size(rows.n_proxies(), [&](auto size) {
      UnitPass<decltype(size)::value> pass(rows, origins, t * units.n_units / n_tasks,
                                           (t + 1) * units.n_units / n_tasks, units);
      pass.run();
      ranges[t] = std::move(pass.ranges);
      nested[t] = pass.nested ? 1 : 0;
    });
  });
  for (std::size_t t = 0; t < n_tasks; ++t) {
    units.nested = units.nested && nested[t] != 0;
    for (std::size_t h = 0; h < strata.size(); ++h) {
      strata[h].labels.merge(ranges[t][h].labels);
      strata[h].prob.merge(ranges[t][h].prob);
      strata[h].highest_weight = std::max(strata[h].highest_weight, ranges[t][h].highest_weight);
    }
  }
  return units;
}

// Moments per stratum from the totals.
inline void fill_unit_moments(const UnitTotals& units, Estimand estimand,
                              std::vector<StratumMoments>& strata) {
  with_static_size(units.layout.n_proxies,
                   [&](auto size) { sum_units<decltype(size)::value>(units, estimand, strata); });
  count_units(units, strata);
  if (units.layout.known_prob) fill_kish_sizes(units, estimand, strata);
}

}  // namespace judicious

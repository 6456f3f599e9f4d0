// A metric as a function of how often each item occurs: what a bootstrap over
// items resamples, jointly for all judges and metrics.
#pragma once

#include <cmath>
#include <functional>
#include <judicious/numeric/interval.hpp>
#include <judicious/ratings/kappa.hpp>
#include <judicious/ratings/krippendorff.hpp>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace judicious {

// How the scores of items, or their two choices, become one number.
enum class Summary { mean, absolute_mean, squared_mean, cohen, fleiss, krippendorff };

// Scores of items, with their bounds if invalid answers might have changed them;
// NaN where an item has no part. For chance-corrected agreement choices take their
// place, codes from 0 and -1 for none.
struct ItemScores {
  Summary summary = Summary::mean;
  std::vector<double> score, low, high;
  std::vector<int> human, judge;
  std::size_t n_codes = 0;

  bool of_choices() const { return !human.empty(); }

  bool uses(std::size_t i) const {
    if (of_choices()) return human[i] >= 0 && judge[i] >= 0;
    return !std::isnan(score[i]) || (!low.empty() && !std::isnan(low[i]));
  }

  void drop(std::size_t i) {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    if (of_choices()) {
      human[i] = -1;
      return;
    }
    score[i] = missing;
    if (!low.empty()) low[i] = high[i] = missing;
  }
};

// The metric, and its bounds where there are any (else empty functions).
struct ItemMetric {
  std::function<double(const Counts&)> value, low, high;
};

namespace item_metric_detail {

// The mean over items that have a score.
inline std::function<double(const Counts&)> mean_of(const std::vector<double>& scores) {
  std::vector<double> filled(scores), part(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    part[i] = std::isnan(scores[i]) ? 0.0 : 1.0;
    if (part[i] == 0.0) filled[i] = 0.0;
  }
  return [filled = std::move(filled), part = std::move(part)](const Counts& items) {
    double sum = 0.0, n = 0.0;
    for (std::size_t i = 0; i < filled.size(); ++i) {
      sum += items[i] * filled[i];
      n += items[i] * part[i];
    }
    return sum / n;  // NaN without an item
  };
}

// A coefficient of kinds of items as a function of items.
template <class Data, class Coefficient>
std::function<double(const Counts&)> of_kinds(std::shared_ptr<const Data> data,
                                              std::vector<std::size_t> used,
                                              const std::vector<int>& kind, std::size_t n_kinds,
                                              Coefficient coefficient) {
  // The coefficient refers to the data, which must live as long.
  return [data = std::move(data), used = std::move(used), kind, n_kinds,
          coefficient](const Counts& items) {
    Counts kinds(n_kinds, 0.0);
    for (std::size_t u = 0; u < used.size(); ++u) {
      kinds[static_cast<std::size_t>(kind[u])] += items[used[u]];
    }
    return coefficient(kinds);
  };
}

inline std::function<double(const Counts&)> chance_corrected(const ItemScores& x) {
  std::vector<std::size_t> used;
  for (std::size_t i = 0; i < x.human.size(); ++i) {
    if (x.uses(i)) used.push_back(i);
  }
  Eigen::MatrixXi codes(static_cast<Eigen::Index>(used.size()), 2);
  for (std::size_t u = 0; u < used.size(); ++u) {
    codes(static_cast<Eigen::Index>(u), 0) = x.human[used[u]] + 1;
    codes(static_cast<Eigen::Index>(u), 1) = x.judge[used[u]] + 1;
  }
  std::vector<double> positions(x.n_codes, 0.0);
  if (x.summary == Summary::cohen) {
    const auto data = std::make_shared<LabelPairs>(label_pairs(codes.col(0), codes.col(1)));
    const CohenKappa kappa(*data, KappaWeights::unweighted, std::move(positions));
    return of_kinds<LabelPairs>(data, used, data->items.kind, data->pairs.size(), kappa);
  }
  const auto data = std::make_shared<CountPatterns>(patterns_of_ratings(codes, x.n_codes, 2));
  if (x.summary == Summary::fleiss) {
    return of_kinds<CountPatterns>(data, used, data->units.kind, data->n_kinds(),
                                   FleissKappa(*data));
  }
  return of_kinds<CountPatterns>(
      data, used, data->units.kind, data->n_kinds(),
      KrippendorffAlpha(*data, Measurement::nominal, std::move(positions)));
}

// |x| or x^2 of a mean within [low, high].
inline Interval fold(Summary summary, Interval mean) {
  if (std::isnan(mean.low)) return mean;
  Interval out{std::max({0.0, mean.low, -mean.high}),
               std::max(std::abs(mean.low), std::abs(mean.high))};
  if (summary == Summary::squared_mean) out = {out.low * out.low, out.high * out.high};
  return out;
}

}  // namespace item_metric_detail

inline ItemMetric item_metric(const ItemScores& x) {
  using item_metric_detail::fold;
  ItemMetric out;
  if (x.of_choices()) {
    out.value = item_metric_detail::chance_corrected(x);
    return out;
  }
  const Summary summary = x.summary;
  const auto summarise = [summary](Interval mean) {
    return summary == Summary::mean ? mean : fold(summary, mean);
  };
  const auto mean = item_metric_detail::mean_of(x.score);
  out.value = [=](const Counts& items) {
    const double m = mean(items);
    return summarise({m, m}).low;
  };
  if (x.low.empty()) return out;
  const auto low = item_metric_detail::mean_of(x.low), high = item_metric_detail::mean_of(x.high);
  out.low = [=](const Counts& items) { return summarise({low(items), high(items)}).low; };
  out.high = [=](const Counts& items) { return summarise({low(items), high(items)}).high; };
  return out;
}

// Estimates of many metrics and their joint replicates over items. Where a metric
// has no bounds, its own values stand for them.
struct MetricEstimates {
  std::vector<double> estimate, low, high;
  std::size_t n_boot = 0;
  // Replicates by row; low and high only if a metric has bounds.
  std::vector<double> replicates, low_replicates, high_replicates;
};

template <class MakeStream>
MetricEstimates estimate_metrics(const std::vector<ItemMetric>& metrics, std::size_t n_items,
                                 std::size_t n_boot, const MakeStream& make_stream,
                                 const Executor& run) {
  const std::size_t width = metrics.size();
  bool bounded = false;
  for (const ItemMetric& metric : metrics) bounded = bounded || metric.low;
  // Values, and with bounds also lows and highs.
  const std::size_t n_numbers = bounded ? 3 * width : width;
  const auto evaluate = [&](const Counts& items, double* out) {
    for (std::size_t k = 0; k < width; ++k) {
      out[k] = metrics[k].value(items);
      if (!bounded) continue;
      out[width + k] = metrics[k].low ? metrics[k].low(items) : out[k];
      out[2 * width + k] = metrics[k].high ? metrics[k].high(items) : out[k];
    }
  };
  const ItemKinds items = distinct_items(n_items);
  std::vector<double> now(n_numbers);
  evaluate(items.sizes, now.data());
  const auto all = bootstrap_items(items, n_boot, n_numbers, evaluate, make_stream, run);

  const auto at = [&](std::size_t k) { return now.begin() + static_cast<std::ptrdiff_t>(k); };
  const auto part = [&](std::size_t which) {
    std::vector<double> out(n_boot * width);
    for (std::size_t b = 0; b < n_boot; ++b) {
      const double* row = &all[b * n_numbers + which * width];
      std::copy(row, row + width, &out[b * width]);
    }
    return out;
  };
  MetricEstimates out;
  out.n_boot = n_boot;
  out.estimate.assign(at(0), at(width));
  out.replicates = part(0);
  if (!bounded) return out;
  out.low.assign(at(width), at(2 * width));
  out.high.assign(at(2 * width), at(3 * width));
  out.low_replicates = part(1);
  out.high_replicates = part(2);
  return out;
}

}  // namespace judicious

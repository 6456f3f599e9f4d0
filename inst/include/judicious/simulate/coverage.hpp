// Monte Carlo proof of confidence intervals: how often they hold the truth, how
// wide they are, and how far estimates are off, over many simulated data sets.
//
// Every replicate has its own stream, and replicates are tallied in fixed
// chunks, so the numbers do not depend on the executor.
#pragma once

#include <judicious/estimate/inference.hpp>
#include <judicious/simulate/simulated_rows.hpp>
#include <map>
#include <string>

namespace judicious {

// An estimator with the intervals wanted of it: what it is told of the data.
struct CoverageMethod {
  MeanOptions options;
  std::vector<std::size_t> judges;
  bool strata = false, clusters = false, prob = false;
  Reporting reporting;
  double conf_level = 0.95;  // of the effective size
  std::vector<IntervalType> intervals;
  std::size_t n_boot = 0;
  bool bca = false;
};

struct CoverageStudy {
  RowModel model;
  LabelPlan labels;
  std::vector<CoverageMethod> methods;
  std::vector<double> conf_levels;
  double truth = 0.0;
  bool fallback_misses = false;  // an interval other than the wanted one is a miss
};

struct LevelTally {
  double hits = 0.0;
  double above = 0.0, below = 0.0;  // the interval lies above / below the truth
  double width = 0.0;               // sum

  void add(const Interval& interval, double truth) {
    above += truth < interval.low ? 1.0 : 0.0;
    below += truth > interval.high ? 1.0 : 0.0;
    hits += truth >= interval.low && truth <= interval.high ? 1.0 : 0.0;
    width += interval.high - interval.low;
  }
  void merge(const LevelTally& other) {
    hits += other.hits;
    above += other.above;
    below += other.below;
    width += other.width;
  }
};

// What is counted of one method and interval. A replicate that failed counts in
// `n_failed` and `failures` alone, and so hits nothing.
struct CoverageTally {
  double n_failed = 0.0, n_fallback = 0.0;
  double error = 0.0, squared_error = 0.0;
  double size = 0.0, n_size = 0.0;  // effective sizes, where defined
  std::vector<LevelTally> levels;
  std::map<std::string, double> failures;

  explicit CoverageTally(std::size_t n_levels) : levels(n_levels) {}

  void fail(const std::string& reason) {
    n_failed += 1.0;
    failures[reason] += 1.0;
  }
  void add_estimate(double off, double effective) {
    error += off;
    squared_error += off * off;
    if (std::isnan(effective)) return;
    size += effective;
    n_size += 1.0;
  }
  void merge(const CoverageTally& other) {
    n_failed += other.n_failed;
    n_fallback += other.n_fallback;
    error += other.error;
    squared_error += other.squared_error;
    size += other.size;
    n_size += other.n_size;
    for (std::size_t l = 0; l < levels.size(); ++l) levels[l].merge(other.levels[l]);
    for (const auto& [reason, n] : other.failures) failures[reason] += n;
  }
};

namespace coverage_detail {

inline Column real_column(const std::vector<double>& x) { return {x.data(), nullptr, 0}; }

inline Rows visible_rows(const SimulatedRows& data, const CoverageMethod& method) {
  Rows out;
  out.n = data.size();
  out.y = real_column(data.human);
  for (const std::size_t k : method.judges) out.proxies.push_back(real_column(data.y_proxy[k]));
  if (method.prob) out.prob = real_column(data.prob);
  if (method.strata) out.strata = {data.stratum.data(), 1, data.stratum_sizes.size()};
  if (method.clusters) out.clusters = Groups{data.cluster.data(), 1, data.n_clusters};
  return out;
}

// The estimate of one method in one replicate, ready for every interval.
class MethodFit {
 public:
  MethodFit(const SimulatedRows& data, const CoverageMethod& method)
      : method_(method),
        rows_(visible_rows(data, method)),
        run_(serial_executor()),
        estimation_(rows_, method.options, 1, run_) {
    if (!estimation_.can_estimate()) {
      throw std::domain_error("The sample or a stratum has too few labelled rows or clusters.");
    }
    if (estimation_.result.facts.mixed && !method.judges.empty() &&
        method.options.influence.estimand == Estimand::clusters) {
      throw std::domain_error("The mean of cluster means needs clusters labelled whole.");
    }
    estimation_.estimate();
    inference_ = infer(estimation_.result, method.options, method.reporting);
  }

  const Inference& plain() const { return inference_; }

  template <class Generator>
  Inference resampled(std::uint64_t seed) const {
    Bootstrap bootstrap(estimation_, method_.n_boot);
    bootstrap.draw([&](std::uint64_t b) { return Generator(stream_seed(seed, b)); }, run_);
    const double acceleration = method_.bca ? estimation_.result.fit.skewness / 6.0
                                            : std::numeric_limits<double>::quiet_NaN();
    return with_bootstrap(inference_, bootstrap.finish(), acceleration);
  }

 private:
  const CoverageMethod& method_;
  Rows rows_;
  Executor run_;
  MeanEstimation estimation_;
  Inference inference_;
};

inline void add_interval(const CoverageStudy& study, IntervalType type, bool fallback,
                         const Inference& x, double size_level, CoverageTally& tally) {
  std::vector<Interval> intervals;
  for (const double level : study.conf_levels) intervals.push_back(bounds(type, x, level));
  tally.add_estimate(reported_estimate(type, x) - study.truth, effective_size(x, size_level));
  if (fallback) tally.n_fallback += 1.0;
  for (std::size_t l = 0; l < intervals.size(); ++l) {
    LevelTally one;
    one.add(intervals[l], study.truth);
    if (fallback && study.fallback_misses) one.hits = one.above = one.below = 0.0;
    tally.levels[l].merge(one);
  }
}

// The one place that knows which intervals need more than the fit.
template <class Generator>
void add_interval(const CoverageStudy& study, const CoverageMethod& method, IntervalType wanted,
                  const MethodFit& fit, std::uint64_t seed, CoverageTally& tally) {
  const IntervalType type = resolve(wanted, fit.plain());
  const bool fallback = wanted != IntervalType::automatic && wanted != type;
  const Inference x =
      type == IntervalType::bootstrap ? fit.resampled<Generator>(seed) : fit.plain();
  add_interval(study, type, fallback, x, method.conf_level, tally);
}

// Runs a step of one replicate; where it has no answer, it counts as failed.
template <class Step>
bool succeeds(const Step& step, CoverageTally* first, std::size_t n) {
  try {
    step();
    return true;
  } catch (const std::logic_error& error) {
    for (std::size_t k = 0; k < n; ++k) first[k].fail(error.what());
    return false;
  }
}

template <class Generator>
void add_replicate(const CoverageStudy& study, const SimulatedRows& data, std::uint64_t seed,
                   std::vector<CoverageTally>& tallies) {
  CoverageTally* tally = tallies.data();
  for (const CoverageMethod& method : study.methods) {
    const std::size_t n = method.intervals.size();
    std::optional<MethodFit> fit;
    if (succeeds([&] { fit.emplace(data, method); }, tally, n)) {
      for (std::size_t k = 0; k < n; ++k) {
        const auto step = [&] {
          add_interval<Generator>(study, method, method.intervals[k], *fit, seed, tally[k]);
        };
        succeeds(step, tally + k, 1);
      }
    }
    tally += n;
  }
}

}  // namespace coverage_detail

inline std::vector<CoverageTally> empty_tallies(const CoverageStudy& study) {
  std::size_t n = 0;
  for (const auto& method : study.methods) n += method.intervals.size();
  return std::vector<CoverageTally>(n, CoverageTally(study.conf_levels.size()));
}

// Tallies of the replicates [first, first + n): one per method and interval, in
// that order.
template <class Generator>
std::vector<CoverageTally> count_coverage(const CoverageStudy& study, std::uint64_t seed,
                                          std::size_t first, std::size_t n, const Executor& run) {
  constexpr std::size_t chunk_size = 16;
  const std::size_t n_chunks = (n + chunk_size - 1) / chunk_size;
  std::vector<std::vector<CoverageTally>> chunks(n_chunks);
  run(n_chunks, [&](std::size_t c) {
    auto tallies = empty_tallies(study);
    SimulatedRows data;
    const std::size_t end = std::min(n, (c + 1) * chunk_size);
    for (std::size_t i = c * chunk_size; i < end; ++i) {
      const std::uint64_t stream = stream_seed(seed, first + i);
      simulate_rows<Generator>(study.model, study.labels, stream, data);
      coverage_detail::add_replicate<Generator>(study, data, stream_seed(stream, 2), tallies);
    }
    chunks[c] = std::move(tallies);
  });
  auto out = empty_tallies(study);
  for (const auto& tallies : chunks) {
    for (std::size_t k = 0; k < out.size(); ++k) out[k].merge(tallies[k]);
  }
  return out;
}

}  // namespace judicious

// Monte Carlo proof of monitors: when the first alarm comes in many simulated streams of batches,
// of which the mean may shift on the way. Every stream has a seed of its own, so the numbers do not
// depend on the executor.
#pragma once

#include <judicious/data/summarise.hpp>
#include <judicious/estimate/monitor.hpp>
#include <judicious/simulate/coverage.hpp>

namespace judicious {

struct BatchSource {
  RowModel model;
  LabelPlan labels;
};

struct MonitorStudy {
  BatchSource before, after;
  std::size_t n_batches = 0;
  std::size_t change_at = 0;  // the first batch from `after`; n_batches: none
  CoverageMethod design;      // what the monitor is told of the rows
  std::vector<MonitorOptions> monitors;
};

namespace monitor_study_detail {

constexpr std::uint64_t first_batch_stream = 16;

template <class Generator>
std::vector<Batch> simulate_batches(const MonitorStudy& study, std::uint64_t stream,
                                    SimulatedRows& rows) {
  InfluenceOptions options;
  options.clustered = study.design.clusters;
  std::vector<Batch> out;
  for (std::size_t t = 0; t < study.n_batches; ++t) {
    const BatchSource& source = t < study.change_at ? study.before : study.after;
    simulate_rows<Generator>(source.model, source.labels,
                             stream_seed(stream, first_batch_stream + t), rows);
    const auto summary =
        summarise(coverage_detail::visible_rows(rows, study.design), 1, serial_executor());
    out.push_back(batch_of(summary, 0, options));
  }
  return out;
}

// Counted from 1; 0: none.
inline int first_alarm(const MonitorFit& fit) {
  for (std::size_t t = 0; t < fit.running.size(); ++t) {
    const bool in_block = !fit.block.empty() && fit.block[t].alarm;
    if (fit.running[t].alarm || in_block) return static_cast<int>(t) + 1;
  }
  return 0;
}

}  // namespace monitor_study_detail

// The first alarm of every monitor in the streams [first, first + n): monitors vary fastest.
template <class Generator>
std::vector<int> first_alarms(const MonitorStudy& study, std::uint64_t seed, std::size_t first,
                              std::size_t n, const Executor& run) {
  constexpr std::size_t chunk_size = 16;
  const std::size_t n_monitors = study.monitors.size();
  std::vector<int> out(n * n_monitors);
  run((n + chunk_size - 1) / chunk_size, [&](std::size_t c) {
    SimulatedRows rows;
    const std::size_t end = std::min(n, (c + 1) * chunk_size);
    for (std::size_t i = c * chunk_size; i < end; ++i) {
      const auto batches = monitor_study_detail::simulate_batches<Generator>(
          study, stream_seed(seed, first + i), rows);
      for (std::size_t k = 0; k < n_monitors; ++k) {
        out[i * n_monitors + k] =
            monitor_study_detail::first_alarm(monitor(batches, study.monitors[k]));
      }
    }
  });
  return out;
}

}  // namespace judicious

// One pass over rows grouped into clusters.
#pragma once

#include <judicious/data/collect_units.hpp>
#include <judicious/data/row_pass.hpp>
#include <judicious/data/unit_sums.hpp>

namespace judicious {

namespace unit_pass_detail {

// Totals of all parts, one range of parts per task. Each is summed in row order by a single task,
// so the number of tasks does not change them.
template <int M>
UnitTotals sum_parts(const Rows& rows, const Parts& parts, const std::vector<Vector>& origins,
                     std::size_t n_tasks, const Executor& run) {
  UnitTotals units(rows.layout(), parts.n, rows.strata.n_groups > 1);
  const UnitStretch of_units(rows, parts, n_tasks > 1, run);
  std::vector<UnitPass<M>> passes;
  for (std::size_t t = 0; t < n_tasks; ++t) {
    passes.emplace_back(rows, parts, of_units, origins, t * units.n_units / n_tasks,
                        (t + 1) * units.n_units / n_tasks, units);
  }
  run(n_tasks, [&](std::size_t t) { passes[t].run(); });
  std::size_t n_labelled = 0;
  for (auto& pass : passes) {
    const std::size_t n = pass.n_labelled();
    pass.take_over(n_labelled);
    n_labelled += n;
    units.nested = units.nested && pass.nested;
  }
  return units;
}

// What is known of single rows stays; what is counted by units starts anew.
inline void keep_row_facts(Cell& cell) {
  StratumMoments& s = cell.rows;
  s.prob.sum_inverse = s.n_rows = s.n_true = s.sum_inverse_true = s.sum_weight = 0.0;
  s.sum_weighted_y.setZero();
  s.sum_weighted_proxies.setZero();
}

}  // namespace unit_pass_detail

// Makes a summary of single rows one of clusters: what is known of single rows stays, the units
// become the clusters of `rows`. At the end see(totals, parts) is called.
template <class See>
void group_into_units(const Rows& rows, std::size_t n_tasks, const Executor& run, LabelSummary& out,
                      const See& see) {
  out.clustered = true;
  std::vector<Vector> origins;
  for (Cell& cell : out.cells) {
    origins.push_back(cell.rows.origin);
    unit_pass_detail::keep_row_facts(cell);
    cell.units = StoredUnits();
  }
  const Parts parts = find_parts(rows);
  const UnitTotals units = with_static_size(out.layout.n_proxies, [&](auto m) {
    return unit_pass_detail::sum_parts<decltype(m)::value>(rows, parts, origins, n_tasks, run);
  });
  collect_units(units, parts, run, out);
  see(units, parts);
}

inline void group_into_units(const Rows& rows, std::size_t n_tasks, const Executor& run,
                             LabelSummary& out) {
  group_into_units(rows, n_tasks, run, out, [](const UnitTotals&, const Parts&) {});
}

// The summary of rows grouped into clusters. Rows are seen twice: once for what is known of single
// rows, once for the totals of their clusters.
inline LabelSummary summarise_units(const Rows& rows, std::size_t n_tasks, const Executor& run) {
  LabelSummary out = summarise_rows(rows, run, 0);
  group_into_units(rows, n_tasks, run, out);
  return out;
}

}  // namespace judicious

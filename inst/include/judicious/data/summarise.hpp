// Rows in, their summary out: the one place where the rows are seen.
#pragma once

#include <judicious/data/row_pass.hpp>
#include <judicious/data/unit_pass.hpp>

namespace judicious {

inline LabelSummary summarise(const Rows& rows, std::size_t n_tasks, const Executor& run) {
  return rows.clusters ? summarise_units(rows, n_tasks, run) : summarise_rows(rows, run);
}

}  // namespace judicious

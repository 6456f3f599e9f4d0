// Some of the groups of a summary, where no cluster meets two of them.
#pragma once

#include <judicious/data/label_summary.hpp>

namespace judicious {

inline LabelSummary keep_groups(const LabelSummary& from, const std::vector<std::size_t>& groups) {
  LabelSummary out;
  out.layout = from.layout;
  out.n_strata = from.n_strata;
  out.n_groups = groups.size();
  out.clustered = from.clustered;
  out.nested = from.nested;
  for (std::size_t h = 0; h < from.n_strata; ++h) {
    for (const std::size_t g : groups) out.cells.push_back(from.cells[from.at(h, g)]);
  }
  return out;
}

}  // namespace judicious

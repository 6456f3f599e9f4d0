// One response and some of the judges of a summary, as if nothing else had been summarised.
#pragma once

#include <judicious/data/label_summary.hpp>

namespace judicious {

struct Selection {
  int response = 0;
  std::vector<int> judges;
};

inline Selection whole_selection(const Layout& layout, int response) {
  Selection out{response, {}};
  for (int k = 0; k < layout.n_proxies; ++k) out.judges.push_back(k);
  return out;
}

// Positions in u of what is selected, in the order of the selection's own layout.
inline Indices selected_positions(const Layout& from, const Selection& what) {
  Indices out{Layout::labelled, Layout::labelled_y + what.response};
  for (const int k : what.judges) out.push_back(from.labelled_proxies() + k);
  out.push_back(from.rest());
  for (const int k : what.judges) out.push_back(from.rest_proxies() + k);
  return out;
}

// Positions among responses and judges.
inline Indices selected_values(const Layout& from, const Selection& what) {
  Indices out{what.response};
  for (const int k : what.judges) out.push_back(from.n_responses + k);
  return out;
}

inline Layout selected_layout(const Layout& from, const Selection& what) {
  return {static_cast<int>(what.judges.size()), from.known_prob, 1};
}

namespace select_detail {

inline Vector pick(const Vector& x, const Indices& at) {
  Vector out(static_cast<int>(at.size()));
  for (int i = 0; i < out.size(); ++i) out[i] = x[at[static_cast<std::size_t>(i)]];
  return out;
}

inline Matrix pick(const Matrix& x, const Indices& at) {
  const auto n = static_cast<int>(at.size());
  Matrix out(n, n);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      out(i, j) = x(at[static_cast<std::size_t>(i)], at[static_cast<std::size_t>(j)]);
    }
  }
  return out;
}

inline Moments pick(const Moments& m, const Indices& at) {
  Moments out;
  out.n = m.n;
  out.mean = pick(m.mean, at);
  out.cross = pick(m.cross, at);
  return out;
}

inline StoredUnits pick_units(const LabelSummary& from, const StoredUnits& units,
                              const Selection& what) {
  const Layout& layout = from.layout;
  const Indices at =
      from.clustered ? selected_positions(layout, what) : selected_values(layout, what);
  const auto width = static_cast<std::size_t>(from.clustered ? layout.size() : layout.n_values());
  StoredUnits out;
  out.n = units.n;
  out.n_true = units.n_true;
  out.prob = units.prob;
  out.ids = units.ids;
  out.complete = units.complete;
  out.values.reserve(units.n * at.size());
  for (std::size_t i = 0; i < units.n; ++i) {
    for (const int k : at) {
      out.values.push_back(units.values[i * width + static_cast<std::size_t>(k)]);
    }
  }
  return out;
}

// 0, then one past every judge.
inline Indices with_count(const Indices& judges) {
  Indices out{0};
  for (const int k : judges) out.push_back(1 + k);
  return out;
}

}  // namespace select_detail

inline StratumMoments select(const Layout& from, const StratumMoments& s, const Selection& what) {
  using select_detail::pick;
  const Indices at = selected_positions(from, what);
  StratumMoments out = s;
  out.labelled = pick(s.labelled, at);
  out.unlabelled = pick(s.unlabelled, at);
  out.origin = pick(s.origin, selected_values(from, what));
  out.proxy_low = pick(s.proxy_low, what.judges);
  out.proxy_high = pick(s.proxy_high, what.judges);
  out.sum_weighted_y = pick(s.sum_weighted_y, {what.response});
  out.sum_weighted_proxies = pick(s.sum_weighted_proxies, what.judges);
  out.proxy_rows = pick(s.proxy_rows, what.judges);
  out.poisson_rows = pick(s.poisson_rows, select_detail::with_count(what.judges));
  out.poisson_units = pick(s.poisson_units, select_detail::with_count(what.judges));
  if (what.response > 0) out.labels = s.more_labels[static_cast<std::size_t>(what.response) - 1];
  out.more_labels.clear();
  return out;
}

// A summary of one group, response and choice of judges. Strata the group does not meet are left
// out.
inline LabelSummary select(const LabelSummary& from, std::size_t group, const Selection& what) {
  LabelSummary out;
  out.layout = selected_layout(from.layout, what);
  out.n_strata = from.n_strata;
  out.clustered = from.clustered;
  out.nested = from.nested;
  for (std::size_t h = 0; h < from.n_strata; ++h) {
    const Cell& cell = from.cells[from.at(h, group)];
    if (cell.rows.n_units() == 0.0) continue;
    Cell part(out.layout);
    part.rows = select(from.layout, cell.rows, what);
    if (from.clustered) part.means = select(from.layout, cell.means, what);
    part.units = select_detail::pick_units(from, cell.units, what);
    out.cells.push_back(std::move(part));
  }
  out.n_strata = out.cells.size();
  return out;
}

}  // namespace judicious

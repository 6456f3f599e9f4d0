// Summaries that keep all clusters, labelled or not, so that parts of the data may split them: the
// parts of a cluster are added up, and what is known by clusters is made anew.
#pragma once

#include <judicious/data/merge.hpp>
#include <judicious/data/unit_pass.hpp>
#include <map>
#include <tuple>

namespace judicious {

namespace kept_detail {

// What is known by clusters starts anew.
inline void forget_units(const Layout& layout, Cell& cell) {
  const StratumMoments old = cell.rows;
  StratumMoments& s = cell.rows;
  s = StratumMoments(layout);
  s.origin = old.origin;
  s.labels = old.labels;
  s.more_labels = old.more_labels;
  s.prob = old.prob;
  s.prob.sum_inverse = 0.0;
  s.proxy_low = old.proxy_low;
  s.proxy_high = old.proxy_high;
  s.highest_weight = old.highest_weight;
  s.proxy_rows = old.proxy_rows;
  s.poisson_rows = old.poisson_rows;
  cell.units = StoredUnits();
}

// The clusters as a pass over their rows would leave them.
inline UnitTotals as_totals(const LabelSummary& s) {
  const KeptUnits& kept = s.kept;
  UnitTotals out(s.layout, kept.size(), s.n_strata > 1);
  const auto width = static_cast<std::size_t>(s.layout.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const double* u = &kept.u[i * width];
    std::copy_n(u + out.labelled_size(), out.rest_size(), &out.rest[i * out.rest_size()]);
    if (!out.strata.empty()) out.strata[i] = static_cast<std::int32_t>(kept.stratum[i]);
    if (s.layout.known_prob) {
      out.prob[i] = kept.prob[i];
      out.sum_inverse_prob[i] = kept.sum_inverse[i];
    }
    if (kept.n_true[i] == 0.0) continue;
    out.place[i] = static_cast<std::int32_t>(out.labelled.size() / out.labelled_size());
    out.labelled.insert(out.labelled.end(), u, u + out.labelled_size());
    if (s.layout.known_prob) out.n_true.push_back(kept.n_true[i]);
  }
  return out;
}

inline Parts as_parts(const KeptUnits& kept) {
  Parts out;
  out.n = kept.size();
  for (const std::int64_t unit : kept.unit) {
    out.n_clusters = std::max(out.n_clusters, static_cast<std::size_t>(unit) + 1);
  }
  out.unit.assign(kept.unit.begin(), kept.unit.end());
  out.group.assign(kept.group.begin(), kept.group.end());
  return out;
}

class PartIndex {
 public:
  explicit PartIndex(const KeptUnits& kept) {
    for (std::size_t i = 0; i < kept.size(); ++i) found_[key(kept, i)] = i;
  }
  // Where the same cluster's part of the same cell is, or `none`.
  std::size_t find(const KeptUnits& other, std::size_t i, std::size_t none) const {
    const auto at = found_.find(key(other, i));
    return at == found_.end() ? none : at->second;
  }

 private:
  using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
  static Key key(const KeptUnits& kept, std::size_t i) {
    return {kept.unit[i], kept.stratum[i], kept.group[i]};
  }
  std::map<Key, std::size_t> found_;
};

}  // namespace kept_detail

// Keeps all clusters of a summary just made, numbered anew; returns their codes in that order.
inline std::vector<std::int64_t> keep_units(const UnitTotals& units, const Parts& parts,
                                            LabelSummary& out) {
  std::vector<std::int64_t> codes;
  std::map<std::size_t, std::int64_t> number;
  KeptUnits& kept = out.kept;
  Vector u(out.layout.size());
  for (std::size_t part = 0; part < units.n_units; ++part) {
    if (units.n_rows(part) == 0.0) continue;
    const std::size_t code = parts.unit_of(part);
    const auto [at, is_new] = number.try_emplace(code, static_cast<std::int64_t>(codes.size()));
    if (is_new) codes.push_back(static_cast<std::int64_t>(code));
    units.copy(part, u.data());
    kept.add(at->second, units.stratum(part), parts.group_of(part), u.data(), u.size());
    kept.n_true.push_back(units.labelled_rows(part));
    kept.prob.push_back(units.layout.known_prob ? units.prob[part] : 0.0);
    kept.sum_inverse.push_back(units.layout.known_prob ? units.sum_inverse_prob[part] : 0.0);
  }
  out.keeps_units = true;
  return codes;
}

// As summarise(), keeping all clusters; `codes` becomes theirs, in the order of their numbers.
inline LabelSummary summarise_keeping(const Rows& rows, std::size_t n_tasks, const Executor& run,
                                      std::vector<std::int64_t>& codes) {
  LabelSummary out = summarise_rows(rows, run, 0);
  group_into_units(rows, n_tasks, run, out, [&](const UnitTotals& units, const Parts& parts) {
    codes = keep_units(units, parts, out);
  });
  return out;
}

// Adds a part of the data whose clusters may go on in another: cluster i of `from` is number
// from_numbers[i] of all, cluster i of `to` number to_numbers[i].
inline void merge_kept(const LabelSummary& from, const std::vector<std::int64_t>& from_numbers,
                       const std::vector<std::int64_t>& to_numbers, LabelSummary& to) {
  if (!from.keeps_units || !to.keeps_units) {
    throw std::invalid_argument("Only summaries that keep their units merge split clusters.");
  }
  for (std::int64_t& unit : to.kept.unit) unit = to_numbers[static_cast<std::size_t>(unit)];
  KeptUnits part = from.kept;
  for (std::int64_t& unit : part.unit) unit = from_numbers[static_cast<std::size_t>(unit)];
  merge(from, to);

  const std::size_t n = to.kept.size();
  const kept_detail::PartIndex index(to.kept);
  const int width = to.layout.size();
  for (std::size_t i = 0; i < part.size(); ++i) {
    const std::size_t cell =
        to.at(static_cast<std::size_t>(part.stratum[i]), static_cast<std::size_t>(part.group[i]));
    const Vector shift = to.cells[cell].rows.origin - from.cells[cell].rows.origin;
    const Vector u = origin_shift(to.layout, shift) *
                     Eigen::Map<const Vector>(&part.u[i * static_cast<std::size_t>(width)], width);
    to.kept.combine(index.find(part, i, n), part, i, u);
  }
  for (Cell& cell : to.cells) kept_detail::forget_units(to.layout, cell);
  to.shared_rows.clear();
  to.shared_means.clear();
  collect_units(kept_detail::as_totals(to), kept_detail::as_parts(to.kept), serial_executor(), to);
}

}  // namespace judicious

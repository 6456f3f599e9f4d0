// The units of a summary with several groups. Rows are in one group; clusters may have parts in
// several. Known of them are the moments of each cell, those of units without any label that meet
// two cells, and the units that are kept one by one.
#pragma once

#include <algorithm>
#include <judicious/data/label_summary.hpp>
#include <memory>
#include <string>

namespace judicious {

// The kept parts of one unit, in one stratum.
struct UnitParts {
  std::size_t stratum = 0;
  std::vector<std::pair<std::size_t, std::size_t>> parts;  // group, position
};

class JointUnits {
 public:
  JointUnits(std::shared_ptr<const LabelSummary> summary, Estimand estimand)
      : summary_(std::move(summary)), estimand_(estimand) {
    units_of_group_.resize(summary_->n_groups);
    for (std::size_t h = 0; h < summary_->n_strata; ++h) index_stratum(h);
  }

  const LabelSummary& summary() const { return *summary_; }
  std::size_t n_strata() const { return summary_->n_strata; }
  std::size_t n_groups() const { return summary_->n_groups; }
  std::size_t cell(std::size_t h, std::size_t g) const { return summary_->at(h, g); }
  const StratumMoments& moments(std::size_t cell) const {
    return summary_->moments(cell, estimand_);
  }
  const StratumMoments& moments(std::size_t h, std::size_t g) const { return moments(cell(h, g)); }
  const auto& shared() const { return summary_->shared(estimand_); }

  // The units that are kept, and the part of one in a cell: u of the estimand, or totals.
  const std::vector<UnitParts>& kept() const { return units_; }
  const StoredUnits& stored(std::size_t h, std::size_t g) const {
    return summary_->cells[cell(h, g)].units;
  }
  Vector part(std::size_t h, std::size_t g, std::size_t i) const {
    return summary_->unit(cell(h, g), i, estimand_);
  }
  Vector raw_part(std::size_t h, std::size_t g, std::size_t i) const {
    return summary_->unit(cell(h, g), i, Estimand::rows);
  }
  // Whether all labelled units are kept.
  bool complete() const {
    return std::all_of(summary_->cells.begin(), summary_->cells.end(),
                       [](const Cell& cell) { return cell.units.complete; });
  }

  // The units that are kept of some groups, each once.
  template <class Visit>
  void for_units_of(const std::vector<std::size_t>& groups, const Visit& visit) const {
    for (std::size_t k = 0; k < groups.size(); ++k) {
      for (const std::size_t where : units_of_group_[groups[k]]) {
        const UnitParts& unit = units_[where];
        const bool seen = std::any_of(unit.parts.begin(), unit.parts.end(), [&](const auto& part) {
          const auto end = groups.begin() + static_cast<std::ptrdiff_t>(k);
          return std::find(groups.begin(), end, part.first) != end;
        });
        if (!seen) visit(unit);
      }
    }
  }

  // Labelled (l), present without a label (u) or absent (.) in every one of some groups.
  std::string pattern_of(const UnitParts& unit, const std::vector<std::size_t>& groups) const {
    std::string out(groups.size(), '.');
    for (std::size_t k = 0; k < groups.size(); ++k) {
      for (const auto& [g, i] : unit.parts) {
        if (g == groups[k]) out[k] = stored(unit.stratum, g).is_labelled(i) ? 'l' : 'u';
      }
    }
    return out;
  }

  // Share of labelled units that two groups have in common: n_AB / sqrt(n_A n_B).
  double label_overlap(std::size_t a, std::size_t b) const {
    double n_a = 0.0, n_b = 0.0, both = 0.0;
    for_units_of(a == b ? std::vector<std::size_t>{a} : std::vector<std::size_t>{a, b},
                 [&](const UnitParts& unit) {
                   bool in_a = false, in_b = false;
                   for (const auto& [g, i] : unit.parts) {
                     const bool labelled = stored(unit.stratum, g).is_labelled(i);
                     in_a = in_a || (g == a && labelled);
                     in_b = in_b || (g == b && labelled);
                   }
                   n_a += in_a ? 1.0 : 0.0;
                   n_b += in_b ? 1.0 : 0.0;
                   both += in_a && in_b ? 1.0 : 0.0;
                 });
    return both / std::sqrt(n_a * n_b);
  }

 private:
  // Clusters have parts in several groups; rows have one.
  void index_stratum(std::size_t h) {
    std::map<std::int64_t, std::size_t> found;
    for (std::size_t g = 0; g < n_groups(); ++g) {
      const StoredUnits& units = stored(h, g);
      for (std::size_t i = 0; i < units.size(); ++i) {
        std::size_t where = units_.size();
        if (summary_->clustered && n_groups() > 1) {
          where = found.try_emplace(units.ids[i], where).first->second;
        }
        if (where == units_.size()) units_.push_back({h, {}});
        units_[where].parts.emplace_back(g, i);
        units_of_group_[g].push_back(where);
      }
    }
  }

  std::shared_ptr<const LabelSummary> summary_;
  Estimand estimand_;
  std::vector<UnitParts> units_;
  std::vector<std::vector<std::size_t>> units_of_group_;  // positions in units_
};

}  // namespace judicious

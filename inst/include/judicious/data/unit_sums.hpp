// Adds rows to the totals of their clusters.
#pragma once

#include <atomic>
#include <judicious/data/ordered_units.hpp>
#include <judicious/data/scattered_units.hpp>
#include <judicious/data/unit_totals.hpp>
#include <judicious/numeric/parallel.hpp>

namespace judicious {

// The rows to look at for the units [first, last): where units come in order, a stretch of them.
class UnitStretch {
 public:
  UnitStretch(const Rows& rows, const Parts& parts, bool asked, const Executor& run)
      : groups_(*rows.clusters), n_(rows.n) {
    in_order_ = asked && !parts.several() && groups_.codes != nullptr && n_ > 0 && ascend(run);
  }
  // Begins where a block does: any number of tasks then sums the same runs of rows.
  std::size_t begin(std::size_t unit) const {
    return in_order_ ? find(unit) / block_size * block_size : 0;
  }
  std::size_t end(std::size_t unit) const { return in_order_ ? find(unit) : n_; }

 private:
  // The first row of a unit, or of one after it.
  std::size_t find(std::size_t unit) const {
    const auto code = static_cast<std::int64_t>(unit) + groups_.first;
    const int* const at = std::lower_bound(groups_.codes, groups_.codes + n_, code);
    return static_cast<std::size_t>(at - groups_.codes);
  }

  bool ascend(const Executor& run) const {
    const std::size_t n_chunks = count_chunks(n_, 1);
    std::atomic<bool> all{true};
    run(n_chunks, [&](std::size_t c) {
      const std::size_t begin = chunk_begin(c, n_chunks, n_);
      const std::size_t end = std::min(chunk_begin(c + 1, n_chunks, n_) + 1, n_);
      if (all && !ascends(groups_.codes + begin, end - begin)) all = false;
    });
    return all;
  }

  Groups groups_;
  std::size_t n_;
  bool in_order_ = false;
};

// Adds the rows of the units [first, last) to their totals.
template <int M>
class UnitPass {
 public:
  UnitPass(const Rows& rows, const Parts& parts, const UnitStretch& of_units,
           const std::vector<Vector>& origins, std::size_t first, std::size_t last,
           UnitTotals& units)
      : rows_(rows),
        parts_(parts),
        origins_(origins),
        first_(first),
        last_(last),
        begin_(of_units.begin(first)),
        end_(of_units.end(last)),
        plain_(!rows.prob && !rows.count && origins.size() == 1),
        units_(units) {}

  void run() {
    if (plain_) look_for_order();
    for_each_block(rows_, begin_, end_, [&](const Block& block) {
      if (plain_) {
        add_plain(block);
      } else {
        add_each(block);
      }
    });
  }

  // After all passes: those before have labelled `n` parts.
  void take_over(std::size_t n) {
    for (std::size_t unit = first_; n > 0 && unit < last_; ++unit) {
      if (units_.has_label(unit)) units_.place[unit] += static_cast<std::int32_t>(n);
    }
    if (n == 0) {
      units_.labelled = std::move(labelled_);
      units_.n_true = std::move(n_true_);
      return;
    }
    units_.labelled.insert(units_.labelled.end(), labelled_.begin(), labelled_.end());
    units_.n_true.insert(units_.n_true.end(), n_true_.begin(), n_true_.end());
  }
  std::size_t n_labelled() const { return labelled_.size() / units_.labelled_size(); }

  bool nested = true;

 private:
  std::size_t part(std::size_t row) const {
    if (!parts_.several()) return (*rows_.clusters)[row];
    if (parts_.listed()) return static_cast<std::size_t>(parts_.of_row[row]);
    return (*rows_.clusters)[row] * parts_.n_groups + rows_.groups[row];
  }

  void look_for_order() {
    double* totals = units_.rest.data();
    const double* origin = origins_[0].data() + 1 + rows_.more_y.size();
    scattered_.emplace(totals, origin, n_proxies(), first_, last_);
    if (M != 1 || rows_.clusters->codes == nullptr) return;
    ordered_.emplace(totals, origin[0], first_, last_);
  }

  // Rows in one cell, most without a label. Their clusters often follow those of the block before.
  void add_plain(const Block& block) {
    const BlockRows rows{block.proxies, nullptr, block.y, block.size};
    const Groups& clusters = *rows_.clusters;
    if (!ordered_ || !ordered_->add(rows, clusters, block.begin, labels_)) {
      labels_.find(block.y, block.size);
      for (std::size_t j = 0; j < labels_.n; ++j) {
        fetch_to_write(&units_.place[clusters[block.begin + labels_.rows[j]]]);
      }
      scattered_->add(rows, clusters, block.begin, rows_.n - block.begin - block.size);
    }
    for (std::size_t j = 0; j < labels_.n; ++j) add_row(block, labels_.rows[j], true);
  }

  void add_each(const Block& block) {
    labels_.find(block.y, block.size);
    for (std::size_t i = 0, j = 0; i < block.size; ++i) {
      const bool is_labelled = j < labels_.n && labels_.rows[j] == i;
      fetch(block.begin + i + ahead);
      add_row(block, i, is_labelled);
      j += is_labelled ? 1 : 0;
    }
  }

  // Units of rows in random order are anywhere in memory: they are asked for some rows ahead.
  static constexpr std::size_t ahead = 24;
  void fetch(std::size_t row) const {
    if (row < rows_.n) fetch_to_write(&units_.rest[part(row) * (1 + n_proxies())]);
  }

  void add_row(const Block& block, std::size_t i, bool is_labelled) {
    const std::size_t unit = part(block.begin + i);
    if (unit < first_ || unit >= last_) return;
    if (block.prob != nullptr) {
      if (!(block.prob[i] > 0.0)) return;  // outside the frame
      add_prob(unit, block.prob[i], count(block.begin + i));
    }
    if (!units_.strata.empty()) assign_stratum(unit, rows_.strata[block.begin + i]);
    const double* origin = origins_[rows_.cell(block.begin + i)].data();
    if (is_labelled) add_labelled(block, i, origin, unit);
    if (!is_labelled || block.prob != nullptr) add_rest(block, i, origin, unit);
  }

  std::size_t n_proxies() const {
    return M == Eigen::Dynamic ? rows_.proxies.size() : static_cast<std::size_t>(M);
  }

  void assign_stratum(std::size_t unit, std::size_t h) {
    auto& stratum = units_.strata[unit];
    if (stratum < 0) stratum = static_cast<std::int32_t>(h);
    nested = nested && stratum == static_cast<std::int32_t>(h);
  }

  double count(std::size_t row) const { return rows_.count ? rows_.count->at(row) : 1.0; }

  void add_prob(std::size_t unit, double prob, double n) {
    if (units_.sum_inverse_prob[unit] == 0.0) units_.prob[unit] = prob;
    if (units_.prob[unit] != prob) units_.prob[unit] = std::numeric_limits<double>::quiet_NaN();
    units_.sum_inverse_prob[unit] += n / prob;
  }

  void add_labelled(const Block& block, std::size_t i, const double* origin, std::size_t unit) {
    if (!units_.has_label(unit)) {
      units_.place[unit] = static_cast<std::int32_t>(n_labelled());
      labelled_.resize(labelled_.size() + units_.labelled_size(), 0.0);
      if (block.prob != nullptr) n_true_.push_back(0.0);
    }
    const auto place = static_cast<std::size_t>(units_.place[unit]);
    double* u = &labelled_[place * units_.labelled_size()];
    const double weight = block.prob == nullptr ? 1.0 : 1.0 / block.prob[i];
    u[0] += weight;
    for (std::size_t k = 0; k < block.values.size(); ++k) {
      u[1 + k] += weight * (block.values[k][i] - origin[k]);
    }
    if (block.prob != nullptr) n_true_[place] += 1.0;
  }

  void add_rest(const Block& block, std::size_t i, const double* origin, std::size_t unit) {
    const double* judge_origin = origin + 1 + rows_.more_y.size();
    double* u = &units_.rest[unit * (1 + n_proxies())];
    const double n = count(block.begin + i);
    u[0] += n;
    for (std::size_t k = 0; k < n_proxies(); ++k) {
      u[1 + k] += n * (block.proxies[k][i] - judge_origin[k]);
    }
  }

  const Rows& rows_;
  const Parts& parts_;
  const std::vector<Vector>& origins_;
  std::size_t first_, last_, begin_, end_;
  bool plain_;
  UnitTotals& units_;
  BlockLabels labels_;
  std::optional<ScatteredUnits<M>> scattered_;
  std::optional<OrderedUnits> ordered_;
  std::vector<double> labelled_, n_true_;  // of the parts of this pass that have a label
};

}  // namespace judicious

// One pass over rows that are their own sampling units.
#pragma once

#include <judicious/data/strata.hpp>
#include <judicious/numeric/parallel.hpp>

namespace judicious {

// Moments of u, given the moments of the entries of u that vary (in the order
// `varying`) and the values of those that do not.
inline Moments embed(const Moments& part, const Vector& constant, const std::vector<int>& varying) {
  Moments out(static_cast<int>(constant.size()));
  out.n = part.n;
  if (part.n == 0.0) return out;
  out.mean = constant;
  for (std::size_t i = 0; i < varying.size(); ++i) {
    out.mean[varying[i]] = part.mean[static_cast<int>(i)];
    for (std::size_t j = 0; j < varying.size(); ++j) {
      out.cross(varying[i], varying[j]) = part.cross(static_cast<int>(i), static_cast<int>(j));
    }
  }
  return out;
}

inline std::vector<int> range_of(int first, int count) {
  std::vector<int> out(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k) out[static_cast<std::size_t>(k)] = first + k;
  return out;
}

// Accumulates one stratum of a uniformly labelled subset.
template <int M>
class UniformCell {
 public:
  using Proxies = Eigen::Matrix<double, M, 1>;

  UniformCell(int n_proxies, const Vector&)
      : labelled_(1 + n_proxies), unlabelled_(n_proxies), values_(1 + n_proxies) {}

  template <class Values>
  void add(double y, double, const Values& proxies) {
    if (std::isnan(y)) {
      unlabelled_.add(proxies);
      return;
    }
    labels_.add(y);
    values_[0] = y;
    if constexpr (M != 0) values_.tail(values_.size() - 1) = proxies;
    labelled_.add(values_);
  }

  void finish(const Layout& layout, StratumMoments& out) const {
    const int m = layout.n_proxies;
    Vector one_labelled = Vector::Zero(layout.size());
    Vector one_unlabelled = one_labelled;
    one_labelled[Layout::labelled] = 1.0;
    one_unlabelled[layout.rest()] = 1.0;
    out.labelled.merge(embed(labelled_.moments(), one_labelled, range_of(1, 1 + m)));
    out.unlabelled.merge(
        embed(unlabelled_.moments(), one_unlabelled, range_of(layout.rest_proxies(), m)));
    out.labels.merge(labels_);
  }

 private:
  static constexpr int labelled_size = static_size(1, 1, M);
  ShiftedSums<labelled_size> labelled_;
  ShiftedSums<M> unlabelled_;
  typename ShiftedSums<labelled_size>::Values values_;
  LabelRange labels_;
};

// Accumulates one stratum with known inclusion probabilities. The varying
// entries of u are (w, w y, w f, f) on labelled rows and f elsewhere.
template <int M>
class KnownProbCell {
 public:
  KnownProbCell(int n_proxies, const Vector& origin)
      : origin_(origin),
        labelled_(2 + 2 * n_proxies),
        unlabelled_(n_proxies),
        values_(2 + 2 * n_proxies) {}

  template <class Values>
  void add(double y, double prob, const Values& proxies) {
    const bool is_labelled = !std::isnan(y);
    if (!prob_.admit(prob, is_labelled)) return;
    if (!is_labelled) {
      if constexpr (M == 0) unlabelled_.add(proxies);
      if constexpr (M != 0) unlabelled_.add(proxies - origin_.tail(origin_.size() - 1));
      return;
    }
    labels_.add(y);
    const double weight = 1.0 / prob;
    highest_weight_ = std::max(highest_weight_, weight);
    values_[0] = weight;
    values_[1] = weight * (y - origin_[0]);
    if constexpr (M != 0) {
      const int m = static_cast<int>(origin_.size()) - 1;
      values_.tail(m) = proxies - origin_.tail(m);
      values_.segment(2, m) = weight * values_.tail(m);
    }
    labelled_.add(values_);
  }

  void finish(const Layout& layout, StratumMoments& out) const {
    const int m = layout.n_proxies;
    Vector one = Vector::Zero(layout.size());
    one[layout.rest()] = 1.0;
    std::vector<int> varying = range_of(Layout::labelled, 2 + m);
    for (int position : range_of(layout.rest_proxies(), m)) varying.push_back(position);
    out.labelled.merge(embed(labelled_.moments(), one, varying));
    out.unlabelled.merge(embed(unlabelled_.moments(), one, range_of(layout.rest_proxies(), m)));
    out.labels.merge(labels_);
    out.prob.merge(prob_);
    out.highest_weight = std::max(out.highest_weight, highest_weight_);
  }

 private:
  static constexpr int labelled_size = static_size(2, 2, M);
  Eigen::Matrix<double, static_size(1, 1, M), 1> origin_;
  ShiftedSums<labelled_size> labelled_;
  ShiftedSums<M> unlabelled_;
  typename ShiftedSums<labelled_size>::Values values_;
  LabelRange labels_;
  ProbRange prob_;
  double highest_weight_ = 0.0;
};

// Judge values of one row, gathered from the columns of a block.
template <int M>
class ProxyRow {
 public:
  explicit ProxyRow(const Block& block) : values_(static_cast<int>(block.proxies.size())) {
    if constexpr (M == Eigen::Dynamic) columns_ = block.proxies;
    if constexpr (M != Eigen::Dynamic) {
      std::copy(block.proxies.begin(), block.proxies.end(), columns_.begin());
    }
  }
  const Eigen::Matrix<double, M, 1>& at(std::size_t i) {
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      values_[static_cast<int>(k)] = columns_[k][i];
    }
    return values_;
  }

 private:
  static constexpr std::size_t static_columns = M > 0 ? static_cast<std::size_t>(M) : 0;
  std::conditional_t<M == Eigen::Dynamic, std::vector<const double*>,
                     std::array<const double*, static_columns>>
      columns_;
  Eigen::Matrix<double, M, 1> values_;
};

template <>
class ProxyRow<0> {
 public:
  explicit ProxyRow(const Block&) {}
  ShiftedSums<0>::Values at(std::size_t) const { return {}; }
};

template <int M, class Pick>
void add_block(const Block& block, Pick&& pick) {
  ProxyRow<M> proxies(block);
  for (std::size_t i = 0; i < block.size; ++i) {
    pick(block.begin + i).add(block.y[i], block.prob ? block.prob[i] : 0.0, proxies.at(i));
  }
}

template <int M, class Cell>
std::vector<Cell> sum_chunk(const Rows& rows, const std::vector<Vector>& origins, std::size_t begin,
                            std::size_t end) {
  std::vector<Cell> cells;
  cells.reserve(origins.size());
  for (const Vector& origin : origins) cells.emplace_back(rows.n_proxies(), origin);
  for_each_block(rows, begin, end, [&](const Block& block) {
    if (cells.size() > 1) {
      add_block<M>(block, [&](std::size_t i) -> Cell& { return cells[rows.strata[i]]; });
      return;
    }
    Cell cell = cells[0];  // a local copy can live in registers
    add_block<M>(block, [&](std::size_t) -> Cell& { return cell; });
    cells[0] = cell;
  });
  return cells;
}

template <int M, class Cell>
std::vector<StratumMoments> sum_rows(const Rows& rows, const Layout& layout,
                                     const std::vector<Vector>& origins, const Executor& run) {
  const std::size_t n_chunks = count_chunks(rows.n, origins.size());
  std::vector<std::vector<Cell>> chunks(n_chunks);
  run(n_chunks, [&](std::size_t c) {
    chunks[c] = sum_chunk<M, Cell>(rows, origins, chunk_begin(c, n_chunks, rows.n),
                                   chunk_begin(c + 1, n_chunks, rows.n));
  });
  std::vector<StratumMoments> out(origins.size(), StratumMoments(layout));
  for (const auto& cells : chunks) {
    for (std::size_t h = 0; h < cells.size(); ++h) cells[h].finish(layout, out[h]);
  }
  return out;
}

inline void fill_weighted_totals(const Layout& layout, StratumMoments& stratum) {
  const Vector sum = stratum.labelled.sum();
  stratum.sum_weight = sum[Layout::labelled];
  stratum.sum_weighted_y = sum[Layout::labelled_y];
  stratum.sum_weighted_proxies = sum.segment(Layout::labelled_proxies, layout.n_proxies);
}

// Moves the origin to the means over labelled rows: residuals of constant columns
// are then exact zeros, and nothing cancels far from zero.
inline void centre_at_labels(const Layout& layout, StratumMoments& stratum) {
  const int m = layout.n_proxies;
  stratum.origin = stratum.labelled.mean.segment(Layout::labelled_y, 1 + m);
  stratum.labelled.mean.segment(Layout::labelled_y, 1 + m).setZero();
  if (stratum.unlabelled.n == 0.0) return;
  stratum.unlabelled.mean.segment(layout.rest_proxies(), m) -= stratum.origin.tail(m);
}

// Moments per stratum of rows that are their own sampling units.
inline std::vector<StratumMoments> row_moments(const Rows& rows, const Executor& run) {
  const Layout layout{rows.n_proxies(), rows.prob.has_value()};
  const std::vector<Vector> origins =
      layout.known_prob
          ? find_origins(rows)
          : std::vector<Vector>(rows.strata.n_groups, Vector::Zero(1 + layout.n_proxies));
  auto strata = with_static_size(layout.n_proxies, [&](auto size) {
    constexpr int M = decltype(size)::value;
    return layout.known_prob ? sum_rows<M, KnownProbCell<M>>(rows, layout, origins, run)
                             : sum_rows<M, UniformCell<M>>(rows, layout, origins, run);
  });
  for (std::size_t h = 0; h < strata.size(); ++h) {
    StratumMoments& stratum = strata[h];
    stratum.origin = origins[h];
    stratum.n_true = stratum.labelled.n;
    stratum.n_rows = stratum.n_units();
    stratum.sum_inverse_true = stratum.n_true;
    if (layout.known_prob) {
      fill_weighted_totals(layout, stratum);
    } else {
      centre_at_labels(layout, stratum);
    }
  }
  return strata;
}

}  // namespace judicious

// Leverage-corrected variances (HC2, HC3): the one thing that returns to the
// labelled units once lambda is known.
#pragma once

#include <judicious/data/unit_totals.hpp>
#include <judicious/estimate/estimators.hpp>

namespace judicious {

// Sums over the labelled units of one stratum; psi includes the weight W_h.
struct RobustSums {
  double hc2 = 0.0, hc3 = 0.0;
  double hc2_labels_only = 0.0;
  double cubes = 0.0;  // of psi, for the skewness correction
  // Known prob, finite population: sum of (1 - prob) (w e)^2 / T^2.
  double finite = 0.0, finite_labels_only = 0.0;

  void merge(const RobustSums& other) {
    hc2 += other.hc2;
    hc3 += other.hc3;
    hc2_labels_only += other.hc2_labels_only;
    cubes += other.cubes;
    finite += other.finite;
    finite_labels_only += other.finite_labels_only;
  }
};

constexpr double highest_leverage = 0.8;

// Adds labelled units of one stratum, given as u.
template <int M>
class RobustCell {
 public:
  static constexpr int size = static_size(3, 2, M);
  using Unit = Eigen::Matrix<double, size, 1>;

  RobustCell(const TunedStratum& s, bool center) {
    const auto& in = s.influence;
    const int m = static_cast<int>(s.lambda.size());
    const Vector a = contrast(s.lambda);
    psi_ = s.weight * (a.transpose() * in.map);
    psi_labels_only_ = s.weight * in.map.row(0);
    leverage_ = Root::Zero(m, in.map.cols());
    leverage_.topRows(s.leverage_root.rows()) = s.leverage_root * in.map.bottomRows(m);
    const double n = std::max(in.known_prob ? in.base_units : in.n_labelled, 2.0);
    leverage_scale_ = 1.0 / (1.0 - 1.0 / n);
    mean_leverage_ = residual_ = residual_labels_only_ = Row::Zero(in.map.cols());
    if (!in.known_prob) return;
    // The weighted mean is fitted as well.
    if (center) mean_leverage_ = in.weight_row;
    residual_ = s.weight * (a.transpose() * in.residual);
    residual_labels_only_ = s.weight * in.residual.row(0);
  }

  // `raw` holds totals over the unit's rows, `u` what the estimand makes of them.
  void add(const Unit& u, const Unit& raw, double prob) {
    const double psi = psi_.dot(u);
    const double psi_labels_only = psi_labels_only_.dot(u);
    const double q = (leverage_ * u).squaredNorm();
    const double h0 = mean_leverage_.dot(raw);
    const double q3 = std::min(q * leverage_scale_, highest_leverage);
    sums.hc2 += psi * psi / (1.0 - std::min(q + h0, highest_leverage));
    sums.hc3 += psi * psi / ((1.0 - q3) * (1.0 - q3));
    sums.hc2_labels_only +=
        psi_labels_only * psi_labels_only / (1.0 - std::min(h0, highest_leverage));
    sums.cubes += psi * psi * psi;
    const double e = residual_.dot(u);
    const double e_labels_only = residual_labels_only_.dot(u);
    sums.finite += (1.0 - prob) * e * e;
    sums.finite_labels_only += (1.0 - prob) * e_labels_only * e_labels_only;
  }

  RobustSums sums;

 private:
  using Row = Eigen::Matrix<double, 1, size>;
  using Root = Eigen::Matrix<double, M, size, (M == 1 ? Eigen::RowMajor : Eigen::ColMajor)>;
  Row psi_, psi_labels_only_, mean_leverage_, residual_, residual_labels_only_;
  Root leverage_;
  double leverage_scale_ = 1.0;
};

template <int M>
std::vector<RobustCell<M>> robust_cells(const TunedDesign& design, bool center) {
  std::vector<RobustCell<M>> cells;
  for (const auto& s : design.strata) cells.emplace_back(s, center);
  return cells;
}

// u of a labelled row, written into `u` (zero where it does not vary).
template <class Unit>
void fill_row_unit(const Layout& layout, const Vector& origin, const Block& block, std::size_t i,
                   Unit& u) {
  const int m = layout.n_proxies;
  const double w = layout.known_prob ? 1.0 / block.prob[i] : 1.0;
  u[Layout::labelled] = w;
  u[Layout::labelled_y] = w * (block.y[i] - origin[0]);
  if (layout.known_prob) u[layout.rest()] = 1.0;
  for (int k = 0; k < m; ++k) {
    const double f = block.proxies[static_cast<std::size_t>(k)][i] - origin[1 + k];
    u[Layout::labelled_proxies + k] = w * f;
    if (layout.known_prob) u[layout.rest_proxies() + k] = f;
  }
}

template <int M>
std::vector<RobustSums> robust_rows(const Rows& rows, const std::vector<StratumMoments>& moments,
                                    const TunedDesign& design, bool center, const Executor& run) {
  const Layout layout{rows.n_proxies(), rows.prob.has_value()};
  const std::size_t n_chunks = count_chunks(rows.n, moments.size());
  std::vector<std::vector<RobustCell<M>>> chunks(n_chunks);
  run(n_chunks, [&](std::size_t c) {
    chunks[c] = robust_cells<M>(design, center);
    typename RobustCell<M>::Unit u = RobustCell<M>::Unit::Zero(layout.size());
    const std::size_t begin = chunk_begin(c, n_chunks, rows.n);
    const std::size_t end = chunk_begin(c + 1, n_chunks, rows.n);
    for_each_block(rows, begin, end, [&](const Block& block) {
      for (std::size_t i = 0; i < block.size; ++i) {
        if (std::isnan(block.y[i])) continue;
        const std::size_t h = rows.strata[block.begin + i];
        fill_row_unit(layout, moments[h].origin, block, i, u);
        chunks[c][h].add(u, u, block.prob ? block.prob[i] : 1.0);
      }
    });
  });
  std::vector<RobustSums> out(moments.size());
  for (const auto& cells : chunks) {
    for (std::size_t h = 0; h < cells.size(); ++h) out[h].merge(cells[h].sums);
  }
  return out;
}

template <int M>
std::vector<RobustSums> robust_units(const UnitTotals& units, Estimand estimand,
                                     const TunedDesign& design, bool center) {
  using Unit = typename RobustCell<M>::Unit;
  auto cells = robust_cells<M>(design, center);
  for (std::size_t j = 0; j < units.n_units; ++j) {
    if (units.labelled_rows(j) == 0.0) continue;
    const auto raw = unit_vector<RobustCell<M>::size>(units, j, Estimand::rows);
    const Unit u = unit_vector<RobustCell<M>::size>(units, j, estimand);
    const double prob = units.layout.known_prob ? units.prob[j] : 1.0;
    cells[units.stratum(j)].add(u, raw, prob);
  }
  std::vector<RobustSums> out;
  for (const auto& cell : cells) out.push_back(cell.sums);
  return out;
}

}  // namespace judicious

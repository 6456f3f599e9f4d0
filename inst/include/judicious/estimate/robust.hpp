// Leverage-corrected variances (HC2, HC3): the one thing that returns to the
// labelled units once lambda is known.
#pragma once

#include <judicious/data/label_summary.hpp>
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
    known_prob_ = in.known_prob;
    if (!known_prob_) return;
    // The weighted mean is fitted as well.
    if (center) mean_leverage_ = in.weight_row;
    residual_ = s.weight * (a.transpose() * in.residual);
    residual_labels_only_ = s.weight * in.residual.row(0);
  }

  // `raw` holds totals over the unit's rows, `u` what the estimand makes of them.
  void add(const Unit& u, const Unit& raw, double prob) {
    add(psi_.dot(u), psi_labels_only_.dot(u), (leverage_ * u).squaredNorm(),
        known_prob_ ? mean_leverage_.dot(raw) : 0.0);
    if (!known_prob_) return;
    const double e = residual_.dot(u);
    const double e_labels_only = residual_labels_only_.dot(u);
    sums.finite += (1.0 - prob) * e * e;
    sums.finite_labels_only += (1.0 - prob) * e_labels_only * e_labels_only;
  }

  // Rows that are units of their own, without known prob: of u only the first half is not zero.
  void add_rows(const std::vector<double>& values, const Vector& origin) {
    constexpr int half = static_size(2, 1, M);
    using Half = Eigen::Matrix<double, half, 1>;
    const auto n = static_cast<Eigen::Index>(1 + origin.size());
    const Half psi = psi_.head(n).transpose();
    const Half psi_labels_only = psi_labels_only_.head(n).transpose();
    const Eigen::Matrix<double, M, half, storage> leverage = leverage_.leftCols(n);
    Eigen::Matrix<double, M, 1> root = leverage.col(0);
    for (auto row = values.begin(); row != values.end(); row += n - 1) {
      double with_judges = psi[0], labels_only = psi_labels_only[0];
      root = leverage.col(0);
      for (Eigen::Index k = 1; k < n; ++k) {
        const double d = row[k - 1] - origin[k - 1];
        with_judges += psi[k] * d;
        labels_only += psi_labels_only[k] * d;
        root += leverage.col(k) * d;
      }
      add(with_judges, labels_only, root.squaredNorm(), 0.0);
    }
  }

  RobustSums sums;

 private:
  // The influence of a unit with and without judges, its leverage, and that of its weight.
  void add(double psi, double psi_labels_only, double q, double h0) {
    const double q3 = 1.0 - std::min(q * leverage_scale_, highest_leverage);
    sums.hc2 += psi * psi / (1.0 - std::min(q + h0, highest_leverage));
    sums.hc3 += psi * psi / (q3 * q3);
    sums.cubes += psi * psi * psi;
    sums.hc2_labels_only +=
        psi_labels_only * psi_labels_only / (1.0 - std::min(h0, highest_leverage));
  }

  using Row = Eigen::Matrix<double, 1, size>;
  static constexpr int storage = M == 1 ? Eigen::RowMajor : Eigen::ColMajor;
  using Root = Eigen::Matrix<double, M, size, storage>;
  Row psi_, psi_labels_only_, mean_leverage_, residual_, residual_labels_only_;
  Root leverage_;
  double leverage_scale_ = 1.0;
  bool known_prob_ = false;
};

template <int M>
std::vector<RobustCell<M>> robust_cells(const TunedDesign& design, bool center) {
  std::vector<RobustCell<M>> cells;
  for (const auto& s : design.strata) cells.emplace_back(s, center);
  return cells;
}

template <int M>
void add_units(const LabelSummary& summary, std::size_t cell, Estimand estimand,
               RobustCell<M>& to) {
  using Unit = typename RobustCell<M>::Unit;
  const StoredUnits& units = summary.cells[cell].units;
  if (!summary.clustered && !summary.layout.known_prob) {
    to.add_rows(units.values, summary.cells[cell].rows.origin);
    return;
  }
  Unit raw = Unit::Zero(summary.layout.size()), u = raw;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (!units.is_labelled(i)) continue;
    summary.read_unit(cell, i, raw);
    u = raw;
    if (summary.clustered && estimand == Estimand::clusters) to_unit_means(summary.layout, u);
    to.add(u, raw, units.prob.empty() ? 1.0 : units.prob[i]);
  }
}

// Visits the labelled units of every stratum of one group.
template <int M>
std::vector<RobustSums> robust_sums(const LabelSummary& summary, std::size_t group,
                                    Estimand estimand, const TunedDesign& design, bool center) {
  auto cells = robust_cells<M>(design, center);
  std::vector<RobustSums> out;
  for (std::size_t h = 0; h < cells.size(); ++h) {
    add_units(summary, summary.at(h, group), estimand, cells[h]);
    out.push_back(cells[h].sums);
  }
  return out;
}

}  // namespace judicious

// What is assumed of labels, judge and design before the labels are there.
#pragma once

#include <judicious/sample/sampling.hpp>
#include <limits>
#include <optional>

namespace judicious {

enum class Alternative { two_sided, greater, less };

struct PlanTest {
  double conf_level = 0.95;
  std::optional<double> mu;  // no power without a value to test against
  Alternative alternative = Alternative::two_sided;

  double tail_greater() const { return tail(Alternative::greater); }
  double tail_less() const { return tail(Alternative::less); }

 private:
  // Level of the one-sided test; 0 = that side never rejects.
  double tail(Alternative side) const {
    if (alternative == Alternative::two_sided) return 0.5 * (1.0 - conf_level);
    return alternative == side ? 1.0 - conf_level : 0.0;
  }
};

// What is assumed of labels and judge. `variance` is that of one label with its
// share of the design effect: n times the variance of the labels-only mean.
struct PlanAssumptions {
  bool binary = true;
  double mean = 0.5;
  double variance = 0.25;
  double correlation = 0.0;  // of judge and label, between units; 0 = no judge
  double proxy_mean = 0.5;   // binary only
  double n_total = std::numeric_limits<double>::infinity();
  double base_share = 1.0;     // base size n_b per label, of independent rows
  double rows_per_unit = 1.0;  // clusters: rows that count once if no event is seen
  double unit_share = 1.0;     // sampling units (clusters) per label
  // Clusters: kurtosis of a cluster's linearised total, and how much less unequal
  // (times the number of clusters) few clusters look than many.
  double unit_kurtosis = 0.0;
  double unequal_bias = 0.0;

  bool has_judge() const { return correlation != 0.0; }
};

// A design at one number of labels.
struct PlanPoint {
  double n;                     // labels
  double base;                  // base size n_b
  double variance_ratio = 1.0;  // variance against the uniform design
  bool known_prob = false;      // drawn by uncertainty
};

struct Prediction {
  double width = 0.0;
  double power = std::numeric_limits<double>::quiet_NaN();
  double n_effective = 0.0;
};

// Square of the mean of sqrt(X), for a gamma variable X with mean 1 and this variance.
inline double squared_mean_root(double variance) {
  if (variance < 1e-9) return 1.0;
  const double shape = 1.0 / variance;
  return std::exp(2.0 * (std::lgamma(shape + 0.5) - std::lgamma(shape))) / shape;
}

// Whole clusters against independent rows. The judge depends on the label of its
// own row only, so its noise averages out within clusters and its correlation
// with the label rises.
struct ClusterEffect {
  double design_effect, correlation, rows_per_unit, unit_share, unit_kurtosis, unequal_bias;
};

// `sizes` are rows per cluster; `excess` is the excess kurtosis of one label.
inline ClusterEffect cluster_effect(const Doubles& sizes, double icc, double correlation,
                                    double excess) {
  const Eigen::ArrayXd m = sizes.array();
  const Eigen::ArrayXd effect = 1.0 + (m - 1.0) * icc;  // of a cluster of size m
  const Eigen::ArrayXd spread = m * effect;             // variance of its total
  const double mean = m.mean(), square = m.square().mean();
  const double cube = m.cube().mean();
  const double others = square / mean - 1.0;
  const double design = 1.0 + others * icc;
  // A cluster's total is as skewed as m / effect independent labels.
  const double fourth = (spread.square() * (3.0 + excess * effect / m)).mean();
  // Delta method for sum m^2 / (sum m)^2 over few clusters.
  const double bias = 2.0 * (cube / (square * mean) - 1.0) - 3.0 * (square / (mean * mean) - 1.0);
  return {design,
          correlation * std::sqrt(design / (1.0 + others * icc * correlation * correlation)),
          square / mean,
          1.0 / mean,
          fourth / (spread.mean() * spread.mean()),
          std::clamp(bias, 0.0, 5.0)};
}

}  // namespace judicious

// The estimator written out unit by unit, in several passes and without moments:
// slow and plain, to compare the library with. Sections refer to the statistics
// vignette. Judges must not be collinear.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "designs.hpp"

namespace naive {

using designs::Design;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

enum class Rule { optimal, ppi, fixed };

struct Options {
  bool mean_of_clusters = false;
  bool center = true;
  Rule rule = Rule::optimal;
  bool pooled = false;
  bool shrink = false;
  Vector fixed;
};

// Totals of a unit over its labelled (L) and other (U) rows; with known prob
// weighted over labelled rows (L) and over all rows (U).
struct Unit {
  double n_true = 0.0, n_rows = 0.0, prob = 0.0;
  bool same_prob = true;
  double m_L = 0.0, m_U = 0.0, Y_L = 0.0;
  Vector F_L, F_U;

  bool labelled() const { return n_true > 0.0; }
};

struct Stratum {
  std::vector<Unit> units;
  double size = 0.0, zeta = 0.0, labels_only = 0.0;
  double n = 0.0, u = 0.0;  // units with a labelled row, and the others
  Vector g, c;
  Vector psi_y, psi_y_L;  // per unit; for a finite population
  Matrix psi_f, psi_f_L;  // per unit; from its labelled rows alone
  Matrix G_optimal, G_ppi;
  Vector h0;  // share of the weights
  double base_rows = 0.0, base_units = 0.0, residual_df = 0.0, inflation = 1.0;
  bool mixed = false;

  int n_units() const { return static_cast<int>(units.size()); }
};

struct Estimate {
  double estimate = 0.0, variance = 0.0, hc2 = 0.0, hc3 = 0.0, df = 0.0, cubes = 0.0;
  double variance_finite = 0.0, p0 = 0.0, base_rows = 0.0, base_units = 0.0;
  Matrix lambda;  // strata x judges
};

// What every stratum is, in code order, and the estimate from them.
std::vector<Stratum> describe(const Design& d, const Options& options);
Estimate estimate(const Design& d, const Options& options);

}  // namespace naive

// How wide the interval will be and how likely a test is to reject, before the
// labels are there: expectations of the package's own intervals under uniform and
// under active sampling, and the smallest number of labels that is enough.
#pragma once

#include <judicious/estimate/bases.hpp>
#include <judicious/sample/active_mix.hpp>
#include <judicious/sample/plan_rate.hpp>
#include <judicious/sample/plan_score.hpp>

namespace judicious {

inline PlanPoint uniform_point(const PlanAssumptions& a, double n) {
  const double base = a.base_share * n;
  if (!(a.rows_per_unit > 1.0)) return {n, base, 1.0};
  // Few clusters look less unequal than they are.
  const double unequal = 1.0 - a.unequal_bias / (n * a.unit_share);
  const double units = base / (a.rows_per_unit * unequal);
  if (!a.binary) return {n, units, 1.0};
  return {n, base / guarded_design_effect(base, units, a.mean, a.variance / (base - 1.0)), 1.0};
}

// Items drawn by their uncertainty instead, with the mix that sample_active() would
// choose. The judge's mean squared error on an item is taken proportional to the
// square of its uncertainty, so this is the best the scores can do.
inline PlanPoint active_point(const PlanAssumptions& a, const Doubles& uncertainty, double n) {
  const auto n_items = static_cast<double>(uncertainty.size());
  Eigen::VectorXd prob(uncertainty.size());
  active_probabilities(uncertainty, n, prob);
  const ActiveDesigns designs(uncertainty, prob);
  const double mix = choose_mix(designs, n_items).mix;
  if (mix >= 1.0) return uniform_point(a, n);
  const DesignMoments active = designs.moments(designs.raised(mix), n_items, 1.0);
  const double residual = 1.0 - a.correlation * a.correlation;
  const double uniform = 1.0 / n - 1.0 / n_items;
  return {n, active.base,
          (residual * active.error + 1.0 / n_items) / (residual * uniform + 1.0 / n_items),
          active.known_prob};
}

inline Prediction predict(const PlanAssumptions& a, const PlanTest& test, const PlanPoint& point) {
  return a.binary ? predict_rate(a, test, point) : predict_score(a, test, point);
}

struct PlanGoal {
  double width = std::numeric_limits<double>::infinity();
  double power = 0.0;

  bool reached(const Prediction& p) const {
    return p.width <= width && (power <= 0.0 || p.power >= power);
  }
};

// The smallest whole number that reaches the goal. Exact tests make power a saw:
// n grows by steps until three in a row succeed, then the gap below is halved.
template <class Reaches>
std::optional<double> smallest_number(double lowest, double highest, const Reaches& reaches) {
  double bad = lowest - 1.0, good = lowest;
  for (double n = lowest, streak = 0.0; streak < 3.0; n = std::min(std::ceil(1.3 * n), highest)) {
    if (reaches(n)) {
      if (streak == 0.0) good = n;
      streak += 1.0;
      if (n == highest) break;
    } else {
      if (n == highest) return std::nullopt;
      bad = n;
      streak = 0.0;
    }
  }
  while (good - bad > 1.0) {
    const double middle = std::floor(0.5 * (good + bad));
    (reaches(middle) ? good : bad) = middle;
  }
  return good;
}

}  // namespace judicious

// Parametric calibration: maps from a score to the probability that the label is
// right, of the form logit(p) = intercept + slopes . features(score).
#pragma once

#include <algorithm>
#include <judicious/confidence/score_blocks.hpp>
#include <judicious/numeric/newton.hpp>

namespace judicious {

// platt (Platt 1999): one feature, the score's logit, with an intercept.
// temperature (Guo et al. 2017): the same without an intercept, slope 1 / T >= 0.
// beta (Kull, Silva Filho and Flach 2017): log p and -log(1 - p), both slopes >= 0.
enum class MapFamily { platt, temperature, beta };

struct CalibrationMap {
  MapFamily family = MapFamily::platt;
  bool probability = true;  // scores are probabilities; else they are logits as they stand
  double lowest = 0.0, highest = 1.0;  // probabilities beyond are read as these
  Vector coef;                         // intercept (0 for temperature), then the slopes
};

namespace maps_detail {

// Logits of 0 and 1 are infinite. A stated 100% is a rounded number, a token's
// probability of 1 is not far from the next: 1, if it occurs, is read as half as far
// from 1 as the largest probability below it, but no nearer than 1e-6; likewise 0.
inline void set_limits(const std::vector<ScoreBlock>& blocks, CalibrationMap& map) {
  constexpr double least = 1e-6;
  map.lowest = least;
  map.highest = 1.0 - least;
  if (blocks.empty()) return;
  const std::size_t n = blocks.size();
  if (blocks.front().score == 1.0) {
    map.highest = 1.0 - std::max(n > 1 ? 0.5 * (1.0 - blocks[1].score) : 0.0, least);
  }
  if (blocks.back().score == 0.0) {
    map.lowest = std::max(n > 1 ? 0.5 * blocks[n - 2].score : 0.0, least);
  }
}

inline Vector features(const CalibrationMap& map, double score) {
  Vector out(map.family == MapFamily::beta ? 3 : 2);
  out[0] = 1.0;
  if (!map.probability) {
    out[1] = score;
    return out;
  }
  const double p = std::clamp(score, map.lowest, map.highest);
  if (map.family == MapFamily::beta) {
    out[1] = std::log(p);
    out[2] = -std::log1p(-p);
  } else {
    out[1] = std::log(p) - std::log1p(-p);
  }
  return out;
}

// log(1 + exp(x)) without overflow.
inline double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }

inline double logistic(double x) {
  return x >= 0.0 ? 1.0 / (1.0 + std::exp(-x)) : std::exp(x) / (1.0 + std::exp(x));
}

// Platt's targets (1999, section 2.2) in place of 1 and 0: the fit stays finite
// when scores separate right from wrong.
struct Targets {
  double right, wrong;
};

inline Targets platt_targets(const BlockTotals& total) {
  return {(total.n_correct + 1.0) / (total.n_correct + 2.0), 1.0 / (total.n_wrong() + 2.0)};
}

// Logistic regression on the features in `used`; the other coefficients are 0.
inline Vector fit_features(const std::vector<ScoreBlock>& blocks, const CalibrationMap& map,
                           const Indices& used) {
  const Targets target = platt_targets(block_totals(blocks));
  const int dim = static_cast<int>(used.size());
  Matrix x(dim, static_cast<int>(blocks.size()));
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Vector all = features(map, blocks[i].score);
    for (int k = 0; k < dim; ++k) x(k, static_cast<int>(i)) = all[used[k]];
  }
  const auto loss = [&](const Vector& coef) {
    LocalModel out(dim);
    const Vector logits = x.transpose() * coef;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const auto at = static_cast<int>(i);
      const double n = blocks[i].n, logit = logits[at], p = logistic(logit);
      const double right = blocks[i].n_correct * target.right + blocks[i].n_wrong() * target.wrong;
      out.value += n * softplus(logit) - right * logit;
      for (int k = 0; k < dim; ++k) {
        out.gradient[k] += (n * p - right) * x(k, at);
        for (int l = 0; l <= k; ++l) out.hessian(k, l) += n * p * (1.0 - p) * x(k, at) * x(l, at);
      }
    }
    out.hessian = Matrix(out.hessian.selfadjointView<Eigen::Lower>());
    return out;
  };
  const Vector fitted = minimise_convex(Vector(Vector::Zero(dim)), loss);
  Vector coef = Vector::Zero(map.family == MapFamily::beta ? 3 : 2);
  for (int k = 0; k < dim; ++k) coef[used[k]] = fitted[k];
  return coef;
}

// A map that falls as the score rises is not in the family: the slopes that would
// do so are left out, one after the other.
inline Vector fit_rising(const std::vector<ScoreBlock>& blocks, const CalibrationMap& map,
                         Indices used) {
  while (true) {
    const Vector coef = fit_features(blocks, map, used);
    int lowest = 0;
    for (int k : used) {
      if (k > 0 && coef[k] < 0.0 && (lowest == 0 || coef[k] < coef[lowest])) lowest = k;
    }
    if (lowest == 0) return coef;
    used.erase(std::find(used.begin(), used.end(), lowest));
    if (used.empty()) return Vector::Zero(coef.size());
  }
}

}  // namespace maps_detail

// Needs at least one label. Scores lie in [0, 1] where they are probabilities; the
// beta family needs probabilities.
inline CalibrationMap fit_calibration_map(const std::vector<ScoreBlock>& blocks, MapFamily family,
                                          bool probability) {
  CalibrationMap out;
  out.family = family;
  out.probability = probability;
  if (probability) maps_detail::set_limits(blocks, out);
  switch (family) {
    case MapFamily::platt:
      out.coef = maps_detail::fit_features(blocks, out, {0, 1});
      break;
    case MapFamily::temperature:
      out.coef = maps_detail::fit_rising(blocks, out, {1});
      break;
    case MapFamily::beta:
      out.coef = maps_detail::fit_rising(blocks, out, {0, 1, 2});
      break;
  }
  return out;
}

// NaN stays NaN.
inline double calibrated(const CalibrationMap& map, double score) {
  if (std::isnan(score)) return score;
  return maps_detail::logistic(map.coef.dot(maps_detail::features(map, score)));
}

}  // namespace judicious

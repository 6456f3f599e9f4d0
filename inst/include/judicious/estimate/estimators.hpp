// The estimator: tuning weights, estimate and variance from the influence of
// every stratum. Small algebra; the data are not touched again.
#pragma once

#include <judicious/estimate/influence.hpp>

namespace judicious {

enum class TuningRule { optimal, ppi, fixed };
enum class Pooling { automatic, own, pooled };

struct Tuning {
  TuningRule rule = TuningRule::optimal;
  Pooling pooling = Pooling::automatic;
  bool shrink = true;  // for several judges
  bool guard = true;   // labels only where there are too few labels for the judges
  Vector fixed;        // rule "fixed": one weight per judge
};

// A stratum with its share of the answer and the weights its judges got.
struct TunedStratum {
  StratumInfluence influence;
  double weight = 0.0;  // W_h
  Vector lambda;
  Matrix leverage_root;  // leverage of a unit = |leverage_root * psi_f|^2
  double rank = 0.0;     // parameters spent on lambda
  double theta = 0.0;
  double variance_labelled = 0.0, variance_rest = 0.0;  // of theta_h
  double variance_labels_only = 0.0;
  bool lonely = false;          // one labelled unit: variance borrowed
  bool too_few_labels = false;  // fell back to labels only

  double variance() const { return variance_labelled + variance_rest; }
};

struct TunedDesign {
  std::vector<TunedStratum> strata;
  bool pooled = false;
  bool tuned = false;
};

inline Vector contrast(const Vector& lambda) {
  Vector a(1 + lambda.size());
  a << 1.0, -lambda;
  return a;
}

inline double quadratic(const Matrix& A, const Vector& x) { return x.dot(A * x); }

// Shrinkage for several judges: adds (rank - 1) / n_b of the diagonal, so that
// a single judge, or copies of it, is not shrunk.
inline Matrix shrunk(const Matrix& G, double rank, double base_units) {
  const double share = std::max(rank - 1.0, 0.0) / std::max(base_units, 2.0);
  return G + Matrix((share * G.diagonal()).asDiagonal());
}

inline const Matrix& choose_G(const StratumInfluence& s, TuningRule rule) {
  return rule == TuningRule::ppi ? s.G_ppi : s.G_optimal;
}

// Own weights per stratum need 50 labelled units in each, and 10 per judge:
// below that the O(1/n) biases of the strata add up (statistics vignette).
inline bool pools(const std::vector<TunedStratum>& strata, const Tuning& tuning, int n_proxies) {
  if (tuning.pooling != Pooling::automatic) return tuning.pooling == Pooling::pooled;
  for (const auto& s : strata) {
    if (s.influence.n_labelled < std::max(50.0, 10.0 * n_proxies)) return true;
  }
  return false;
}

// Solves for lambda and keeps the root of G^-1 for the leverages. `G_shrunk` is
// the shrunken G given the number of independent judges.
template <class Shrunk>
void solve_lambda(TunedStratum& s, const Matrix& G, const Vector& c, Shrunk&& G_shrunk) {
  const Indices keep = independent_columns(G);
  s.leverage_root = inverse_root(G_shrunk(static_cast<double>(keep.size())), keep);
  s.lambda = apply(s.leverage_root.transpose(), apply(s.leverage_root, c));
  s.rank = static_cast<double>(keep.size());
}

inline void no_lambda(TunedStratum& s, int n_proxies) {
  s.lambda = Vector::Zero(n_proxies);
  s.leverage_root = Matrix::Zero(0, n_proxies);
  s.rank = 0.0;
}

inline void tune_own(TunedStratum& s, const Tuning& tuning, int n_proxies) {
  no_lambda(s, n_proxies);
  if (s.lonely) return;
  const Matrix& G = choose_G(s.influence, tuning.rule);
  solve_lambda(s, G, s.influence.c, [&](double rank) {
    return tuning.shrink ? shrunk(G, rank, s.influence.base_units) : G;
  });
  s.too_few_labels = tuning.guard && s.rank > 0.0 && s.influence.n_labelled - 1.0 - s.rank <= 0.0;
  if (s.too_few_labels) no_lambda(s, n_proxies);
}

// One lambda for all strata: (sum W^2 G)^-1 sum W^2 c.
inline void tune_pooled(std::vector<TunedStratum>& strata, const Tuning& tuning, int n_proxies) {
  Matrix G = Matrix::Zero(n_proxies, n_proxies);
  Vector c = Vector::Zero(n_proxies);
  double residual = 0.0;
  for (const auto& s : strata) {
    if (s.lonely) continue;
    G += s.weight * s.weight * choose_G(s.influence, tuning.rule);
    c += s.weight * s.weight * s.influence.c;
    residual += s.influence.n_labelled - 1.0;
  }
  const auto G_shrunk = [&](double rank) {
    if (!tuning.shrink) return G;
    Matrix sum = Matrix::Zero(n_proxies, n_proxies);
    for (const auto& s : strata) {
      if (s.lonely) continue;
      sum += s.weight * s.weight *
             shrunk(choose_G(s.influence, tuning.rule), rank, s.influence.base_units);
    }
    return sum;
  };
  TunedStratum shared;
  solve_lambda(shared, G, c, G_shrunk);
  shared.too_few_labels = tuning.guard && shared.rank > 0.0 && residual - shared.rank <= 0.0;
  if (shared.too_few_labels) no_lambda(shared, n_proxies);
  for (auto& s : strata) {
    s.lambda = shared.lambda;
    s.leverage_root = shared.leverage_root * s.weight;
    s.rank = shared.rank / static_cast<double>(strata.size());
    s.too_few_labels = shared.too_few_labels;
  }
}

inline void fill_estimate(TunedStratum& s) {
  // The map is contracted before it meets the moments: psi_y and lambda' psi_f may
  // nearly cancel, their cross-products would not.
  const Matrix psi = contrast(s.lambda).transpose() * s.influence.map;
  s.theta = s.influence.zeta - s.lambda.dot(s.influence.g);
  s.variance_labelled = cross_of_map(s.influence.labelled_units, psi)(0, 0);
  s.variance_rest = cross_of_map(s.influence.other_units, psi)(0, 0);
  s.variance_labels_only = s.influence.all()(0, 0);
}

// A stratum with one labelled unit borrows the mean unit variance of the others.
inline void borrow_variance(std::vector<TunedStratum>& strata) {
  double tuned = 0.0, labels_only = 0.0, donors = 0.0;
  for (const auto& s : strata) {
    if (s.lonely) continue;
    tuned += s.variance_labelled * s.influence.n_labelled;
    labels_only += s.variance_labels_only * s.influence.n_labelled;
    donors += 1.0;
  }
  for (auto& s : strata) {
    if (!s.lonely) continue;
    s.variance_labelled = tuned / donors;
    s.variance_labels_only = labels_only / donors;
  }
}

// Tuning weights, estimate and variance of every stratum.
inline TunedDesign tune(const std::vector<StratumInfluence>& influences, const Vector& weights,
                        const Tuning& tuning) {
  TunedDesign out;
  const int n_proxies = static_cast<int>(influences.front().g.size());
  for (std::size_t h = 0; h < influences.size(); ++h) {
    TunedStratum s;
    s.influence = influences[h];
    s.weight = weights[static_cast<int>(h)];
    s.lonely = s.influence.n_labelled < 2.0;
    out.strata.push_back(std::move(s));
  }
  out.tuned = n_proxies > 0 && tuning.rule != TuningRule::fixed;
  out.pooled = out.tuned && out.strata.size() > 1 && pools(out.strata, tuning, n_proxies);
  if (out.pooled) {
    tune_pooled(out.strata, tuning, n_proxies);
  } else {
    for (auto& s : out.strata) {
      if (out.tuned) {
        tune_own(s, tuning, n_proxies);
      } else {
        no_lambda(s, n_proxies);
        if (n_proxies > 0) s.lambda = tuning.fixed;
      }
    }
  }
  for (auto& s : out.strata) fill_estimate(s);
  borrow_variance(out.strata);
  return out;
}

}  // namespace judicious

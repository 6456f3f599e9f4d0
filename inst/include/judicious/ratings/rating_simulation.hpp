// Synthetic ratings of items with several reasonable answers, with the truth:
// Dirichlet response sets, forced choices that prefer early or late options,
// rater error, and judges who are perturbed humans (the process of Guerdan et al.
// 2025, arXiv:2503.05965).
//
// Every item of every source has its own stream, so the numbers depend on the
// seed alone.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <judicious/numeric/parallel.hpp>
#include <judicious/numeric/simplex.hpp>
#include <judicious/ratings/option_sets.hpp>
#include <vector>

namespace judicious {

// E[v, w] = P(observed set v | true set w): 1 - rate on the diagonal. The errors
// fall on the other sets with weights rank^(-|skew|). Positive sets rank first if
// skew is above 0, and last below.
inline Eigen::MatrixXd rater_error(const std::vector<OptionSet>& sets, OptionSet positive,
                                   double rate, double skew) {
  const auto n = static_cast<Eigen::Index>(sets.size());
  std::vector<Eigen::Index> order(sets.size());
  for (Eigen::Index v = 0; v < n; ++v) order[static_cast<std::size_t>(v)] = v;
  std::stable_partition(order.begin(), order.end(), [&](Eigen::Index v) {
    return (sets[static_cast<std::size_t>(v)] & positive) != 0U;
  });
  if (skew < 0.0) std::reverse(order.begin(), order.end());
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index truth = 0; truth < n; ++truth) {
    double rank = 0.0;
    for (const Eigen::Index v : order) {
      if (v != truth) out(v, truth) = std::pow(++rank, -std::abs(skew));
    }
    const double total = out.col(truth).sum();
    if (total > 0.0) out.col(truth) *= rate / total;
    out(truth, truth) = 1.0 - out.col(truth).sum();
  }
  return out;
}

// F of one item: members of a set get weights exp(-preference * rank) by their
// order, and noise. Above 0 the first option is preferred, below 0 the last.
template <class Generator>
Eigen::MatrixXd random_translation(Generator& rng, const std::vector<OptionSet>& sets,
                                   std::size_t n_options, double preference) {
  constexpr double noise_sd = 0.05;
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(n_options),
                                              static_cast<Eigen::Index>(sets.size()));
  for (std::size_t v = 0; v < sets.size(); ++v) {
    auto column = out.col(static_cast<Eigen::Index>(v));
    int rank = preference >= 0.0 ? 0 : set_size(sets[v]) - 1;  // the largest weight is 1
    for (std::size_t k = 0; k < n_options; ++k) {
      if (!contains(sets[v], k)) continue;
      const double weight = std::exp(-std::abs(preference) * rank);
      column[static_cast<Eigen::Index>(k)] = std::max(0.0, weight + noise_sd * normal01(rng));
      rank += preference >= 0.0 ? 1 : -1;
    }
    column /= column.sum();
  }
  return out;
}

struct RatingSource {
  double preference = 0.0;
  std::size_t n_ratings = 1;  // per item
  double noise = 0.0;         // judges: spread of theta about the humans'
};

struct RatingModel {
  std::size_t n_items, n_options;
  std::vector<OptionSet> sets;
  double concentration = 1.0;
  Eigen::MatrixXd error;  // E of the humans; empty: none
  RatingSource human;
  std::vector<RatingSource> judges;
};

// Where a source's numbers go: matrices by column, one column per item (`forward`:
// options x sets per item), and one row per rating. Options count from 1.
struct RatingOutput {
  double* theta = nullptr;  // sets x items, after rater error
  double* forward = nullptr;
  double* o = nullptr;      // options x items
  double* omega = nullptr;  // options x items
  int* item = nullptr;
  int* rater = nullptr;
  int* choice = nullptr;
  int* set = nullptr;
};

namespace simulate_detail {

template <class Generator>
void draw_ratings(Generator& rng, const RatingModel& model, const RatingSource& source,
                  std::size_t item, const Eigen::VectorXd& theta, const Eigen::MatrixXd& forward,
                  const RatingOutput& out) {
  for (std::size_t r = 0; r < source.n_ratings; ++r) {
    const std::size_t row = item * source.n_ratings + r;
    const std::size_t set = categorical_variate(rng, theta);
    const std::size_t choice =
        categorical_variate(rng, forward.col(static_cast<Eigen::Index>(set)));
    out.item[row] = static_cast<int>(item) + 1;
    out.rater[row] = static_cast<int>(r) + 1;
    out.set[row] = static_cast<int>(model.sets[set]);
    out.choice[row] = static_cast<int>(choice) + 1;
  }
}

inline void store_truth(const RatingModel& model, std::size_t item, const Eigen::VectorXd& theta,
                        const Eigen::MatrixXd& forward, const RatingOutput& out) {
  const auto n_options = static_cast<Eigen::Index>(model.n_options);
  const auto place = static_cast<Eigen::Index>(item);
  std::copy_n(theta.data(), theta.size(), out.theta + place * theta.size());
  std::copy_n(forward.data(), forward.size(), out.forward + place * forward.size());
  Eigen::Map<Eigen::VectorXd> o(out.o + place * n_options, n_options);
  Eigen::Map<Eigen::VectorXd> omega(out.omega + place * n_options, n_options);
  o = forward * theta;
  omega.setZero();
  for (std::size_t v = 0; v < model.sets.size(); ++v) {
    for (std::size_t k = 0; k < model.n_options; ++k) {
      if (!contains(model.sets[v], k)) continue;
      omega[static_cast<Eigen::Index>(k)] += theta[static_cast<Eigen::Index>(v)];
    }
  }
}

}  // namespace simulate_detail

// Fills `theta_true` (sets x items, before rater error), then the human output and
// one output per judge.
template <class Generator>
void simulate_ratings(const RatingModel& model, std::uint64_t seed, const Executor& run,
                      double* theta_true, const RatingOutput& human,
                      const std::vector<RatingOutput>& judges) {
  const auto n_sets = static_cast<Eigen::Index>(model.sets.size());
  const auto rate = [&](Generator& rng, const RatingSource& source, std::size_t item,
                        const Eigen::VectorXd& theta, const RatingOutput& out) {
    const Eigen::MatrixXd forward =
        random_translation(rng, model.sets, model.n_options, source.preference);
    simulate_detail::store_truth(model, item, theta, forward, out);
    simulate_detail::draw_ratings(rng, model, source, item, theta, forward, out);
  };
  run(model.n_items, [&](std::size_t item) {
    Generator rng(stream_seed(stream_seed(seed, 0), item));
    const Eigen::VectorXd theta = dirichlet_variate(rng, n_sets, model.concentration);
    std::copy_n(theta.data(), n_sets, theta_true + static_cast<Eigen::Index>(item) * n_sets);
    rate(rng, model.human, item, model.error.size() > 0 ? model.error * theta : theta, human);
    for (std::size_t j = 0; j < judges.size(); ++j) {
      Generator own(stream_seed(stream_seed(seed, j + 1), item));
      Eigen::VectorXd moved = theta;
      for (Eigen::Index v = 0; v < n_sets; ++v) moved[v] += model.judges[j].noise * normal01(own);
      rate(own, model.judges[j], item, project_simplex(moved), judges[j]);
    }
  });
}

}  // namespace judicious

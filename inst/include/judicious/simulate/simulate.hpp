// Synthetic human and judge labels whose true mean, judge mean and correlation
// are known.
//
// Rows are cut into blocks of a fixed size and every block has its own stream,
// so the numbers depend on the seed alone, not on the executor. `Generator` is
// constructed from a 64-bit seed and returns 64 random bits (random.hpp).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <judicious/numeric/binary_correlation.hpp>
#include <judicious/numeric/parallel.hpp>
#include <judicious/numeric/random.hpp>
#include <limits>
#include <stdexcept>
#include <vector>

namespace judicious {

// Columns to fill, owned by the caller: the true labels and one column per judge.
template <class Value>
struct LabelColumns {
  Value* y_true = nullptr;
  std::vector<Value*> y_proxy;

  LabelColumns from_row(std::size_t first) const {
    LabelColumns rest{y_true + first, y_proxy};
    for (Value*& column : rest.y_proxy) column += first;
    return rest;
  }
};

namespace simulate_detail {

constexpr std::size_t rows_per_stream = 16384;

// Calls body(rng, begin, end) for consecutive ranges of [0, n).
template <class Generator, class Body>
void for_each_stream(std::size_t n, std::uint64_t seed, const Executor& run, const Body& body) {
  run((n + rows_per_stream - 1) / rows_per_stream, [&](std::size_t block) {
    Generator rng(stream_seed(seed, block));
    const std::size_t begin = block * rows_per_stream;
    body(rng, begin, std::min(n, begin + rows_per_stream));
  });
}

}  // namespace simulate_detail

// Binary labels; judges are independent of one another given the true label.
struct BinaryModel {
  double true_mean;
  std::vector<BinaryJudge> judges;
};

namespace simulate_detail {

template <class Generator>
void fill_binary_row(Generator& rng, double rate, const std::vector<BinaryJudge>& judges,
                     const LabelColumns<int>& out, std::size_t row) {
  const int label = bernoulli(rng, rate);
  out.y_true[row] = label;
  for (std::size_t k = 0; k < judges.size(); ++k) {
    const BinaryJudge& judge = judges[k];
    const double flag_rate = label == 1 ? judge.sensitivity : judge.false_positive_rate;
    out.y_proxy[k][row] = bernoulli(rng, flag_rate);
  }
}

}  // namespace simulate_detail

template <class Generator>
void simulate_binary(const BinaryModel& model, std::size_t n, std::uint64_t seed,
                     const Executor& run, const LabelColumns<int>& out) {
  simulate_detail::for_each_stream<Generator>(
      n, seed, run, [&](Generator& rng, std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
          simulate_detail::fill_binary_row(rng, model.true_mean, model.judges, out, row);
        }
      });
}

// One model per stratum; the rows of a stratum follow one another.
template <class Generator>
void simulate_binary_strata(const std::vector<BinaryModel>& models,
                            const std::vector<std::size_t>& n_rows, std::uint64_t seed,
                            const Executor& run, const LabelColumns<int>& out) {
  std::size_t first = 0;
  for (std::size_t h = 0; h < models.size(); ++h) {
    simulate_binary<Generator>(models[h], n_rows[h], stream_seed(seed, h), run,
                               out.from_row(first));
    first += n_rows[h];
  }
}

namespace simulate_detail {

// Codes 1, ..., n_clusters in blocks of random size, at least one row each. The
// starts are a random subset of the rows, which makes the sizes geometric with
// mean n / n_clusters given their sum: many short clusters and a long tail.
template <class Generator>
void fill_clusters(Generator& rng, int* codes, std::size_t n, std::size_t n_clusters) {
  codes[0] = 1;
  mark_random_subset(rng, codes + 1, n - 1, n_clusters - 1);
  for (std::size_t row = 1; row < n; ++row) codes[row] += codes[row - 1];
}

// The rate of a cluster: Beta with this mean and variance
// (1 - diversity) * mean * (1 - mean), so that two labels of a cluster have
// correlation 1 - diversity.
template <class Generator>
double cluster_rate(Generator& rng, double mean, double diversity) {
  // Next to the ends the shapes are beyond floating point; the limits are not.
  constexpr double negligible = 1e-12;
  if (diversity >= 1.0 - negligible) return mean;
  if (diversity <= negligible) return bernoulli(rng, mean);
  const double size = diversity / (1.0 - diversity);
  return beta_variate(rng, mean * size, (1.0 - mean) * size);
}

}  // namespace simulate_detail

// Rows in clusters: labels of one cluster share a rate and have correlation
// 1 - diversity; clusters are independent. Fills `cluster` with codes from 1.
template <class Generator>
void simulate_binary_clusters(const BinaryModel& model, std::size_t n, std::size_t n_clusters,
                              double diversity, std::uint64_t seed, const Executor& run,
                              int* cluster, const LabelColumns<int>& out) {
  if (n_clusters < 1 || n_clusters > n) {
    throw std::invalid_argument("The number of clusters must lie in [1, n].");
  }
  Generator layout(stream_seed(seed, 0));
  simulate_detail::fill_clusters(layout, cluster, n, n_clusters);

  std::vector<double> rates(n_clusters);
  simulate_detail::for_each_stream<Generator>(
      n_clusters, stream_seed(seed, 1), run,
      [&](Generator& rng, std::size_t begin, std::size_t end) {
        for (std::size_t j = begin; j < end; ++j) {
          rates[j] = simulate_detail::cluster_rate(rng, model.true_mean, diversity);
        }
      });
  simulate_detail::for_each_stream<Generator>(
      n, stream_seed(seed, 2), run, [&](Generator& rng, std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
          const double rate = rates[static_cast<std::size_t>(cluster[row] - 1)];
          simulate_detail::fill_binary_row(rng, rate, model.judges, out, row);
        }
      });
}

namespace simulate_detail {

// How often the judge is wrong, given its answer.
struct ErrorRates {
  double on_zero, on_one;
};

inline ErrorRates error_rates(double true_mean, double proxy_mean, const BinaryJudge& judge) {
  const double misses = true_mean * (1.0 - judge.sensitivity);
  const double false_alarms = (1.0 - true_mean) * judge.false_positive_rate;
  return {std::min(1.0, misses / (1.0 - proxy_mean)), std::min(1.0, false_alarms / proxy_mean)};
}

// An item's own error probability: at least a tenth of the mean, so that none is
// out of sampling's reach, and above that Beta with few effective observations:
// most items are easy, some are close to a coin flip.
template <class Generator>
double item_error(Generator& rng, double mean) {
  constexpr double share_floor = 0.1;
  constexpr double size = 4.0;
  if (mean <= 0.0 || mean >= 1.0) return mean;
  const double floor = share_floor * mean;
  const double mean_above = (mean - floor) / (1.0 - floor);
  const double above = beta_variate(rng, mean_above * size, (1.0 - mean_above) * size);
  return floor + (1.0 - floor) * above;
}

}  // namespace simulate_detail

// One judge and, per row, the oracle uncertainty sqrt(P(label != judge | item)),
// where an item is the judge's answer and how hard it is to judge.
template <class Generator>
void simulate_binary_active(double true_mean, double proxy_mean, double correlation, std::size_t n,
                            std::uint64_t seed, const Executor& run, double* uncertainty,
                            const LabelColumns<int>& out) {
  const BinaryJudge judge = binary_judge(true_mean, proxy_mean, correlation);
  const auto errors = simulate_detail::error_rates(true_mean, proxy_mean, judge);
  simulate_detail::for_each_stream<Generator>(
      n, seed, run, [&](Generator& rng, std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
          const int answer = bernoulli(rng, proxy_mean);
          const double error =
              simulate_detail::item_error(rng, answer == 1 ? errors.on_one : errors.on_zero);
          const bool wrong = bernoulli(rng, error) == 1;
          out.y_proxy[0][row] = answer;
          out.y_true[row] = wrong ? 1 - answer : answer;
          uncertainty[row] = std::sqrt(error);
        }
      });
}

// A judge of real-valued scores.
struct GaussianJudge {
  double mean, sd, correlation;
};

// Normal scores; judges are independent of one another given the true score.
struct GaussianModel {
  double true_mean, true_sd;
  std::vector<GaussianJudge> judges;
};

template <class Generator>
void simulate_gaussian(const GaussianModel& model, std::size_t n, std::uint64_t seed,
                       const Executor& run, const LabelColumns<double>& out) {
  simulate_detail::for_each_stream<Generator>(
      n, seed, run, [&](Generator& rng, std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
          const double z = normal01(rng);
          out.y_true[row] = model.true_mean + model.true_sd * z;
          for (std::size_t k = 0; k < model.judges.size(); ++k) {
            const GaussianJudge& judge = model.judges[k];
            const double noise = std::sqrt(1.0 - judge.correlation * judge.correlation);
            const double score = judge.correlation * z + noise * normal01(rng);
            out.y_proxy[k][row] = judge.mean + judge.sd * score;
          }
        }
      });
}

}  // namespace judicious

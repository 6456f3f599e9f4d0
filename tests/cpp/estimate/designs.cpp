#include "designs.hpp"

#include <random>

namespace designs {

namespace {

// Clusters of unequal size, dealt to the strata in turn.
void add_groups(Design& out, const Shape& shape, std::mt19937_64& rng) {
  std::uniform_real_distribution<double> uniform;
  for (std::size_t i = 0; i < shape.n; ++i) {
    int code = static_cast<int>(i % at(std::max(shape.strata, 1)));
    if (shape.clusters > 0) {
      const double u = uniform(rng);
      code =
          i < at(shape.clusters) ? static_cast<int>(i) : static_cast<int>(u * u * shape.clusters);
      out.clusters.push_back(code);
    }
    if (shape.strata > 1) out.strata.push_back(code % shape.strata);
  }
}

// Truth and judges share a latent value; strata and clusters shift it.
void add_scores(Design& out, const Shape& shape, std::mt19937_64& rng) {
  std::normal_distribution<double> normal;
  std::vector<double> effect(at(std::max(shape.clusters, 1)));
  for (double& e : effect) e = normal(rng);
  out.f.resize(at(shape.judges));
  for (std::size_t i = 0; i < shape.n; ++i) {
    const int stratum = out.strata.empty() ? 0 : out.strata[i];
    const double latent =
        normal(rng) + 0.5 * stratum + (out.clusters.empty() ? 0.0 : effect[at(out.clusters[i])]);
    const double y = latent + 0.5 * normal(rng);
    out.y.push_back(shape.binary ? (y > 0.8 ? 1.0 : 0.0) : y);
    for (int k = 0; k < shape.judges; ++k) {
      const double f = (1.0 + k) * latent + 2.0 + normal(rng);
      out.f[at(k)].push_back(shape.binary ? (f > 2.5 ? 1.0 : 0.0) : f);
    }
  }
}

// Draws what is labelled. With known prob some rows are outside the frame (0 or
// missing) and some are labelled for certain.
void hide_labels(Design& out, const Shape& shape, std::mt19937_64& rng) {
  std::uniform_real_distribution<double> uniform;
  const auto draw_prob = [&]() {
    const double u = uniform(rng);
    if (u < 0.04) return 0.0;
    if (u < 0.08) return 1.0;
    return u < 0.12 && shape.clusters == 0 ? missing : 0.1 + 0.8 * uniform(rng);
  };
  const bool by_cluster = shape.labels == Labels::whole_clusters;
  const std::size_t n_draws = by_cluster ? at(shape.clusters) : shape.n;
  std::vector<double> prob(n_draws, shape.share), chance(n_draws);
  for (std::size_t k = 0; k < n_draws; ++k) {
    if (shape.known_prob) prob[k] = draw_prob();
    chance[k] = uniform(rng);
  }
  for (std::size_t i = 0; i < shape.n; ++i) {
    const std::size_t k = by_cluster ? at(out.clusters[i]) : i;
    if (!(chance[k] < prob[k])) out.y[i] = missing;
    if (shape.known_prob) out.prob.push_back(prob[k]);
  }
}

}  // namespace

Design random_design(const Shape& shape, unsigned seed) {
  std::mt19937_64 rng(seed);
  Design out;
  add_groups(out, shape, rng);
  add_scores(out, shape, rng);
  hide_labels(out, shape, rng);
  return out;
}

judicious::MeanResult fit(const judicious::Rows& rows, judicious::MeanOptions options,
                          std::size_t n_tasks, const judicious::Executor& run) {
  options.influence.clustered = rows.clusters.has_value();
  judicious::MeanEstimation estimation(rows, options, n_tasks, run);
  if (estimation.can_estimate()) estimation.estimate();
  return estimation.result;
}

}  // namespace designs

// Thresholds above which labels are accepted without a human, with a guarantee.
// No value: nothing can be accepted.
#pragma once

#include <judicious/confidence/score_blocks.hpp>
#include <judicious/numeric/binomial.hpp>
#include <optional>

namespace judicious {

// The lowest threshold at which the share of right labels among those kept is at
// least `target`. No guarantee: of many shares, the lucky one is taken.
inline std::optional<double> naive_threshold(const std::vector<ScoreBlock>& blocks, double target) {
  std::optional<double> out;
  for (const auto& kept : kept_labels(blocks)) {
    if (kept.n_correct >= target * kept.n) out = kept.threshold;
  }
  return out;
}

// Fewest labels with which a test at level delta can pass: all of them right.
inline double fewest_to_pass(double target, double delta) {
  return std::ceil(std::log(delta) / std::log(target) - 1e-9);
}

// With probability 1 - delta over the labels, at least a share `target` of all
// labels kept is right: fixed-sequence testing (Bauer 1991; Angelopoulos et al.
// 2021, section 3.2; Jung et al. 2024) from the highest threshold that keeps
// `first` labels downwards, each by the exact binomial test of "less than
// target", until one fails.
inline std::optional<double> selective_threshold(const std::vector<ScoreBlock>& blocks,
                                                 double target, double delta, double first) {
  std::optional<double> out;
  for (const auto& kept : kept_labels(blocks)) {
    if (kept.n < first) continue;
    if (binomial_cdf(kept.n_wrong(), kept.n, 1.0 - target) > delta) break;
    out = kept.threshold;
  }
  return out;
}

// With probability 1 - delta, at most a share 1 - target of all items gets a wrong
// label when those below the threshold go to a human (Candes et al. 2025). Wrong
// and kept is monotone in the threshold, so one test per threshold is enough.
// `n_items`: calibration items, also those whose label has no score.
inline std::optional<double> pac_threshold(const std::vector<ScoreBlock>& blocks, double n_items,
                                           double target, double delta) {
  std::optional<double> out;
  double tested = -1.0;
  for (const auto& kept : kept_labels(blocks)) {
    if (kept.n_wrong() != tested) {
      tested = kept.n_wrong();
      if (binomial_cdf(tested, n_items, 1.0 - target) > delta) break;
    }
    out = kept.threshold;
  }
  return out;
}

// The expected share of wrong labels among those kept of `pool` is at most
// 1 - target: Benjamini and Hochberg (1995) on the conformal p-values
// (1 + wrong labels at least as confident) / (1 + labels) (Jin and Candes 2023,
// eq. 5). `pool` holds scores in descending order.
inline std::optional<double> fdr_threshold(const std::vector<ScoreBlock>& blocks,
                                           const std::vector<double>& pool, double target) {
  const double n = block_totals(blocks).n, m = static_cast<double>(pool.size());
  std::optional<double> out;
  auto block = blocks.begin();
  double n_wrong = 0.0;
  for (std::size_t k = 0; k < pool.size(); ++k) {
    if (k + 1 < pool.size() && pool[k + 1] == pool[k]) continue;  // ties are kept together
    for (; block != blocks.end() && block->score >= pool[k]; ++block) n_wrong += block->n_wrong();
    const double p_value = (1.0 + n_wrong) / (1.0 + n);
    if (p_value * m <= (1.0 - target) * static_cast<double>(k + 1)) out = pool[k];
  }
  return out;
}

}  // namespace judicious

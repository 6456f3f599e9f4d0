// Scores and whether the label behind each was right, gathered by distinct score:
// all that ranking measures, thresholds and monotone calibration need, after one
// sort.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

namespace judicious {

// correct[i]: 1 = right, 0 = wrong, anything else = not known. A row whose score
// is NaN or whose truth is not known is left out.
struct ScoredLabels {
  const double* score = nullptr;
  const int* correct = nullptr;
  std::size_t n = 0;
};

// The labels that share a score.
struct ScoreBlock {
  double score = 0.0;
  double n = 0.0;
  double n_correct = 0.0;

  double n_wrong() const { return n - n_correct; }
};

struct BlockTotals {
  double n = 0.0;
  double n_correct = 0.0;

  double n_wrong() const { return n - n_correct; }
};

inline BlockTotals block_totals(const std::vector<ScoreBlock>& blocks) {
  BlockTotals out;
  for (const auto& block : blocks) {
    out.n += block.n;
    out.n_correct += block.n_correct;
  }
  return out;
}

// Blocks by descending score. Right and wrong labels are sorted apart, so that
// bare numbers are moved and not pairs.
inline std::vector<ScoreBlock> score_blocks(const ScoredLabels& labels) {
  std::vector<double> scores[2];
  for (std::size_t i = 0; i < labels.n; ++i) {
    const int correct = labels.correct[i];
    if ((correct != 0 && correct != 1) || std::isnan(labels.score[i])) continue;
    scores[correct].push_back(labels.score[i]);
  }
  std::vector<ScoreBlock> blocks;
  for (auto& side : scores) std::sort(side.begin(), side.end(), std::greater<double>());
  const auto &wrong = scores[0], &right = scores[1];
  std::size_t w = 0, r = 0;
  while (w < wrong.size() || r < right.size()) {
    const bool from_right = w == wrong.size() || (r < right.size() && right[r] >= wrong[w]);
    ScoreBlock block;
    block.score = from_right ? right[r] : wrong[w];
    for (; r < right.size() && right[r] == block.score; ++r) block.n_correct += 1.0;
    block.n = block.n_correct;
    for (; w < wrong.size() && wrong[w] == block.score; ++w) block.n += 1.0;
    blocks.push_back(block);
  }
  return blocks;
}

// What is kept when labels with a score of at least `threshold` are accepted.
struct KeptLabels {
  double threshold = 0.0;
  double n = 0.0;
  double n_correct = 0.0;

  double n_wrong() const { return n - n_correct; }
};

// One per distinct score, the highest threshold first.
inline std::vector<KeptLabels> kept_labels(const std::vector<ScoreBlock>& blocks) {
  std::vector<KeptLabels> out;
  out.reserve(blocks.size());
  KeptLabels kept;
  for (const auto& block : blocks) {
    kept.threshold = block.score;
    kept.n += block.n;
    kept.n_correct += block.n_correct;
    out.push_back(kept);
  }
  return out;
}

}  // namespace judicious

// How far confidences are from the share of right labels: proper scores and
// binned calibration error. Confidences lie in [0, 1].
#pragma once

#include <judicious/confidence/score_blocks.hpp>
#include <optional>

namespace judicious {

struct ProperScores {
  double brier = 0.0;
  double log_loss = 0.0;  // natural log; infinite if a certain label is the other way
};

// Needs at least one label.
inline ProperScores proper_scores(const std::vector<ScoreBlock>& blocks) {
  ProperScores sum;
  double n = 0.0;
  for (const auto& block : blocks) {
    const double p = block.score, q = 1.0 - p;
    sum.brier += block.n_correct * q * q + block.n_wrong() * p * p;
    // 0 log 0 = 0: certain and right costs nothing.
    if (block.n_correct > 0.0) sum.log_loss -= block.n_correct * std::log(p);
    if (block.n_wrong() > 0.0) sum.log_loss -= block.n_wrong() * std::log1p(-p);
    n += block.n;
  }
  return {sum.brier / n, sum.log_loss / n};
}

struct ReliabilityBin {
  int bin = 0;  // from 0
  double low = 0.0, high = 0.0;
  double n = 0.0, n_correct = 0.0, sum = 0.0;

  void add(const ScoreBlock& block) {
    n += block.n;
    n_correct += block.n_correct;
    sum += block.n * block.score;
  }
  double mean_confidence() const { return sum / n; }
  double accuracy() const { return n_correct / n; }
};

// Index of the bin [k / n_bins, (k + 1) / n_bins) that holds p, or, right-closed,
// (k / n_bins, (k + 1) / n_bins]; 0 and 1 belong to the outer bins.
inline int width_bin(double p, int n_bins, bool right_closed) {
  const auto edge = [n_bins](int k) { return static_cast<double>(k) / n_bins; };
  int k = std::min(std::max(static_cast<int>(p * n_bins), 0), n_bins - 1);
  // The product is rounded; the edges decide.
  const auto below = [&](int at) { return right_closed ? p <= edge(at) : p < edge(at); };
  while (k > 0 && below(k)) --k;
  while (k < n_bins - 1 && !below(k + 1)) ++k;
  return k;
}

// Bins in ascending order; empty ones are left out.
inline std::vector<ReliabilityBin> equal_width_bins(const std::vector<ScoreBlock>& blocks,
                                                    int n_bins, bool right_closed) {
  std::vector<ReliabilityBin> out;
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    const int k = width_bin(block->score, n_bins, right_closed);
    if (out.empty() || out.back().bin != k) {
      ReliabilityBin bin;
      bin.bin = k;
      bin.low = static_cast<double>(k) / n_bins;
      bin.high = static_cast<double>(k + 1) / n_bins;
      out.push_back(bin);
    }
    out.back().add(*block);
  }
  return out;
}

// Bins of (nearly) equal numbers of labels: a block goes where the middle of its
// ranks lies, so equal confidences are never parted.
inline std::vector<ReliabilityBin> equal_mass_bins(const std::vector<ScoreBlock>& blocks,
                                                   int n_bins) {
  const double total = block_totals(blocks).n;
  std::vector<ReliabilityBin> out;
  double before = 0.0;
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    const double middle = before + 0.5 * block->n;
    before += block->n;
    const int k = std::min(static_cast<int>(middle * n_bins / total), n_bins - 1);
    if (out.empty() || out.back().bin != k) {
      ReliabilityBin bin;
      bin.bin = k;
      bin.low = block->score;
      out.push_back(bin);
    }
    out.back().add(*block);
    out.back().high = block->score;
  }
  return out;
}

struct CalibrationError {
  double expected = 0.0, maximum = 0.0;
};

// Needs at least one bin.
inline CalibrationError calibration_error(const std::vector<ReliabilityBin>& bins) {
  CalibrationError out;
  double n = 0.0;
  for (const auto& bin : bins) {
    const double gap = std::abs(bin.accuracy() - bin.mean_confidence());
    out.expected += bin.n * gap;
    out.maximum = std::max(out.maximum, gap);
    n += bin.n;
  }
  out.expected /= n;
  return out;
}

}  // namespace judicious

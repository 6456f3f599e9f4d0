// Everything that is measured of confidences against the truth of their labels.
#pragma once

#include <judicious/confidence/auroc.hpp>
#include <judicious/confidence/calibration_error.hpp>

namespace judicious {

struct ConfidenceQuality {
  BlockTotals total;
  Auroc ranking;
  std::optional<double> risk_coverage;  // area under the curve
  // Of confidences that are probabilities, and only where there is a label.
  std::optional<double> mean_confidence;
  std::optional<ProperScores> scores;
  std::optional<CalibrationError> equal_width, equal_mass;
};

struct QualityOptions {
  int n_bins = 10;
  bool right_closed = true;
  bool probability = true;
};

inline ConfidenceQuality confidence_quality(const std::vector<ScoreBlock>& blocks,
                                            const QualityOptions& options) {
  ConfidenceQuality out;
  out.total = block_totals(blocks);
  out.ranking = auroc(blocks);
  out.risk_coverage = aurc(blocks);
  if (blocks.empty() || !options.probability) return out;
  double sum = 0.0;
  for (const auto& block : blocks) sum += block.n * block.score;
  out.mean_confidence = sum / out.total.n;
  out.scores = proper_scores(blocks);
  out.equal_width =
      calibration_error(equal_width_bins(blocks, options.n_bins, options.right_closed));
  out.equal_mass = calibration_error(equal_mass_bins(blocks, options.n_bins));
  return out;
}

}  // namespace judicious

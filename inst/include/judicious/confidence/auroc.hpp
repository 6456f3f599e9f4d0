// How well scores separate right from wrong labels: ROC points, the area under
// them with DeLong's standard error, and the area under the risk-coverage curve.
#pragma once

#include <judicious/confidence/score_blocks.hpp>
#include <optional>

namespace judicious {

// Undefined (no value) where it needs labels that are not there.
struct Auroc {
  std::optional<double> value;      // needs a right and a wrong label
  std::optional<double> std_error;  // needs two of each
};

// DeLong, DeLong and Clarke-Pearson (1988), eqs. 1, 4 and 5, from midranks: the
// placement of a right label is the share of wrong ones below it, ties half.
inline Auroc auroc(const std::vector<ScoreBlock>& blocks) {
  const BlockTotals total = block_totals(blocks);
  const double n_right = total.n_correct, n_wrong = total.n_wrong();
  Auroc out;
  if (n_right == 0.0 || n_wrong == 0.0) return out;
  const auto for_each_placement = [&](auto&& visit) {
    double right_above = 0.0, wrong_below = n_wrong;
    for (const auto& block : blocks) {
      wrong_below -= block.n_wrong();
      visit(block, (wrong_below + 0.5 * block.n_wrong()) / n_wrong,
            (right_above + 0.5 * block.n_correct) / n_right);
      right_above += block.n_correct;
    }
  };
  double area = 0.0;
  for_each_placement([&](const ScoreBlock& block, double placement, double) {
    area += block.n_correct * placement;
  });
  area /= n_right;
  out.value = area;
  if (n_right < 2.0 || n_wrong < 2.0) return out;
  double cross_right = 0.0, cross_wrong = 0.0;
  for_each_placement([&](const ScoreBlock& block, double of_right, double of_wrong) {
    cross_right += block.n_correct * (of_right - area) * (of_right - area);
    cross_wrong += block.n_wrong() * (of_wrong - area) * (of_wrong - area);
  });
  out.std_error = std::sqrt(cross_right / (n_right * (n_right - 1.0)) +
                            cross_wrong / (n_wrong * (n_wrong - 1.0)));
  return out;
}

// The mean, over all completion rates k / n, of the share of wrong labels among
// the k most confident (Geifman, Uziel and El-Yaniv 2019). Within a tie the
// order is random: the expected share is used.
inline std::optional<double> aurc(const std::vector<ScoreBlock>& blocks) {
  double sum = 0.0, n = 0.0, n_wrong = 0.0;
  for (const auto& block : blocks) {
    const double share = block.n_wrong() / block.n;
    for (double j = 1.0; j <= block.n; ++j) sum += (n_wrong + j * share) / (n + j);
    n += block.n;
    n_wrong += block.n_wrong();
  }
  if (n == 0.0) return std::nullopt;
  return sum / n;
}

// Marks the points of the ROC curve between which the curve bends; the others
// lie on a straight line between their neighbours. Exact: counts are whole.
inline std::vector<char> roc_corners(const std::vector<KeptLabels>& kept) {
  std::vector<char> corner(kept.size(), 1);
  double last_right = 0.0, last_wrong = 0.0;
  for (std::size_t i = 0; i + 1 < kept.size(); ++i) {
    const double right = kept[i].n_correct - last_right, wrong = kept[i].n_wrong() - last_wrong;
    const double next_right = kept[i + 1].n_correct - kept[i].n_correct;
    const double next_wrong = kept[i + 1].n_wrong() - kept[i].n_wrong();
    corner[i] = right * next_wrong != next_right * wrong;
    if (corner[i] == 0) continue;
    last_right = kept[i].n_correct;
    last_wrong = kept[i].n_wrong();
  }
  return corner;
}

}  // namespace judicious

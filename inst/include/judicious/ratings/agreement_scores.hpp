// Scores of single items, whose mean over items is an agreement metric: hits,
// coverage, squared distance. Items are columns; choices are codes from 1.
#pragma once

#include <Eigen/Dense>
#include <judicious/ratings/threshold.hpp>
#include <vector>

namespace judicious {

namespace agreement_scores_detail {

template <class Score>
std::vector<double> score_items(Eigen::Index n, const Score& score) {
  std::vector<double> out(static_cast<std::size_t>(n));
  for (Eigen::Index i = 0; i < n; ++i) out[static_cast<std::size_t>(i)] = score(i);
  return out;
}

}  // namespace agreement_scores_detail

// 1 where both chose the same option, else 0.
template <class Codes>
std::vector<double> hit_scores(const Codes& first, const Codes& second) {
  return agreement_scores_detail::score_items(
      first.size(), [&](Eigen::Index i) { return first[i] == second[i] ? 1.0 : 0.0; });
}

// Squared distance of the indicator vectors of two choices: 2 where they differ.
template <class Codes>
std::vector<double> label_distance_scores(const Codes& first, const Codes& second) {
  return agreement_scores_detail::score_items(
      first.size(), [&](Eigen::Index i) { return first[i] == second[i] ? 0.0 : 2.0; });
}

// 1 where the choice is in the set: a share above tau of the raters have it in theirs.
template <class Shares, class Codes>
std::vector<double> coverage_scores(const Shares& set_shares, const Codes& choices, double tau) {
  return agreement_scores_detail::score_items(choices.size(), [&](Eigen::Index i) {
    return exceeds(set_shares(choices[i] - 1, i), tau) ? 1.0 : 0.0;
  });
}

// Sum over options of the squared difference.
template <class P, class Q>
std::vector<double> squared_distance_scores(const P& p, const Q& q) {
  return agreement_scores_detail::score_items(
      p.cols(), [&](Eigen::Index i) { return (p.col(i) - q.col(i)).squaredNorm(); });
}

}  // namespace judicious

// The rows that known probabilities see least: how many of them, lowest prob first,
// are worth three labels. Events that only they hold go unseen in one study of twenty,
// so a design is worth no more labels than 3 / (their share of the rows).
#pragma once

#include <algorithm>
#include <functional>
#include <judicious/data/low_probs.hpp>
#include <queue>
#include <vector>

namespace judicious {

constexpr double labels_to_see = LowProbs::enough;

// Mean prob of those rows, the last of them in part; as if all rows were worth as much where they
// are not.
template <class Next>
double lowest_prob_mean(Next&& next, double n_rows, double labels = labels_to_see) {
  const auto one = [&] { return LowProbs::Entry(next(), 1.0); };
  return labels / lowest_rows(one, n_rows, labels).rows;
}

inline double lowest_prob_mean(std::vector<double> prob) {
  const auto n = static_cast<double>(prob.size());
  if (prob.empty()) return 0.0;
  std::priority_queue<double, std::vector<double>, std::greater<double>> lowest(
      std::greater<double>(), std::move(prob));
  return lowest_prob_mean(
      [&] {
        const double prob = lowest.top();
        lowest.pop();
        return prob;
      },
      n);
}

}  // namespace judicious

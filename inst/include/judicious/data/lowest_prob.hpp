// The rows that known probabilities see least: how many of them, lowest prob first,
// are worth three labels. Events that only they hold go unseen in one study of twenty,
// so a design is worth no more labels than 3 / (their share of the rows).
#pragma once

#include <algorithm>
#include <functional>
#include <queue>
#include <vector>

namespace judicious {

constexpr double labels_to_see = 3.0;

// Mean prob of those rows, the last of them in part; of all rows if they are not
// worth three labels together.
template <class Next>
double lowest_prob_mean(Next&& next, double n_rows, double labels = labels_to_see) {
  double left = labels;
  for (double count = 0.0; count < n_rows; count += 1.0) {
    const double prob = next();
    if (prob >= left) return labels / (count + left / prob);
    left -= prob;
  }
  return labels / n_rows;
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

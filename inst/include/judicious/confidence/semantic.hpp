// Semantic entropy: repeated free-text answers are put into clusters of like meaning, and the
// entropy over the clusters says how much the answers disagree.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <judicious/confidence/label_distribution.hpp>
#include <judicious/confidence/rouge.hpp>
#include <judicious/numeric/parallel.hpp>
#include <string_view>
#include <vector>

namespace judicious {

// Answers of all items: those of item i are answers[first[i]], ..., answers[first[i + 1] - 1].
struct RepeatedAnswers {
  std::vector<std::string_view> answers;
  std::vector<std::size_t> first;
  const double* weights;  // one per answer

  std::size_t n_items() const { return first.size() - 1; }
};

// One entry per answer: its cluster, counted from 0 within the item. One entry per item: how many
// clusters there are, and the entropy in bits of the shares of weight.
struct AnswerClusters {
  std::vector<int> cluster;
  std::vector<int> n_clusters;
  std::vector<double> entropy;
};

// Is ROUGE-L at least the threshold? Lengths alone often rule it out. Two texts without words are
// alike: there is nothing to tell them apart.
inline bool same_meaning(const LcsPattern& founder, const std::vector<int>& words,
                         double threshold) {
  const std::size_t n = founder.length(), m = words.size();
  if (n == 0 && m == 0) return true;
  if (rouge_l_f1(std::min(n, m), n, m) < threshold) return false;
  return rouge_l_f1(founder.common(words), n, m) >= threshold;
}

// Each answer in turn joins the first cluster whose first member it resembles, or founds one.
// Writes the clusters to out[0], ..., out[n - 1] and returns how many there are.
inline int cluster_answers(const std::string_view* answers, std::size_t n, double threshold,
                           int* out) {
  WordNumbers numbers;
  std::vector<LcsPattern> founders;
  for (std::size_t i = 0; i < n; ++i) {
    const std::vector<int> words = numbers.number(answers[i]);
    const auto found = std::find_if(founders.begin(), founders.end(), [&](const LcsPattern& f) {
      return same_meaning(f, words, threshold);
    });
    out[i] = static_cast<int>(found - founders.begin());
    if (found == founders.end()) founders.emplace_back(words, numbers.size());
  }
  return static_cast<int>(founders.size());
}

inline double cluster_entropy(const int* cluster, const double* weights, std::size_t n,
                              int n_clusters) {
  Eigen::VectorXd shares = Eigen::VectorXd::Zero(n_clusters);
  for (std::size_t i = 0; i < n; ++i) shares[cluster[i]] += weights[i];
  return entropy_bits(shares);
}

inline AnswerClusters semantic_clusters(const RepeatedAnswers& data, double threshold,
                                        const Executor& run) {
  constexpr std::size_t n_tasks = 64;
  const std::size_t n_items = data.n_items();
  AnswerClusters out{std::vector<int>(data.answers.size()), std::vector<int>(n_items),
                     std::vector<double>(n_items)};
  run(n_tasks, [&](std::size_t task) {
    const std::size_t end = (task + 1) * n_items / n_tasks;
    for (std::size_t i = task * n_items / n_tasks; i < end; ++i) {
      const std::size_t at = data.first[i], n = data.first[i + 1] - at;
      out.n_clusters[i] =
          cluster_answers(data.answers.data() + at, n, threshold, out.cluster.data() + at);
      out.entropy[i] =
          cluster_entropy(out.cluster.data() + at, data.weights + at, n, out.n_clusters[i]);
    }
  });
  return out;
}

}  // namespace judicious

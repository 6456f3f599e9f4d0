// Base sizes with known prob if errors do not get commoner as prob falls among rows
// that a judge gave the same verdict: the rows times the lowest mean prob of such a
// group. Asked for by the user, as the data cannot show whether it holds.
#pragma once

#include <judicious/estimate/bases.hpp>
#include <map>

namespace judicious {

// Calls body(row, judge values, prob) for every row in the frame.
template <class Body>
void for_each_framed_row(const Rows& rows, Body&& body) {
  Vector values(rows.n_proxies());
  for_each_block(rows, 0, rows.n, [&](const Block& block) {
    for (std::size_t i = 0; i < block.size; ++i) {
      if (block.prob != nullptr && !(block.prob[i] > 0.0)) continue;
      for (int k = 0; k < values.size(); ++k) {
        values[k] = block.proxies[k][i];
      }
      body(block.begin + i, values, block.prob == nullptr ? 1.0 : block.prob[i]);
    }
  });
}

// How many rows, and the sum of their prob.
struct ProbSum {
  double n = 0.0, sum = 0.0;

  void add(double prob) {
    n += 1.0;
    sum += prob;
  }
};

// Answers of 0/1 judges as bits. False: a score among them, or too many judges.
inline bool verdict_bits(const Vector& values, std::uint64_t& bits) {
  if (values.size() > 64) return false;
  bits = 0;
  for (int k = 0; k < values.size(); ++k) {
    if (values[k] != 0.0 && values[k] != 1.0) return false;
    bits = 2 * bits + (values[k] == 1.0 ? 1 : 0);
  }
  return true;
}

// Lowest mean prob of the rows with the same answers, per stratum; empty if a judge
// gives scores.
inline std::vector<double> lowest_prob_by_answer(const Rows& rows, std::size_t n_strata) {
  std::vector<std::map<std::uint64_t, ProbSum>> groups(n_strata);
  bool binary = true;
  for_each_framed_row(rows, [&](std::size_t i, const Vector& values, double prob) {
    std::uint64_t bits = 0;
    binary = binary && verdict_bits(values, bits);
    if (binary) groups[rows.strata[i]][bits].add(prob);
  });
  if (!binary) return {};
  std::vector<double> out(n_strata, 1.0);
  for (std::size_t h = 0; h < n_strata; ++h) {
    for (const auto& group : groups[h]) {
      out[h] = std::min(out[h], group.second.sum / group.second.n);
    }
  }
  return out;
}

struct ScoredProb {
  double score, prob;
};

// Lowest mean prob among the fifths of the scores; equal scores stay together.
inline double lowest_prob_of_fifths(std::vector<ScoredProb> rows) {
  constexpr std::size_t n_groups = 5;
  std::sort(rows.begin(), rows.end(),
            [](const ScoredProb& a, const ScoredProb& b) { return a.score < b.score; });
  std::array<ProbSum, n_groups> groups;
  std::size_t first = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].score > rows[first].score) first = i;
    groups[n_groups * first / rows.size()].add(rows[i].prob);
  }
  double lowest = 1.0;
  for (const auto& group : groups) {
    if (group.n > 0.0) lowest = std::min(lowest, group.sum / group.n);
  }
  return lowest;
}

inline std::vector<double> lowest_prob_by_score(const Rows& rows, const TunedDesign& design) {
  std::vector<std::vector<ScoredProb>> scored(design.strata.size());
  for_each_framed_row(rows, [&](std::size_t i, const Vector& values, double prob) {
    const std::size_t h = rows.strata[i];
    scored[h].push_back({design.strata[h].lambda.dot(values), prob});
  });
  std::vector<double> out;
  for (auto& s : scored) out.push_back(lowest_prob_of_fifths(std::move(s)));
  return out;
}

// The mean of cluster means, and clusters, are worth the Kish sizes of their weights:
// the floor that guards against low prob is what the assumption replaces. `lowest`: mean
// prob of the verdict that was drawn least, per stratum.
inline void set_verdict_bases(const std::vector<double>& lowest, bool clustered, Estimand estimand,
                              const std::vector<StratumMoments>& moments,
                              std::vector<StratumBase>& bases) {
  for (std::size_t h = 0; h < bases.size(); ++h) {
    const double by_verdict = moments[h].n_rows * lowest[h];
    if (estimand == Estimand::rows) bases[h].rows = by_verdict;
    bases[h].units = clustered ? std::min(moments[h].kish.units(), bases[h].rows) : bases[h].rows;
  }
}

inline void use_verdict_bases(const Rows& rows, Estimand estimand,
                              const std::vector<StratumMoments>& moments, const TunedDesign& design,
                              std::vector<StratumBase>& bases) {
  std::vector<double> lowest = lowest_prob_by_answer(rows, bases.size());
  if (lowest.empty()) lowest = lowest_prob_by_score(rows, design);
  set_verdict_bases(lowest, rows.clusters.has_value(), estimand, moments, bases);
}

}  // namespace judicious

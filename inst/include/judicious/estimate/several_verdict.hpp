// Base sizes that trust the judges' verdicts (verdict.hpp), for several estimates of one summary:
// the rows are asked once for the verdicts of all groups.
#pragma once

#include <judicious/estimate/joint.hpp>
#include <set>
#include <unordered_map>

namespace judicious {

// Per estimate and stratum: mean prob of the verdict that was drawn least. Empty: not asked for.
using LowestProbs = std::vector<std::vector<double>>;

// A target's own mean, with a base size that trusts verdicts where `lowest` is given.
inline MeanEstimation target_estimation(const LabelSummary& summary, const Target& target,
                                        MeanOptions options,
                                        const std::vector<double>* lowest = nullptr) {
  options.verdict = false;  // which asks the rows of one mean
  MeanEstimation out(std::make_shared<LabelSummary>(select(summary, target.group, target.what)),
                     options);
  if (!out.can_estimate()) return out;
  out.estimate();
  if (lowest == nullptr) return out;
  std::vector<double> present;  // a selection has the strata that its group meets
  for (std::size_t h = 0; h < summary.n_strata; ++h) {
    const Cell& cell = summary.cells[summary.at(h, target.group)];
    if (cell.rows.n_units() > 0.0) present.push_back((*lowest)[h]);
  }
  set_verdict_bases(present, summary.clustered, options.influence.estimand, out.result.moments,
                    out.result.bases);
  return out;
}

// `also`: columns of the rows whose values tell verdicts apart beside the judges of the targets.
class VerdictPass {
 public:
  VerdictPass(const Rows& rows, const LabelSummary& summary, const std::vector<Target>& targets,
              std::vector<int> also = {})
      : rows_(rows),
        summary_(summary),
        targets_(targets),
        also_(std::move(also)),
        by_group_(summary.n_groups) {
    for (std::size_t p = 0; p < targets.size(); ++p) by_group_[targets[p].group].push_back(p);
  }

  LowestProbs lowest(const MeanOptions& options) const {
    LowestProbs out(targets_.size(), std::vector<double>(summary_.n_strata, 1.0));
    const std::vector<bool> binary = by_answers(out);
    std::size_t most = 0;
    for (const auto& group : by_group_) most = std::max(most, group.size());
    for (std::size_t k = 0; k < most; ++k) by_scores(k, binary, options, out);
    return out;
  }

 private:
  std::size_t cell(std::size_t i) const { return summary_.at(rows_.strata[i], rows_.groups[i]); }

  // Judges that help any estimate of a group: rows are alike if all of them say the same.
  std::vector<std::vector<int>> judges_of_groups() const {
    std::vector<std::vector<int>> out;
    for (const auto& group : by_group_) {
      std::set<int> judges(also_.begin(), also_.end());
      for (const std::size_t p : group) {
        judges.insert(targets_[p].what.judges.begin(), targets_[p].what.judges.end());
      }
      out.emplace_back(judges.begin(), judges.end());
    }
    return out;
  }

  // Fills in groups whose judges say 0 or 1, and tells which they are.
  std::vector<bool> by_answers(LowestProbs& out) const {
    const auto judges = judges_of_groups();
    std::vector<bool> binary(summary_.n_groups, true);
    std::vector<std::unordered_map<std::string, ProbSum>> answers(summary_.cells.size());
    std::string said;
    for_each_framed_row(rows_, [&](std::size_t i, const Vector& values, double prob) {
      const std::size_t g = rows_.groups[i];
      if (!binary[g]) return;
      said.clear();
      for (const int k : judges[g]) {
        if (values[k] != 0.0 && values[k] != 1.0) {
          binary[g] = false;
          return;
        }
        said.push_back(values[k] == 1.0 ? '1' : '0');
      }
      answers[cell(i)][said].add(prob);
    });
    for (std::size_t p = 0; p < targets_.size(); ++p) {
      if (!binary[targets_[p].group]) continue;
      for (std::size_t h = 0; h < summary_.n_strata; ++h) {
        for (const auto& answer : answers[summary_.at(h, targets_[p].group)]) {
          out[p][h] = std::min(out[p][h], answer.second.sum / answer.second.n);
        }
      }
    }
    return binary;
  }

  // The k-th estimate of every group that has judges with scores, by fifths of lambda'f.
  void by_scores(std::size_t k, const std::vector<bool>& binary, const MeanOptions& options,
                 LowestProbs& out) const {
    std::vector<Matrix> lambda(summary_.n_groups);  // judges x strata
    bool any = false;
    for (std::size_t g = 0; g < summary_.n_groups; ++g) {
      if (binary[g] || k >= by_group_[g].size()) continue;
      lambda[g] = lambda_of(targets_[by_group_[g][k]], options);
      any = true;
    }
    if (!any) return;
    std::vector<std::vector<ScoredProb>> scored(summary_.cells.size());
    for_each_framed_row(rows_, [&](std::size_t i, const Vector& values, double prob) {
      const std::size_t g = rows_.groups[i];
      if (lambda[g].size() == 0) return;
      const auto& judges = targets_[by_group_[g][k]].what.judges;
      double score = 0.0;
      for (std::size_t m = 0; m < judges.size(); ++m) {
        score +=
            lambda[g](static_cast<int>(m), static_cast<int>(rows_.strata[i])) * values[judges[m]];
      }
      scored[cell(i)].push_back({score, prob});
    });
    for (std::size_t g = 0; g < summary_.n_groups; ++g) {
      if (lambda[g].size() == 0) continue;
      for (std::size_t h = 0; h < summary_.n_strata; ++h) {
        auto& rows = scored[summary_.at(h, g)];
        if (!rows.empty()) out[by_group_[g][k]][h] = lowest_prob_of_fifths(std::move(rows));
      }
    }
  }

  Matrix lambda_of(const Target& target, const MeanOptions& options) const {
    const MeanEstimation one = target_estimation(summary_, target, options);
    Matrix out = Matrix::Zero(static_cast<int>(target.what.judges.size()),
                              static_cast<int>(summary_.n_strata));
    if (!one.result.identified) return out;
    std::size_t present = 0;
    for (std::size_t h = 0; h < summary_.n_strata; ++h) {
      if (summary_.cells[summary_.at(h, target.group)].rows.n_units() == 0.0) continue;
      out.col(static_cast<int>(h)) = one.result.design.strata[present++].lambda;
    }
    return out;
  }

  const Rows& rows_;
  const LabelSummary& summary_;
  const std::vector<Target>& targets_;
  std::vector<int> also_;
  std::vector<std::vector<std::size_t>> by_group_;
};

}  // namespace judicious

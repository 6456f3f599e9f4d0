// Dawid and Skene (1979): every judge has a confusion matrix, errors are
// independent given the truth, and EM finds both from the labels. Items whose
// truth is known (gold) enter as known in every step.
#pragma once

#include <functional>
#include <judicious/confidence/votes.hpp>

namespace judicious {

struct DawidSkeneOptions {
  double smooth = 0.5;      // added to every cell of the confusion matrices and of the prior
  double tolerance = 1e-8;  // largest change of a posterior probability
  int max_iterations = 2000;
};

struct DawidSkene {
  Vector prior;              // of the classes
  ConfusionTable confusion;  // P(label | truth), one row per true class
  Matrix posterior;          // patterns x classes, from the judges' labels alone
  double log_likelihood = 0.0;
  int iterations = 0;
  bool converged = false;
};

namespace dawid_skene_detail {

inline void normalise(ConfusionTable& table, int n_judges, int n_classes) {
  for (int j = 0; j < n_judges; ++j) {
    for (int k = 0; k < n_classes; ++k) {
      double sum = 0.0;
      for (int l = 0; l < n_classes; ++l) sum += table(j, k, l);
      // A class nobody is in says nothing of the judge.
      for (int l = 0; l < n_classes; ++l) {
        double& cell = table.by_label(j, l)[k];
        cell = sum > 0.0 ? cell / sum : 1.0 / n_classes;
      }
    }
  }
}

}  // namespace dawid_skene_detail

class DawidSkeneFit {
 public:
  // `free`: items of each pattern whose truth is not known; `gold`: patterns x
  // classes, those whose truth is.
  DawidSkeneFit(const VotePatterns& votes, const Vector& free, const Matrix& gold,
                const DawidSkeneOptions& options)
      : votes_(votes),
        free_(free),
        gold_(gold),
        options_(options),
        out_{Vector::Zero(votes.n_classes),
             ConfusionTable(votes.n_judges, votes.n_classes),
             start(),
             0.0,
             0,
             false} {}

  // `pause` is called between iterations.
  DawidSkene run(const std::function<void()>& pause) {
    for (out_.iterations = 0; out_.iterations < options_.max_iterations && !out_.converged;) {
      maximise();
      out_.converged = expect() <= options_.tolerance;
      ++out_.iterations;
      pause();
    }
    return std::move(out_);
  }

 private:
  // Eq. 3.1: the shares of the votes; without votes, every class.
  Matrix start() const {
    Matrix shares = vote_shares(weighted_votes(votes_, Vector::Ones(votes_.n_judges)));
    return shares.array().isNaN().select(1.0 / votes_.n_classes, shares);
  }

  // Eqs. 2.3 and 2.4.
  void maximise() {
    const Matrix truth = gold_ + (out_.posterior.array().colwise() * free_.array()).matrix();
    out_.prior = (truth.colwise().sum().array() + options_.smooth).matrix().transpose();
    out_.prior /= out_.prior.sum();
    out_.confusion = count_confusions(votes_, truth, options_.smooth);
    dawid_skene_detail::normalise(out_.confusion, votes_.n_judges, votes_.n_classes);
  }

  // Eq. 2.5, in logs; returns the largest change of a probability.
  double expect() {
    const Matrix joint = log_joint();
    out_.log_likelihood = 0.0;
    double change = 0.0;
    for (int p = 0; p < joint.cols(); ++p) {
      const double top = joint.col(p).maxCoeff();
      // Impossible under the current matrices (no smoothing): the prior is left.
      Vector posterior =
          std::isfinite(top) ? Vector((joint.col(p).array() - top).exp()) : out_.prior;
      const double sum = posterior.sum();
      posterior /= sum;
      if (free_[p] > 0.0) out_.log_likelihood += free_[p] * (top + std::log(sum));
      for (int k = 0; k < votes_.n_classes; ++k) {
        if (gold_(p, k) > 0.0) out_.log_likelihood += gold_(p, k) * joint(k, p);
      }
      change =
          std::max(change, (posterior.transpose() - out_.posterior.row(p)).cwiseAbs().maxCoeff());
      out_.posterior.row(p) = posterior.transpose();
    }
    return change;
  }

  // log P(truth = k, labels of pattern p), classes x patterns.
  Matrix log_joint() const {
    const int n_classes = votes_.n_classes;
    ConfusionTable logs = out_.confusion;
    for (int j = 0; j < votes_.n_judges; ++j) {
      for (int l = 0; l < n_classes; ++l) {
        double* cells = logs.by_label(j, l);
        for (int k = 0; k < n_classes; ++k) cells[k] = std::log(cells[k]);
      }
    }
    const Vector log_prior = out_.prior.array().log();
    Matrix joint = log_prior.replicate(1, static_cast<int>(votes_.n_patterns));
    for (std::size_t c = 0; c < votes_.n_columns(); ++c) {
      for (std::size_t p = 0; p < votes_.n_patterns; ++p) {
        const int label = votes_.label(p, c);
        if (label < 0) continue;
        const double* cells = logs.by_label(votes_.judge[c], label);
        double* column = joint.data() + p * static_cast<std::size_t>(n_classes);
        for (int k = 0; k < n_classes; ++k) column[k] += cells[k];
      }
    }
    return joint;
  }

  const VotePatterns& votes_;
  const Vector& free_;
  const Matrix& gold_;
  DawidSkeneOptions options_;
  DawidSkene out_;
};

inline DawidSkene dawid_skene(
    const VotePatterns& votes, const Vector& free, const Matrix& gold,
    const DawidSkeneOptions& options, const std::function<void()>& pause = [] {}) {
  return DawidSkeneFit(votes, free, gold, options).run(pause);
}

}  // namespace judicious

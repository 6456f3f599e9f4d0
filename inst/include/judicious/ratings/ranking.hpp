// Ranks of judges by a loss, with what a joint bootstrap says of them: all claims
// of one judge being better than another hold together at the confidence level.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <judicious/numeric/quantile.hpp>
#include <limits>
#include <numeric>
#include <vector>

namespace judicious {

// One element per judge; NaN for judges without a loss and, where there are no
// replicates, in all but `rank` and `regret`.
struct Ranking {
  std::vector<double> rank, rank_low, rank_high, p_best, tie_group;
  std::vector<double> regret, regret_low, regret_high;  // loss beyond that of the best

  explicit Ranking(std::size_t n) {
    for (auto* column :
         {&rank, &rank_low, &rank_high, &p_best, &tie_group, &regret, &regret_low, &regret_high}) {
      column->assign(n, std::numeric_limits<double>::quiet_NaN());
    }
  }
};

class JudgeRanking {
 public:
  // `replicates`: one row per resample, one column per judge. Losses are better
  // when lower; differences below `rounding` are none.
  JudgeRanking(const Eigen::VectorXd& losses, const Eigen::MatrixXd& replicates, double conf_level)
      : losses_(losses), out_(static_cast<std::size_t>(losses.size())) {
    for (Eigen::Index j = 0; j < losses.size(); ++j) {
      if (!std::isnan(losses[j])) judges_.push_back(j);
    }
    keep_complete(replicates);
    rank_by_loss();
    if (replicates_.rows() < 2) return;
    margins(conf_level);
    rank_intervals();
    chances_of_being_best();
    tie_groups();
  }

  const Ranking& result() const { return out_; }

 private:
  static constexpr double rounding = 1e-12;

  std::size_t n() const { return judges_.size(); }
  double loss(std::size_t j) const { return losses_[judges_[j]]; }
  double& cell(std::vector<double>& column, std::size_t j) {
    return column[static_cast<std::size_t>(judges_[j])];
  }

  // Replicates in which every ranked judge has a loss.
  void keep_complete(const Eigen::MatrixXd& all) {
    replicates_.resize(all.rows(), static_cast<Eigen::Index>(n()));
    Eigen::Index kept = 0;
    for (Eigen::Index b = 0; b < all.rows(); ++b) {
      for (std::size_t j = 0; j < n(); ++j) {
        replicates_(kept, static_cast<Eigen::Index>(j)) = all(b, judges_[j]);
      }
      if (n() > 0 && replicates_.row(kept).allFinite()) ++kept;
    }
    replicates_.conservativeResize(kept, Eigen::NoChange);
  }

  void rank_by_loss() {
    for (std::size_t j = 0; j < n(); ++j) {
      double better = 0.0, regret = 0.0;
      for (std::size_t k = 0; k < n(); ++k) {
        if (loss(j) - loss(k) > rounding) better += 1.0;
        regret = std::max(regret, loss(j) - loss(k));
      }
      cell(out_.rank, j) = 1.0 + better;
      cell(out_.regret, j) = beyond_rounding(regret);
    }
  }

  static double beyond_rounding(double x) { return x > rounding ? x : 0.0; }

  Eigen::VectorXd difference(std::size_t j, std::size_t k) const {
    return replicates_.col(static_cast<Eigen::Index>(j)) -
           replicates_.col(static_cast<Eigen::Index>(k));
  }

  // Half-widths of simultaneous intervals of all pairwise differences: standard
  // errors times the quantile of the largest studentised deviation.
  void margins(double conf_level) {
    const auto rows = replicates_.rows();
    Eigen::ArrayXd largest = Eigen::ArrayXd::Zero(rows);
    margin_ = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(n()), static_cast<Eigen::Index>(n()));
    for (std::size_t j = 0; j < n(); ++j) {
      for (std::size_t k = 0; k < j; ++k) {
        const Eigen::VectorXd d = difference(j, k);
        const double se =
            std::sqrt((d.array() - d.mean()).square().sum() / static_cast<double>(rows - 1));
        if (se <= rounding) continue;
        largest = largest.max((d.array() - (loss(j) - loss(k))).abs() / se);
        margin_(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(k)) = se;
        margin_(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(j)) = se;
      }
    }
    margin_ *= quantile({largest.data(), largest.data() + largest.size()}, conf_level);
  }

  double margin(std::size_t j, std::size_t k) const {
    return margin_(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(k));
  }
  bool surely_worse(std::size_t j, std::size_t k) const {
    return loss(j) - loss(k) > std::max(margin(j, k), rounding);
  }

  // Mogstad, Romano, Shaikh and Wilhelm (2024): a judge's rank is at least one more
  // than the number of judges surely better. The regret: Hsu (1984).
  void rank_intervals() {
    for (std::size_t j = 0; j < n(); ++j) {
      double better = 0.0, worse = 0.0, low = 0.0, high = 0.0;
      for (std::size_t k = 0; k < n(); ++k) {
        if (k == j) continue;
        better += surely_worse(j, k) ? 1.0 : 0.0;
        worse += surely_worse(k, j) ? 1.0 : 0.0;
        low = std::max(low, loss(j) - loss(k) - margin(j, k));
        high = std::max(high, loss(j) - loss(k) + margin(j, k));
      }
      cell(out_.rank_low, j) = 1.0 + better;
      cell(out_.rank_high, j) = static_cast<double>(n()) - worse;
      cell(out_.regret_low, j) = beyond_rounding(low);
      cell(out_.regret_high, j) = beyond_rounding(high);
    }
  }

  // Shares of resamples, split where several are best.
  void chances_of_being_best() {
    Eigen::ArrayXd share = Eigen::ArrayXd::Zero(static_cast<Eigen::Index>(n()));
    for (Eigen::Index b = 0; b < replicates_.rows(); ++b) {
      const Eigen::ArrayXd is_best =
          (replicates_.row(b).array() <= replicates_.row(b).minCoeff() + rounding)
              .cast<double>()
              .transpose();
      share += is_best / is_best.sum();
    }
    share /= static_cast<double>(replicates_.rows());
    for (std::size_t j = 0; j < n(); ++j) {
      cell(out_.p_best, j) = share[static_cast<Eigen::Index>(j)];
    }
  }

  // From the best down, a judge opens a group when it is surely worse than the first
  // of the current one.
  void tie_groups() {
    std::vector<std::size_t> order(n());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return loss(a) < loss(b); });
    double group = 0.0;
    std::size_t leader = 0;
    for (const std::size_t j : order) {
      if (group == 0.0 || surely_worse(j, leader)) {
        group += 1.0;
        leader = j;
      }
      cell(out_.tie_group, j) = group;
    }
  }

  const Eigen::VectorXd& losses_;
  std::vector<Eigen::Index> judges_;  // those with a loss
  Eigen::MatrixXd replicates_, margin_;
  Ranking out_;
};

inline Ranking rank_judges(const Eigen::VectorXd& losses, const Eigen::MatrixXd& replicates,
                           double conf_level) {
  return JudgeRanking(losses, replicates, conf_level).result();
}

}  // namespace judicious

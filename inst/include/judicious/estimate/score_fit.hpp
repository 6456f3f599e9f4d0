// Regression by its scores: coefficients whose scores, in units of the coefficients, are responses
// with their own judges' scores beside them, and one weight per judge for all coefficients (section
// 8 of many.md of the design; statistics vignette).
#pragma once

#include <judicious/estimate/joint.hpp>

namespace judicious {

// How the responses and judges of a summary are laid out: the scores, then the leverage of a row
// among the labelled ones; the first judge's scores, the second's, ...
struct ScoreLayout {
  int n_coefficients, n_judges;

  std::vector<int> judges_of(int k) const {
    std::vector<int> out;
    for (int m = 0; m < n_judges; ++m) out.push_back(m * n_coefficients + k);
    return out;
  }
  std::vector<Target> targets() const {
    std::vector<Target> out;
    for (int k = 0; k < n_coefficients; ++k) out.push_back({0, {k, judges_of(k)}});
    return out;
  }
};

class ScoreFit {
 public:
  // Without `lambda` the judges get the weights that are best for all coefficients together.
  ScoreFit(std::shared_ptr<const LabelSummary> summary, const ScoreLayout& layout,
           const std::optional<Vector>& lambda, MeanOptions options)
      : summary_(std::move(summary)), layout_(layout), options_(std::move(options)) {
    options_.tuning.rule = TuningRule::fixed;
    options_.tuning.fixed = Vector::Zero(layout.n_judges);
    weigh(JointFit(summary_, layout_.targets(), options_));
    if (lambda) options_.tuning.fixed = *lambda;
    joint_ = std::make_unique<JointFit>(summary_, layout_.targets(), options_);
    fill_robust();
  }

  const JointFit& joint() const { return *joint_; }
  const Vector& lambda() const { return options_.tuning.fixed; }
  const Matrix& hc2() const { return hc2_; }
  const Matrix& hc3() const { return hc3_; }

  // Satterthwaite degrees of freedom of a'coefficients: every coefficient and judge weight costs
  // one, strata share the cost.
  double df(const Vector& a) const {
    const auto n_strata = static_cast<double>(summary_->n_strata);
    const double spent = 1.0 + (layout_.n_coefficients - 1.0 + rank_) / n_strata;
    double variance = 0.0, denominator = 0.0;
    for (std::size_t h = 0; h < summary_->n_strata; ++h) {
      const Matrix row = a.transpose() * psi_map(h);
      const double labelled = cross_of_map(moments(h).labelled, row)(0, 0);
      const double rest = cross_of_map(moments(h).unlabelled, row)(0, 0);
      const TargetStratum& s = joint_->fits()[0].strata[h];
      const double left = std::max(s.residual - spent, 1.0);
      variance += labelled + rest;
      denominator += summary_->layout.known_prob
                         ? (labelled + rest) * (labelled + rest) / left
                         : labelled * labelled / left +
                               rest * rest / std::max(moments(h).unlabelled.n - 1.0, 1.0);
    }
    return variance > 0.0 ? std::max(variance * variance / denominator, 1.0) : 1.0;
  }

 private:
  const StratumMoments& moments(std::size_t h) const {
    return summary_->moments(summary_->at(h, 0), options_.influence.estimand);
  }

  // Influences of all coefficients, as a map of u.
  Matrix psi_map(std::size_t h) const {
    Matrix out(layout_.n_coefficients, summary_->layout.size());
    for (int k = 0; k < out.rows(); ++k) out.row(k) = stratum(*joint_, k, h).psi;
    return out;
  }
  static const TargetStratum& stratum(const JointFit& fit, int k, std::size_t h) {
    return fit.fits()[static_cast<std::size_t>(k)].strata[h];
  }

  // Coefficients count by their variances without a judge, so that their units do not matter.
  void weigh(const JointFit& plain) {
    const int m = layout_.n_judges;
    scale_ = Vector::Ones(layout_.n_coefficients);
    for (int k = 0; k < scale_.size(); ++k) {
      if (plain.vcov()(k, k) > 0.0) scale_[k] = plain.vcov()(k, k);
    }
    root_ = Matrix::Zero(0, m);
    if (m == 0) return;
    Matrix G = Matrix::Zero(m, m);
    Vector c = Vector::Zero(m);
    for (std::size_t h = 0; h < summary_->n_strata; ++h) {
      for (int k = 0; k < scale_.size(); ++k) {
        const TargetStratum& s = stratum(plain, k, h);
        Matrix both(1 + m, s.psi_y.cols());
        both << s.psi_y, s.psi_f;
        const Matrix products =
            (cross_of_map(moments(h).labelled, both) + cross_of_map(moments(h).unlabelled, both)) /
            scale_[k];
        G += products.bottomRightCorner(m, m);
        c += products.block(1, 0, m, 1);
      }
    }
    const Indices keep = independent_columns(G);
    rank_ = static_cast<double>(keep.size());
    const double base = std::max(plain.fits()[0].base(), 2.0);
    root_ = inverse_root(shrunk(G, rank_, base), keep);
    options_.tuning.fixed = apply(root_.transpose(), apply(root_, c));
  }

  // What a unit's labels had to do with the weights and with the coefficients.
  double leverage(std::size_t h, const Vector& u) const {
    const int at = layout_.n_coefficients;
    double q = u[Layout::labelled_y + at] + moments(h).origin[at] * u[Layout::labelled];
    for (int k = 0; k < layout_.n_coefficients && root_.rows() > 0; ++k) {
      q += apply(root_, stratum(*joint_, k, h).psi_f * u).squaredNorm() / scale_[k];
    }
    return std::clamp(q, 0.0, highest_leverage);
  }

  void fill_robust() {
    hc2_ = hc3_ = joint_->vcov();
    for (std::size_t h = 0; h < summary_->n_strata; ++h) {
      const std::size_t cell = summary_->at(h, 0);
      const StoredUnits& units = summary_->cells[cell].units;
      const Matrix map = psi_map(h);
      for (std::size_t i = 0; i < units.size(); ++i) {
        if (!units.is_labelled(i)) continue;
        const Vector u = summary_->unit(cell, i, options_.influence.estimand);
        const double left = 1.0 - leverage(h, u);
        const Vector psi = map * u;
        const Matrix square = psi * psi.transpose();
        hc2_ += square * (1.0 / left - 1.0);
        hc3_ += square * (1.0 / (left * left) - 1.0);
      }
    }
  }

  std::shared_ptr<const LabelSummary> summary_;
  ScoreLayout layout_;
  MeanOptions options_;
  std::unique_ptr<JointFit> joint_;
  Vector scale_;
  Matrix root_;  // leverage of a unit on the weights = |root psi_f|^2 over scale, added up
  double rank_ = 0.0;
  Matrix hc2_, hc3_;
};

}  // namespace judicious

// Several estimates from one summary, with their covariance: responses that share judges, and
// groups whose clusters they share (many.md of the design, sections 2 and 4; statistics vignette).
//
// The parts, from below: target_fit (one estimate), joint_units (the units of several groups),
// cell_maps (linear maps of units), joint_targets (the estimates beside the units), and made of
// these joint_covariance, joint_classes and joint_df, joint_contrast.
#pragma once

#include <judicious/estimate/joint_contrast.hpp>

namespace judicious {

class JointFit {
 public:
  JointFit(std::shared_ptr<const LabelSummary> summary, std::vector<Target> targets,
           MeanOptions options)
      : targets_(std::move(summary), std::move(targets), std::move(options)),
        covariance_(targets_) {}

  int size() const { return static_cast<int>(fits().size()); }
  const LabelSummary& summary() const { return targets_.units.summary(); }
  const std::vector<TargetFit>& fits() const { return targets_.fits; }
  const Matrix& vcov() const { return covariance_.plain; }
  const Matrix& hc2() const { return covariance_.hc2; }
  const Matrix& hc3() const { return covariance_.hc3; }
  double variance_labels_only(std::size_t p) const {
    const Vector a = Vector::Unit(size(), static_cast<int>(p));
    return sum_of_squares(targets_.units, targets_.combine(a, &TargetStratum::psi_y));
  }

  double value(const Vector& a) const {
    double out = 0.0;
    for (int p = 0; p < a.size(); ++p) out += a[p] * fits()[static_cast<std::size_t>(p)].estimate;
    return out;
  }

  // Satterthwaite degrees of freedom of a'theta.
  double df(const Vector& a) const { return combination_df(targets_, a); }

  // base + a'theta with the judges' weights that are best for it, one set for all strata.
  ContrastFit contrast(const Vector& a, double base = 0.0) const {
    return fit_contrast(targets_, a, base);
  }

  // Share of labelled units that two estimates have in common: n_AB / sqrt(n_A n_B).
  double label_overlap(std::size_t p, std::size_t q) const {
    return targets_.units.label_overlap(fits()[p].target.group, fits()[q].target.group);
  }

  // Whether any variance is borrowed from other strata.
  bool borrows() const { return targets_.borrows(); }

 private:
  JointTargets targets_;
  JointCovariance covariance_;
};

}  // namespace judicious

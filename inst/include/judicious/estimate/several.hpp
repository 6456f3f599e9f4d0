// Several estimates of one summary, and differences and ratios of them, as inferences: what one
// mean has, so that intervals, tests and effective sizes of all are made in one place.
#pragma once

#include <judicious/estimate/inference.hpp>
#include <judicious/estimate/several_verdict.hpp>

namespace judicious {

// The guard of the effective size counts events of the difference, of which there are twice the
// kinds on twice the range.
constexpr double difference_guard = 0.25;
// From this share of labels in common, a difference has judge weights of its own: those of its two
// means add noise that the pairing has taken away.
constexpr double overlap_for_own_weights = 0.5;

// Labels that a difference of two means is worth without a judge.
inline double difference_base(double first, double second, double overlap) {
  const double inverse =
      1.0 / (first * first) + 1.0 / (second * second) - overlap / (first * second);
  return std::max(1.0 / std::sqrt(inverse), 1.0);
}

class Several {
 public:
  Several(const std::shared_ptr<const LabelSummary>& summary, const std::vector<Target>& targets,
          const MeanOptions& options, const Reporting& reporting, const LowestProbs& lowest = {})
      : joint_(summary, targets, options),
        published_(reporting.published),
        verdict_(!lowest.empty()) {
    for (std::size_t p = 0; p < targets.size(); ++p) {
      const MeanEstimation one =
          target_estimation(*summary, targets[p], options, verdict_ ? &lowest[p] : nullptr);
      if (!one.result.identified) throw std::domain_error("A group has too few labels.");
      parts_.push_back(infer(one.result, one.options(), reporting));
    }
  }

  const JointFit& joint() const { return joint_; }

  // Paired labels are compared with the judge weights that are best for the difference.
  bool has_best_weights(std::size_t p, std::size_t q) const {
    return !published_ && !joint_.borrows() &&
           joint_.label_overlap(p, q) >= overlap_for_own_weights;
  }

  Inference difference(std::size_t p, std::size_t q, bool best) const {
    const Inference &first = parts_[p], &second = parts_[q];
    Inference out = combination(unit(p) - unit(q), 0.0, best);
    describe_pair(out, p, q);
    out.n_base = difference_base(first.n_base, second.n_base, joint_.label_overlap(p, q));
    out.labels.lowest = first.labels.lowest - second.labels.highest;
    out.labels.highest = first.labels.highest - second.labels.lowest;
    if (!same_range(first, second)) return out;
    const double range = first.range->high - first.range->low;
    set_range(out, {-range, range});
    out.guard_share = difference_guard;
    return out;
  }

  // Of any two means, each with its own judge weights.
  Inference ratio(std::size_t p, std::size_t q) const {
    const double bottom = value(q), r = value(p) / bottom;
    Inference out = combination((unit(p) - r * unit(q)) / bottom, 0.0, false);
    out.fit.estimate = out.p0 = r;
    describe_pair(out, p, q);
    out.n_base = std::min(parts_[p].n_base, parts_[q].n_base);
    out.labels.lowest = std::min(parts_[p].labels.lowest, parts_[q].labels.lowest);
    out.labels.highest = std::max(parts_[p].labels.highest, parts_[q].labels.highest);
    return out;
  }

  // The share of 0/1 labels q that are p as well: one step from the ratio of the means, with judge
  // weights of its own. Nothing where no label of q is 1.
  std::optional<Inference> share_of(std::size_t p, std::size_t q) const {
    const double alone_top = parts_[p].labels_only.estimate;
    const double alone_bottom = parts_[q].labels_only.estimate;
    if (!(alone_bottom > 0.0)) return std::nullopt;
    const double bottom = value(q) > 0.0 ? value(q) : alone_bottom;
    const double r = value(p) / bottom;
    const bool best = !published_ && !joint_.borrows();
    Inference out = combination((unit(p) - r * unit(q)) / bottom, r, best);
    if (published_) out.fit.estimate = r;
    describe_pair(out, p, q);
    out.pair.reset();
    // Verdicts by which rows are drawn may matter to either part.
    const double base = verdict_ ? std::min(parts_[p].n_base, parts_[q].n_base) : parts_[q].n_base;
    out.n_base = std::max(base * alone_bottom, 1.0);
    out.p0 = std::clamp(alone_top / alone_bottom, 0.0, 1.0);
    set_range(out, {0.0, 1.0});
    return out;
  }

  // value + a'(theta - E theta), for the gradient a of a smooth function of shares.
  Inference smooth(const Vector& a, double value_here) const {
    Inference out = combination(a, 0.0, false);
    out.fit.estimate = out.p0 = value_here;
    for (int p = 0; p < a.size(); ++p) {
      if (a[p] == 0.0) continue;
      const Inference& part = parts_[static_cast<std::size_t>(p)];
      out.n_true = std::max(out.n_true, part.n_true);
      out.n_base = out.n_base > 0.0 ? std::min(out.n_base, part.n_base) : part.n_base;
      out.known_prob = part.known_prob;
    }
    out.n_cap = std::numeric_limits<double>::infinity();
    set_range(out, {0.0, 1.0});
    return out;
  }

 private:
  Vector unit(std::size_t p) const { return Vector::Unit(joint_.size(), static_cast<int>(p)); }
  double value(std::size_t p) const { return joint_.fits()[p].estimate; }

  static bool same_range(const Inference& a, const Inference& b) {
    return a.range && b.range && a.range->low == b.range->low && a.range->high == b.range->high;
  }

  // Labels at both ends: a number of events describes them.
  static void set_range(Inference& x, const Interval& range) {
    x.range = x.prediction = range;
    x.labels = {range.low, range.high, range.low == 0.0 && range.high == 1.0, true};
  }

  // a'theta, at the estimates' own judge weights or at those best for it. What rounding leaves of
  // parts that cancel is no variance.
  Inference combination(const Vector& a, double base, bool best) const {
    Inference out;
    out.published = published_;
    const double apart = a.cwiseAbs2().dot(joint_.vcov().diagonal());
    const auto variance = [&](double v) { return v > 1e-13 * apart ? v : 0.0; };
    if (best) {
      const ContrastFit fit = joint_.contrast(a, base);
      const Variances& v = fit.variance;
      out.fit = {fit.estimate, variance(v.plain), variance(v.hc2), variance(v.hc3), fit.df, 0.0};
      out.p0 = fit.p0;
      return out;
    }
    Indices parts;  // few of many groups
    for (int p = 0; p < a.size(); ++p) {
      if (a[p] != 0.0) parts.push_back(p);
    }
    const auto of = [&](const Matrix& v) {
      double sum = 0.0;
      for (const int p : parts) {
        for (const int q : parts) sum += a[p] * v(p, q) * a[q];
      }
      return variance(sum);
    };
    out.fit = {base + joint_.value(a), of(joint_.vcov()), of(joint_.hc2()),
               of(joint_.hc3()),       joint_.df(a),      0.0};
    for (int p = 0; p < a.size(); ++p) out.p0 += a[p] * parts_[static_cast<std::size_t>(p)].p0;
    return out;
  }

  void describe_pair(Inference& out, std::size_t p, std::size_t q) const {
    const Inference &first = parts_[p], &second = parts_[q];
    const bool rows_shared = joint_.fits()[p].target.group == joint_.fits()[q].target.group;
    out.n_true = rows_shared ? first.n_true : first.n_true + second.n_true;
    out.n_cap = rows_shared ? first.n_cap : std::numeric_limits<double>::infinity();
    out.known_prob = first.known_prob || second.known_prob;
    const auto i = static_cast<int>(p), j = static_cast<int>(q);
    out.pair =
        PairParts{bounded(first, p), bounded(second, q), joint_.hc2()(i, j), joint_.hc3()(i, j)};
  }

  // Also of an estimate without bounds, whose interval is not asked for.
  BoundedMean bounded(const Inference& x, std::size_t p) const {
    if (x.range) return bounded_mean(x);
    return {value(p), x.p0, x.fit.hc2, x.n_base, x.n_cap, 0.0, 1.0, x.fit.hc3, x.known_prob};
  }

  JointFit joint_;
  bool published_, verdict_;
  std::vector<Inference> parts_;
};

}  // namespace judicious

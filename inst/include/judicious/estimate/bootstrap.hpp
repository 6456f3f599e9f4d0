// Predict-Then-Debias bootstrap (Kluger et al. 2025, arXiv:2501.18577) for every
// design of this library. Only labelled units are resampled; the others, of which
// there are many, enter through the normal limit of their totals. With known
// prob, a resample of all units holds a binomial number of labelled ones, so a
// replicate costs as much as the labels, not as the rows.
#pragma once

#include <array>
#include <judicious/estimate/intervals.hpp>
#include <judicious/estimate/mean.hpp>
#include <judicious/numeric/quantile.hpp>
#include <judicious/numeric/variates.hpp>
#include <map>
#include <stdexcept>

namespace judicious {

// What a resample of one stratum needs. Labelled units that are alike are one kind where there are
// few kinds: then their counts are drawn, not they themselves.
struct BootstrapStratum {
  std::size_t n = 0;           // labelled units
  std::vector<double> values;  // units or kinds x varying: the entries of u that differ
  std::vector<double> sizes;   // kinds: units of each; else empty
  std::vector<int> varying;    // positions of those entries
  Vector constant;             // the other entries of u, the same for every labelled unit
  double n_units = 0.0;
  double n_others = 0.0;
  Vector others_mean;  // of u over units without a labelled row
  Matrix others_root;  // root of the covariance of u over them
};

// What a replicate writes on, made once for many.
struct BootstrapScratch {
  Vector total;
  std::vector<double> counts;
};

inline Matrix covariance_root(const Moments& m) {
  if (m.n < 2.0) return Matrix::Zero(m.mean.size(), 0);
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(m.cross / (m.n - 1.0));
  const Vector roots = eigen.eigenvalues().cwiseMax(0.0).cwiseSqrt();
  const Matrix root = eigen.eigenvectors() * roots.asDiagonal();
  const int used = static_cast<int>((roots.array() > 1e-12 * (roots.maxCoeff() + 1e-300)).count());
  return root.rightCols(used);
}

inline std::vector<int> positions(int n) {
  std::vector<int> out(static_cast<std::size_t>(n));
  std::iota(out.begin(), out.end(), 0);
  return out;
}

inline std::vector<BootstrapStratum> empty_strata(const std::vector<StratumMoments>& moments,
                                                  const Layout& layout) {
  std::vector<BootstrapStratum> out(moments.size());
  for (std::size_t h = 0; h < moments.size(); ++h) {
    out[h].constant = Vector::Zero(layout.size());
    out[h].n_units = moments[h].n_units();
    out[h].n_others = moments[h].unlabelled.n;
    out[h].others_mean = moments[h].unlabelled.mean;
    out[h].others_root = covariance_root(moments[h].unlabelled);
  }
  return out;
}

// Puts units that are alike together where there are few kinds of them, the largest first: fewer
// draws are then left for the others.
inline void group_kinds(BootstrapStratum& s) {
  const std::size_t width = s.varying.size(), most = s.n / items_per_binomial;
  std::map<std::vector<double>, double> kinds;
  for (std::size_t i = 0; i < s.n; ++i) {
    const auto unit = s.values.begin() + static_cast<std::ptrdiff_t>(i * width);
    kinds[std::vector<double>(unit, unit + static_cast<std::ptrdiff_t>(width))] += 1.0;
    if (kinds.size() >= most) return;
  }
  std::vector<std::pair<double, const std::vector<double>*>> order;
  for (const auto& [unit, size] : kinds) order.emplace_back(size, &unit);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  s.values.clear();
  for (const auto& [size, unit] : order) {
    s.sizes.push_back(size);
    s.values.insert(s.values.end(), unit->begin(), unit->end());
  }
}

// The labelled units of every stratum, as the entries of u that differ between them.
inline std::vector<BootstrapStratum> labelled_units(const MeanEstimation& fit) {
  const LabelSummary& summary = fit.summary();
  const Layout& layout = summary.layout;
  auto out = empty_strata(fit.result.moments, layout);
  for (std::size_t h = 0; h < out.size(); ++h) {
    BootstrapStratum& s = out[h];
    s.varying = summary.clustered ? positions(layout.size()) : LabelledRows::varying(layout);
    if (!summary.clustered) {
      s.constant[layout.known_prob ? layout.rest() : Layout::labelled] = 1.0;
    }
    const std::size_t cell = summary.at(h, fit.group());
    const StoredUnits& units = summary.cells[cell].units;
    if (!units.complete) {
      throw std::domain_error("There are too many labels to resample one by one.");
    }
    const bool means = summary.clustered && fit.options().influence.estimand == Estimand::clusters;
    Vector u(layout.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (!units.is_labelled(i)) continue;
      summary.read_unit(cell, i, u);
      if (means) to_unit_means(layout, u);
      for (int position : s.varying) s.values.push_back(u[position]);
      ++s.n;
    }
    group_kinds(s);
  }
  return out;
}

// The sum of the units visited, `Width` numbers each. Plain numbers: compilers keep them in
// registers, which they do not always do with Eigen's small vectors. Two sums take turns, so that
// neither waits for the other.
template <int Width>
struct UnitSum {
  const double* values;
  std::array<double, Width> sum{}, second_sum{};

  void operator()(std::size_t i) { add(i, sum); }
  void second(std::size_t i) { add(i, second_sum); }
  double total(std::size_t k) const { return sum[k] + second_sum[k]; }

 private:
  void add(std::size_t i, std::array<double, Width>& to) const {
    const double* unit = values + i * Width;
    for (std::size_t k = 0; k < Width; ++k) to[k] += unit[k];
  }
};

// Of any width, where memory is no matter.
struct AnyUnitSum {
  const double* values;
  std::vector<double> sum;

  void operator()(std::size_t i) {
    const double* unit = values + i * sum.size();
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += unit[k];
  }
  double total(std::size_t k) const { return sum[k]; }
};

// Sums of `draws` units drawn with replacement.
template <class Sum, class Generator>
void sum_draws(Generator& rng, const BootstrapStratum& s, std::size_t draws, Sum zero,
               Vector& total) {
  const Sum units = draw_indices(rng, s.n, draws, std::move(zero));
  for (std::size_t k = 0; k < units.sum.size(); ++k) total[s.varying[k]] = units.total(k);
}

template <class Generator>
void sum_draws(Generator& rng, const BootstrapStratum& s, std::size_t draws, Vector& total) {
  const double* values = s.values.data();
  switch (s.varying.size()) {
    case 1:
      return sum_draws(rng, s, draws, UnitSum<1>{values}, total);
    case 2:
      return sum_draws(rng, s, draws, UnitSum<2>{values}, total);
    case 3:
      return sum_draws(rng, s, draws, UnitSum<3>{values}, total);
    case 4:
      return sum_draws(rng, s, draws, UnitSum<4>{values}, total);
    default:
      return sum_draws(rng, s, draws, AnyUnitSum{values, std::vector<double>(s.varying.size())},
                       total);
  }
}

// The same of units known by their kinds.
template <class Generator>
void sum_kinds(Generator& rng, const BootstrapStratum& s, std::size_t draws,
               BootstrapScratch& scratch) {
  const std::size_t width = s.varying.size();
  scratch.counts.resize(s.sizes.size());
  multinomial_variate(rng, s.sizes, static_cast<double>(s.n), draws, scratch.counts);
  for (std::size_t k = 0; k < width; ++k) scratch.total[s.varying[k]] = 0.0;
  for (std::size_t i = 0; i < s.sizes.size(); ++i) {
    for (std::size_t k = 0; k < width; ++k) {
      scratch.total[s.varying[k]] += scratch.counts[i] * s.values[i * width + k];
    }
  }
}

// Totals of u over one resample of a stratum, written to scratch.total.
template <class Generator>
void resample(Generator& rng, const BootstrapStratum& s, bool known_prob,
              BootstrapScratch& scratch) {
  std::size_t draws = s.n;
  double others = s.n_others;
  if (known_prob && others > 0.0) {
    const auto n_units = static_cast<std::size_t>(s.n_units);
    draws = binomial_variate(rng, n_units, static_cast<double>(s.n) / s.n_units);
    others = static_cast<double>(n_units - draws);
  }
  Vector& total = scratch.total;
  total = static_cast<double>(draws) * s.constant;
  if (s.sizes.empty()) {
    sum_draws(rng, s, draws, total);
  } else {
    sum_kinds(rng, s, draws, scratch);
  }
  if (others == 0.0) return;
  total += others * s.others_mean;
  const double scale = std::sqrt(others);
  for (int k = 0; k < s.others_root.cols(); ++k) {
    total += scale * normal01(rng) * s.others_root.col(k);
  }
}

// (zeta, g) of one stratum as a function of the totals of u.
class StratumStatistics {
 public:
  StratumStatistics(const StratumMoments& m, const StratumInfluence& influence,
                    const Layout& layout)
      : layout_(layout), origin_(m.origin[0]) {
    const auto judges = influence.map.bottomRows(layout.n_proxies);
    usable_ = (judges.array() != 0.0).any();
    if (!layout.known_prob) return;
    difference_ = influence.difference * influence.size;
    residual_ = influence.residual.row(0) * influence.size;
    const Vector total = m.labelled.sum() + m.unlabelled.sum();
    origin_ = influence.zeta - (residual_ * total)[0] / influence.size;
  }

  // Writes zeta and g.
  void compute(const Vector& total, double* out) const {
    const int n = layout_.n_proxies;
    const double rest = total[layout_.rest()];
    Eigen::Map<Vector> g(out + 1, n);
    if (layout_.known_prob) {
      out[0] = origin_ + (residual_ * total)[0] / rest;
      g = difference_.lazyProduct(total) / rest;
      return;
    }
    const double labelled = total[Layout::labelled];
    out[0] = origin_ + total[Layout::labelled_y] / labelled;
    g.setZero();
    if (usable_) {
      g = total.segment(layout_.labelled_proxies(), n) / labelled -
          total.segment(layout_.rest_proxies(), n) / rest;
    }
  }

 private:
  Layout layout_;
  double origin_;
  bool usable_;
  Matrix difference_, residual_;
};

struct BootstrapResult {
  std::vector<double> replicates;  // of the estimate
  double estimate = 0.0;           // at the weights the bootstrap found
  TunedDesign design;
};

class Bootstrap {
 public:
  Bootstrap(const MeanEstimation& fit, std::size_t n_boot)
      : fit_(fit),
        layout_(fit.summary().layout),
        n_boot_(n_boot),
        n_strata_(fit.result.moments.size()),
        width_(1 + static_cast<std::size_t>(layout_.n_proxies)),
        strata_(labelled_units(fit)),
        values_(n_boot * n_strata_ * width_) {
    for (std::size_t h = 0; h < n_strata_; ++h) {
      statistics_.emplace_back(fit.result.moments[h], fit.result.design.strata[h].influence,
                               layout_);
    }
  }

  // One task is a fixed share of the replicates; make_stream(b) gives replicate
  // b's generator.
  template <class MakeStream>
  void draw(const MakeStream& make_stream, const Executor& run) {
    constexpr std::size_t n_tasks = 64;
    run(n_tasks, [&](std::size_t t) {
      const std::size_t end = (t + 1) * n_boot_ / n_tasks;
      BootstrapScratch scratch;
      for (std::size_t b = t * n_boot_ / n_tasks; b < end; ++b) {
        draw_one(b, make_stream(b), scratch);
      }
    });
  }

  BootstrapResult finish() const {
    BootstrapResult out;
    out.design = tune(bootstrapped_influences(), weights(), fit_.options().tuning);
    out.replicates.resize(n_boot_);
    for (std::size_t h = 0; h < n_strata_; ++h) {
      const TunedStratum& tuned = out.design.strata[h];
      const Vector a = tuned.weight * contrast(tuned.lambda);
      for (std::size_t b = 0; b < n_boot_; ++b) {
        out.replicates[b] += a.dot(Eigen::Map<const Vector>(at(b, h), static_cast<int>(width_)));
      }
    }
    for (const auto& s : out.design.strata) out.estimate += s.weight * s.theta;
    return out;
  }

 private:
  double* at(std::size_t b, std::size_t h) { return &values_[(b * n_strata_ + h) * width_]; }
  const double* at(std::size_t b, std::size_t h) const {
    return &values_[(b * n_strata_ + h) * width_];
  }

  template <class Generator>
  void draw_one(std::size_t b, Generator rng, BootstrapScratch& scratch) {
    for (std::size_t h = 0; h < n_strata_; ++h) {
      resample(rng, strata_[h], layout_.known_prob, scratch);
      statistics_[h].compute(scratch.total, at(b, h));
    }
  }

  Vector weights() const {
    Vector out(static_cast<int>(n_strata_));
    for (std::size_t h = 0; h < n_strata_; ++h) {
      out[static_cast<int>(h)] = fit_.result.design.strata[h].weight;
    }
    return out;
  }

  // The influences with the covariances of g and zeta as the bootstrap saw them.
  std::vector<StratumInfluence> bootstrapped_influences() const {
    std::vector<StratumInfluence> out;
    for (std::size_t h = 0; h < n_strata_; ++h) {
      Moments m(static_cast<int>(width_));
      ShiftedSums<Eigen::Dynamic> sums(static_cast<int>(width_));
      for (std::size_t b = 0; b < n_boot_; ++b) {
        sums.add(Eigen::Map<const Vector>(at(b, h), static_cast<int>(width_)));
      }
      m = sums.moments();
      const Matrix covariance = m.cross / (m.n - 1.0);
      StratumInfluence s = fit_.result.design.strata[h].influence;
      s.c = covariance.block(1, 0, layout_.n_proxies, 1);
      s.G_optimal = s.G_ppi = covariance.block(1, 1, layout_.n_proxies, layout_.n_proxies);
      out.push_back(std::move(s));
    }
    return out;
  }

  const MeanEstimation& fit_;
  Layout layout_;
  std::size_t n_boot_, n_strata_, width_;
  std::vector<BootstrapStratum> strata_;
  std::vector<StratumStatistics> statistics_;
  std::vector<double> values_;  // (zeta, g) by replicate and stratum
};

// Lower-tail probabilities of the bias-corrected and accelerated interval (Efron
// 1987), from the share of replicates below the estimate and the acceleration.
inline Interval bca_probabilities(const std::vector<double>& replicates, double estimate,
                                  double acceleration, double conf_level) {
  double below = 0.0;
  for (double x : replicates) below += x < estimate ? 1.0 : (x == estimate ? 0.5 : 0.0);
  const double n = static_cast<double>(replicates.size());
  const double z0 = normal_quantile(std::min(std::max(below, 0.5), n - 0.5) / n);
  const auto adjusted = [&](double p) {
    const double z = z0 + normal_quantile(p);
    return normal_cdf(z0 + z / (1.0 - acceleration * z));
  };
  const double alpha = 0.5 * (1.0 - conf_level);
  return {adjusted(alpha), adjusted(1.0 - alpha)};
}

// Percentile interval (type 7 quantiles); if the acceleration is not NaN, bias-
// corrected and accelerated.
inline Interval bootstrap_interval(std::vector<double> replicates, double estimate,
                                   double acceleration, double conf_level) {
  Interval at{0.5 * (1.0 - conf_level), 0.5 * (1.0 + conf_level)};
  if (!std::isnan(acceleration)) {
    at = bca_probabilities(replicates, estimate, acceleration, conf_level);
  }
  return {quantile(replicates, at.low), quantile(std::move(replicates), at.high)};
}

}  // namespace judicious

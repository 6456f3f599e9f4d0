// A mean watched over time: an estimate per batch, whose judge weights come from earlier batches
// only, and a bound on the running mean that holds at all batches at once.
//   Published: Waudby-Smith et al. (2024), Annals of Statistics 52, as in Zhang et al. (2026).
//   Repaired: the variance of a batch is pooled over all labelled units so far and holds one more
//   event of every kind, so that a batch without events is not taken for one without variance.
#pragma once

#include <algorithm>
#include <judicious/estimate/batches.hpp>
#include <limits>

namespace judicious {

enum class MonitorRule { repaired, published };
enum class MonitorSide { above, below, both };
enum class BatchWeights { equal, precision, rows };

struct MonitorOptions {
  MonitorRule rule = MonitorRule::repaired;
  MonitorSide side = MonitorSide::above;
  bool tuned = true;
  Vector fixed;  // weights of the judges where they are not tuned
  double threshold = 0.0;
  double error = 0.05;       // share of streams that may ever be wrong
  double range = 0.0;        // of the metric; 0: not known
  std::size_t tune_at = 10;  // the bound is tightest there
  double planned_variance = std::numeric_limits<double>::quiet_NaN();  // at tune_at, declared
  BatchWeights weights = BatchWeights::equal;
  std::size_t window = 0;    // batches a block; 0: no blocks
  std::size_t n_blocks = 0;  // planned; 0: endless
};

struct BatchFit {
  bool used = false;
  Vector lambda;
  double estimate = std::numeric_limits<double>::quiet_NaN();
  double variance = std::numeric_limits<double>::quiet_NaN();
  double weight = 0.0;
};

// What is said of the mean of several batches after one more.
struct RunningBound {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool alarm = false;
};

struct MonitorFit {
  std::vector<BatchFit> batches;
  std::vector<RunningBound> running;  // since the start
  std::vector<RunningBound> block;    // since the start of the block; empty without blocks
};

namespace monitor_detail {

inline double square(double x) { return x * x; }

// Judge weights from the batches before.
class EarlierBatches {
 public:
  EarlierBatches(const MonitorOptions& options, int n_judges)
      : options_(options),
        m_(n_judges),
        G_(Matrix::Zero(m_, m_)),
        c_(Vector::Zero(m_)),
        values_(1 + m_),
        judges_(m_) {}

  Vector lambda() const {
    if (!options_.tuned) return options_.fixed;
    if (options_.rule == MonitorRule::published) return published();
    const Indices keep = independent_columns(G_);
    const Matrix root = inverse_root(G_, keep);
    return keep.empty() ? Vector(Vector::Zero(m_)) : Vector(root.transpose() * (root * c_));
  }

  void add(const Batch& batch) {
    const Matrix all = batch.labelled + batch.rest;
    G_ += all.bottomRightCorner(m_, m_);
    c_ += all.block(1, 0, m_, 1);
    values_.merge(batch.values);
    judges_.merge(batch.judges);
  }

 private:
  // cov_L(y, f) / ((1 + n/N) var(f)) over all rows; the first batch trusts its judge.
  Vector published() const {
    Vector out = Vector::Ones(m_);
    if (values_.n == 0.0 || m_ == 0) return out;
    const double n = values_.n, others = judges_.n - n;
    const double covariance = values_.cross(0, 1) / (n - 1.0);
    const double variance = judges_.cross(0, 0) / (judges_.n - 1.0);
    out[0] = variance > 0.0 ? covariance / ((1.0 + n / others) * variance) : 0.0;
    return out;
  }

  const MonitorOptions& options_;
  int m_;
  Matrix G_;
  Vector c_;
  Moments values_, judges_;
};

// Residual sums of squares of all labelled units so far, at any judge weights.
class PooledResiduals {
 public:
  explicit PooledResiduals(int n_judges) : squares_(Matrix::Zero(1 + n_judges, 1 + n_judges)) {}

  void add(const Batch& batch) {
    const double df = std::max(batch.n_units - 1.0, 0.0);
    squares_ += batch.n_units * df * batch.labelled;
    df_ += df;
  }
  bool known() const { return df_ > 0.0; }
  // Per labelled unit, with one event of each kind on top.
  double variance(const Vector& a, double range) const {
    return (a.dot(squares_ * a) + square(range) * a.squaredNorm()) / df_;
  }

 private:
  Matrix squares_;
  double df_ = 0.0;
};

inline double batch_weight(const Batch& batch, BatchWeights weights) {
  if (weights == BatchWeights::equal) return 1.0;
  return weights == BatchWeights::rows ? batch.n_rows : batch.worth;
}

inline Vector residual_of(const Vector& lambda) {
  Vector a(1 + lambda.size());
  a[0] = 1.0;
  a.tail(lambda.size()) = -lambda;
  return a;
}

// The published rule asks for two labelled and, with a judge, two other rows of every batch.
inline bool enough_for_published(const Batch& batch) {
  return batch.n_true >= 2.0 && (batch.g.size() == 0 || batch.n_rows - batch.n_true >= 2.0);
}

inline std::vector<BatchFit> fit_batches(const std::vector<Batch>& batches,
                                         const MonitorOptions& options) {
  const int m = batches.empty() ? 0 : static_cast<int>(batches[0].g.size());
  const bool published = options.rule == MonitorRule::published;
  EarlierBatches earlier(options, m);
  PooledResiduals residuals(m);
  std::vector<BatchFit> out(batches.size());
  for (std::size_t t = 0; t < batches.size(); ++t) {
    const Batch& batch = batches[t];
    BatchFit& fit = out[t];
    if (!batch.usable || (published && !enough_for_published(batch))) continue;
    residuals.add(batch);
    if (!published && !residuals.known()) continue;
    fit.used = true;
    fit.lambda = earlier.lambda();
    const Vector a = residual_of(fit.lambda);
    fit.estimate = batch.zeta - fit.lambda.dot(batch.g);
    fit.variance = a.dot(batch.rest * a);
    fit.variance += published ? a.dot(batch.labelled * a)
                              : residuals.variance(a, options.range) / batch.n_units;
    fit.weight = batch_weight(batch, options.weights);
    earlier.add(batch);
  }
  return out;
}

// The boundary of a running sum of independent parts, tightest where its variance is `tightest`
// (Robbins' normal mixture).
class Boundary {
 public:
  Boundary(double tightest, double error, MonitorSide side)
      : two_sided_(side == MonitorSide::both), error_(error) {
    const double k = -2.0 * std::log(two_sided_ ? error : 2.0 * error);
    rho2_ = (k + std::log(k + 1.0)) / tightest;
  }
  double operator()(double variance) const {
    const double x = variance * rho2_ + 1.0;
    const double tail = two_sided_ ? std::log(std::sqrt(x) / error_)
                                   : std::log(1.0 + std::sqrt(x) / (2.0 * error_));
    return std::sqrt(2.0 * x / rho2_ * tail);
  }

 private:
  bool two_sided_;
  double error_, rho2_;
};

// Sum of the weighted variances of the first `count` used batches in [first, last).
inline double variance_after(const std::vector<BatchFit>& fits, std::size_t first, std::size_t last,
                             std::size_t count) {
  double out = 0.0;
  for (std::size_t t = first; t < last && count > 0; ++t) {
    if (!fits[t].used) continue;
    out += square(fits[t].weight) * fits[t].variance;
    --count;
  }
  return out;
}

// Bounds after every batch in [first, last). A batch that is not used moves nothing.
inline void add_bounds(const std::vector<BatchFit>& fits, std::size_t first, std::size_t last,
                       double tightest, double error, const MonitorOptions& options,
                       std::vector<RunningBound>& out) {
  const Boundary boundary(tightest, error, options.side);
  double weight = 0.0, sum = 0.0, variance = 0.0;
  RunningBound now;
  for (std::size_t t = first; t < last; ++t) {
    const BatchFit& fit = fits[t];
    if (fit.used) {
      weight += fit.weight;
      sum += fit.weight * fit.estimate;
      variance += square(fit.weight) * fit.variance;
      const double half = boundary(variance) / weight;
      now.mean = sum / weight;
      if (options.side != MonitorSide::below) now.low = now.mean - half;
      if (options.side != MonitorSide::above) now.high = now.mean + half;
      now.alarm = now.low > options.threshold || now.high < options.threshold;
    }
    out.push_back(now);
  }
}

// The error of block k of B, or of endlessly many: the sum is the error of all.
inline double block_error(double error, std::size_t k, std::size_t n_blocks) {
  if (n_blocks > 0) return error / static_cast<double>(n_blocks);
  constexpr double sum_of_inverse_squares = 1.6449340668482264;  // pi^2 / 6
  return error / (sum_of_inverse_squares * square(static_cast<double>(k + 1)));
}

// Blocks restart; where a block will be tightest is known from the one before.
inline void add_blocks(const std::vector<BatchFit>& fits, double error,
                       const MonitorOptions& options, MonitorFit& out) {
  const std::size_t K = options.window;
  double before = options.planned_variance * static_cast<double>(std::min(K, options.tune_at)) /
                  static_cast<double>(options.tune_at);
  for (std::size_t first = 0, k = 0; first < fits.size(); first += K, ++k) {
    const std::size_t last = std::min(first + K, fits.size());
    const double own = variance_after(fits, first, last, std::min(K, options.tune_at));
    const double tightest = before > 0.0 ? before : own;
    add_bounds(fits, first, last, tightest, block_error(error, k, options.n_blocks), options,
               out.block);
    before = own;
  }
}

}  // namespace monitor_detail

// With blocks, they and the mean since the start share the error.
inline MonitorFit monitor(const std::vector<Batch>& batches, const MonitorOptions& options) {
  using namespace monitor_detail;
  MonitorFit out;
  out.batches = fit_batches(batches, options);
  const auto& fits = out.batches;
  const double error = options.window > 0 ? options.error / 2.0 : options.error;
  const double tightest = std::isnan(options.planned_variance)
                              ? variance_after(fits, 0, fits.size(), options.tune_at)
                              : options.planned_variance;
  add_bounds(fits, 0, fits.size(), tightest, error, options, out.running);
  if (options.window > 0) add_blocks(fits, error, options, out);
  return out;
}

}  // namespace judicious

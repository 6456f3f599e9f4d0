// The effective size behind the beta interval, with one change at a time, on simulated data: what
// guards.R tries.
// [[Rcpp::depends(judicious, RcppEigen, dqrng)]]
// [[Rcpp::plugins(cpp17)]]
#include <RcppEigen.h>
#include <xoshiro.h>

#include <judicious/simulate/coverage.hpp>

using Generator = dqrng::xoshiro256plus;
using judicious::Inference;
using judicious::SimulatedRows;

struct Candidate {
  double least = 2.0, per_z2 = 0.5;  // guard = max(least, per_z2 z^2) + per_base / n_b
  double per_base = 0.0;
  bool hc3 = false;          // instead of HC2
  double units_share = 0.5;  // clusters: n_b = rows^(1 - share) units^share
  double df_power = 0.0;     // clusters: size times (t_{n - 1} / t_{units - 1})^(2 power)
};

Candidate candidate(const Rcpp::List& x) {
  const auto number = [&](const char* name) { return Rcpp::as<double>(x[name]); };
  return {number("least"),  number("per_z2"),      number("per_base"),
          number("hc3") > 0, number("units_share"), number("df_power")};
}

judicious::Interval interval(const Candidate& c, const Inference& x,
                             const judicious::MeanResult& result, bool clustered, double level) {
  const double z = judicious::two_sided_z(level);
  double base = x.n_base;
  if (clustered) {
    base = std::pow(result.base_rows, 1.0 - c.units_share) *
           std::pow(result.base_units, c.units_share);
  }
  const double p0 = std::clamp(x.p0, 0.0, 1.0);
  const double guard = std::max(c.least, c.per_z2 * z * z) + c.per_base / base;
  double size =
      judicious::guarded_size(base, p0 * (1.0 - p0), c.hc3 ? x.fit.hc3 : x.fit.hc2, guard);
  if (clustered && c.df_power > 0.0) {
    const auto t = [&](double n) {
      return judicious::t_quantile(0.5 + 0.5 * level, std::max(n - 1.0, 1.0));
    };
    size *= std::min(1.0, std::pow(t(x.n_true) / t(result.base_units), 2.0 * c.df_power));
  }
  size = std::clamp(size, 1.0, x.n_cap);
  const double events = std::clamp(x.fit.estimate, 0.0, 1.0) * size;
  const double alpha = 0.5 * (1.0 - level);
  return {events > 0.0 ? judicious::beta_quantile(alpha, events, size - events + 1.0) : 0.0,
          events < size ? judicious::beta_quantile(1.0 - alpha, events + 1.0, size - events) : 1.0};
}

// A judge that gives the probability of an event, and is right about it.
void calibrated_scores(std::uint64_t seed, std::size_t n, std::size_t labels, double rate,
                       double correlation, SimulatedRows& rows) {
  Generator rng(seed);
  rows.resize(n, 1);
  const double sum = 1.0 / (correlation * correlation) - 1.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double score = judicious::beta_variate(rng, rate * sum, (1.0 - rate) * sum);
    rows.y_proxy[0][i] = score;
    rows.y_true[i] = judicious::uniform01(rng) < score ? 1.0 : 0.0;
    rows.human[i] = i < labels ? rows.y_true[i] : std::numeric_limits<double>::quiet_NaN();
  }
}

// Clusters of 1 + Poisson(13.3 p) rows with mean p = .3, all of them independent: the larger a
// cluster the higher its rate. The judge is right nine times in ten. The mean over rows is .396.
void linked_clusters(std::uint64_t seed, std::size_t n_clusters, std::size_t labelled,
                     SimulatedRows& rows) {
  Generator rng(seed);
  std::vector<double> y, f;
  std::vector<int> cluster;
  for (std::size_t c = 0; c < n_clusters; ++c) {
    const double u = judicious::uniform01(rng), w = judicious::uniform01(rng);
    const double rate = 0.45 * (u * u + w * w);
    int size = 0;
    const double least = std::exp(-13.3 * rate);
    for (double left = 1.0; left > least; ++size) left *= judicious::uniform01(rng);
    for (int i = 0; i < size; ++i) {
      y.push_back(judicious::uniform01(rng) < rate ? 1.0 : 0.0);
      f.push_back(judicious::uniform01(rng) < 0.9 ? y.back() : 1.0 - y.back());
      cluster.push_back(static_cast<int>(c) + 1);
    }
  }
  rows.resize(y.size(), 1);
  rows.cluster = cluster;
  rows.n_clusters = n_clusters;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const bool seen = cluster[i] <= static_cast<int>(labelled);
    rows.y_true[i] = y[i];
    rows.y_proxy[0][i] = f[i];
    rows.human[i] = seen ? y[i] : std::numeric_limits<double>::quiet_NaN();
  }
}

// How data sets of a cell are made and estimated.
struct Cell {
  std::string design;
  double rate, flags, correlation;
  std::size_t n = 2000, labels;
  judicious::RowModel model;
  judicious::LabelPlan plan;
  judicious::CoverageMethod method;

  explicit Cell(const Rcpp::List& x)
      : design(Rcpp::as<std::string>(x["design"])),
        rate(Rcpp::as<double>(x["rate"])),
        flags(Rcpp::as<double>(x["flags"])),
        correlation(Rcpp::as<double>(x["correlation"])),
        labels(static_cast<std::size_t>(Rcpp::as<double>(x["labels"]))) {
    using judicious::LabelDraw;
    method.clusters = design == "clusters" || design == "linked";
    method.prob = design == "flags" || design == "uncertainty";
    method.options.influence.clustered = method.clusters;
    if (Rcpp::as<double>(x["judge"]) > 0) method.judges = {0};
    plan.n = {labels};
    if (design == "scores" || design == "linked") return;
    const double detail = Rcpp::as<double>(x["detail"]);
    const auto binary = judicious::binary_model(rate, {flags}, {correlation});
    if (design == "clusters") {
      model = judicious::BinaryClusterRows{binary, n, 200, 1.0 - detail};
      plan.draw = LabelDraw::clusters;
    } else if (design == "uncertainty") {
      model = judicious::BinaryActiveRows{rate, flags, correlation, n};
      plan.draw = LabelDraw::independent;
    } else {
      model = judicious::BinaryRows{binary, n};
      plan.draw = method.prob ? LabelDraw::independent : LabelDraw::rows;
      plan.oversample = method.prob ? detail : 1.0;
    }
  }

  void simulate(std::uint64_t seed, SimulatedRows& data) const {
    if (design == "scores") return calibrated_scores(seed, n, labels, rate, correlation, data);
    if (design == "linked") return linked_clusters(seed, 400, labels, data);
    judicious::simulate_rows<Generator>(model, plan, seed, data);
  }
};

// Coverage and mean width of every candidate (rows) at every level: one matrix each.
// [[Rcpp::export]]
Rcpp::List try_guards(Rcpp::List cell, Rcpp::List candidates, std::vector<double> levels,
                      double n_rep, double seed) {
  using namespace judicious;
  const Cell c(cell);
  const int n_candidates = static_cast<int>(candidates.size());
  const int n_levels = static_cast<int>(levels.size());
  Rcpp::NumericMatrix hits(n_candidates, n_levels), width(n_candidates, n_levels);
  double n_used = 0.0;
  SimulatedRows data;
  for (double i = 0.0; i < n_rep; i += 1.0) {
    c.simulate(stream_seed(static_cast<std::uint64_t>(seed), static_cast<std::uint64_t>(i)), data);
    Rcpp::checkUserInterrupt();
    const Rows rows = coverage_detail::visible_rows(data, c.method);
    MeanEstimation estimation(rows, c.method.options, 1, serial_executor());
    if (!estimation.can_estimate()) continue;
    estimation.estimate();
    const Inference x = infer(estimation.result, c.method.clusters, c.method.reporting);
    n_used += 1.0;
    for (int k = 0; k < n_candidates; ++k) {
      for (int l = 0; l < n_levels; ++l) {
        const auto ci = interval(candidate(candidates[k]), x, estimation.result, c.method.clusters,
                                 levels[static_cast<std::size_t>(l)]);
        hits(k, l) += ci.low <= c.rate && c.rate <= ci.high;
        width(k, l) += ci.high - ci.low;
      }
    }
  }
  return Rcpp::List::create(Rcpp::_["coverage"] = hits / n_used, Rcpp::_["width"] = width / n_used);
}

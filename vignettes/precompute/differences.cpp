// Data sets of two systems that answer the same or separate items, and the intervals of the
// difference of their rates. For differences.R.
// [[Rcpp::depends(judicious, RcppEigen, dqrng)]]
// [[Rcpp::plugins(cpp17)]]
#include <RcppEigen.h>
#include <xoshiro.h>

#include <judicious/estimate/several.hpp>

namespace {

using judicious::bernoulli;
using judicious::normal01;
using judicious::uniform01;
using Generator = dqrng::xoshiro256plus;

struct Cell {
  std::string design;
  int n, n_items;
  double rate_a, rate_b, pair, judge;
  bool shared_errors;

  bool separate() const { return design == "separate"; }
  double rate(int system) const { return system == 0 ? rate_a : rate_b; }
};

// One row per answer: the rows of the first system, then those of the second.
struct Answers {
  std::vector<double> y, f, prob;
  std::vector<int> system, item, stratum;
};

class Simulation {
 public:
  Simulation(const Cell& cell, std::uint64_t seed) : cell_(cell), rng_(seed) {
    for (int s = 0; s < 2; ++s) {
      for (int h = 0; h < 2; ++h) {
        cut_[s][h] = judicious::normal_quantile(1.0 - rate_in(s, h));
      }
    }
  }

  Answers draw() {
    const int n = cell_.n_items;
    Answers out;
    std::vector<double> hard(static_cast<std::size_t>(n)), u(hard.size()), chance(hard.size(), 1.0);
    const double root = std::sqrt(cell_.pair), own = std::sqrt(1.0 - cell_.pair);
    const bool clustered = cell_.design == "clusters";
    double talk = 0.0;
    for (int i = 0; i < n; ++i) {
      if (i % 5 == 0) talk = normal01(rng_);
      hard[at(i)] =
          clustered ? std::sqrt(0.4) * talk + std::sqrt(0.6) * normal01(rng_) : normal01(rng_);
      u[at(i)] = uniform01(rng_);
    }
    const std::vector<int> labelled = choose_items();
    double total = 0.0;
    for (double& c : chance) total += c = 0.3 + uniform01(rng_);
    for (double& c : chance) c *= cell_.n / total;
    for (int s = 0; s < 2; ++s) {
      if (s == 1 && cell_.separate()) {
        for (double& h : hard) h = normal01(rng_);
      }
      for (int i = 0; i < n; ++i) {
        const int stratum = cell_.design == "strata" ? i % 2 : 0;
        const double p = rate_in(s, stratum);
        const double latent = root * hard[at(i)] + own * normal01(rng_);
        const double y = latent > cut_[s][stratum] ? 1.0 : 0.0;
        const double flag = y == 1.0 ? p + cell_.judge * (1.0 - p) : p * (1.0 - cell_.judge);
        const double draw = cell_.shared_errors ? u[at(i)] : uniform01(rng_);
        out.f.push_back(draw < flag ? 1.0 : 0.0);
        out.y.push_back(is_labelled(labelled[at(i)], s) ? y : NA_REAL);
        out.prob.push_back(chance[at(i)]);
        out.system.push_back(s);
        out.item.push_back(unit(i, s));
        out.stratum.push_back(stratum);
      }
    }
    if (cell_.design == "prob") draw_by_prob(out, chance);
    return out;
  }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }

  // The harder half of the items is in the second of two strata.
  double rate_in(int system, int stratum) const {
    const double p = cell_.rate(system);
    return cell_.design == "strata" ? p * (stratum == 0 ? 0.4 : 1.6) : p;
  }

  int unit(int i, int s) const {
    if (cell_.design == "clusters") return i / 5;
    return cell_.separate() ? i + s * cell_.n_items : i;
  }

  // 1: labelled for the first system, 2: for the second, 3: for both. Items are exchangeable
  // (within strata: a third of the labels in the first), so the first ones are taken.
  std::vector<int> choose_items() const {
    std::vector<int> out(static_cast<std::size_t>(cell_.n_items), 0);
    const int n = cell_.n;
    for (int i = 0; i < cell_.n_items; ++i) {
      int& to = out[at(i)];
      if (cell_.design == "half") {
        to = i < n / 2 ? 3 : i < n ? 1 : i < n + n / 2 ? 2 : 0;
      } else if (cell_.design == "strata") {
        to = i / 2 < (i % 2 == 0 ? n / 3 : n - n / 3) ? 3 : 0;
      } else if (cell_.design == "prob") {
        to = 3;
      } else {
        to = i < n ? 3 : 0;
      }
    }
    return out;
  }
  static bool is_labelled(int who, int s) { return (who & (s + 1)) != 0; }

  // Both answers to an item are labelled, with its probability.
  void draw_by_prob(Answers& out, const std::vector<double>& chance) {
    for (int i = 0; i < cell_.n_items; ++i) {
      if (bernoulli(rng_, chance[at(i)]) == 1) continue;
      out.y[at(i)] = out.y[at(i + cell_.n_items)] = NA_REAL;
    }
  }

  Cell cell_;
  Generator rng_;
  double cut_[2][2];
};

judicious::Inference inference_of(const judicious::Rows& rows, const judicious::Target& first,
                                  const judicious::Target& second) {
  judicious::MeanOptions options;
  options.influence.clustered = rows.clusters.has_value();
  judicious::Reporting reporting;
  reporting.range = judicious::Interval{0.0, 1.0};
  const auto summary = std::make_shared<judicious::LabelSummary>(
      judicious::summarise(rows, 1, judicious::serial_executor()));
  const judicious::Several fit(summary, {first, second}, options, reporting);
  return fit.difference(0, 1, fit.has_best_weights(0, 1));
}

std::size_t n_groups(const std::vector<int>& codes) {
  return static_cast<std::size_t>(1 + *std::max_element(codes.begin(), codes.end()));
}

judicious::Column column(const double* from) {
  judicious::Column out;
  out.real = from;
  return out;
}

// Whole pairs only: two responses of one row are the same estimate, in a tenth of the time.
judicious::Inference paired_difference(const Answers& x, bool with_judge) {
  judicious::Rows rows;
  rows.n = x.y.size() / 2;
  rows.y = column(x.y.data());
  rows.more_y = {column(x.y.data() + rows.n)};
  if (with_judge) rows.proxies = {column(x.f.data()), column(x.f.data() + rows.n)};
  rows.strata = {x.stratum.data(), 0, n_groups(x.stratum)};
  const auto judge = [&](int k) { return with_judge ? std::vector<int>{k} : std::vector<int>{}; };
  judicious::Inference out = inference_of(rows, {0, {0, judge(0)}}, {0, {1, judge(1)}});
  out.n_cap = std::numeric_limits<double>::infinity();  // as of two groups
  return out;
}

judicious::Inference difference(const Answers& x, const Cell& cell, bool with_judge) {
  if (cell.design == "paired" || cell.design == "strata") return paired_difference(x, with_judge);
  judicious::Rows rows;
  rows.n = x.y.size();
  rows.y = column(x.y.data());
  if (with_judge) rows.proxies = {column(x.f.data())};
  if (cell.design == "prob") rows.prob = column(x.prob.data());
  rows.groups = {x.system.data(), 0, 2};
  rows.clusters = judicious::Groups{x.item.data(), 0, n_groups(x.item)};
  const std::vector<int> judges = with_judge ? std::vector<int>{0} : std::vector<int>{};
  return inference_of(rows, {0, {0, judges}}, {1, {0, judges}});
}

// Whether the beta interval holds the truth, by its tails: much faster than its ends.
bool covers(const judicious::Inference& x, double truth) {
  const auto beta = judicious::beta_bounds(judicious::bounded_mean(x), 0.95);
  const double share = 0.5 * (truth + 1.0);
  return beta.greater(share) >= 0.025 && beta.less(share) >= 0.025;
}

double width(judicious::IntervalType type, const judicious::Inference& x) {
  const judicious::Interval bounds = judicious::bounds(type, x, 0.95);
  return bounds.high - bounds.low;
}

}  // namespace

// Coverage of the beta interval at several shares of the guard, and in every `every`-th data set
// its width, that of MOVER with its coverage, and that of the labels alone.
// [[Rcpp::export]]
Rcpp::DataFrame difference_study(Rcpp::List cell, std::vector<double> shares, int n_rep, int every,
                                 double seed) {
  const Cell c{Rcpp::as<std::string>(cell["design"]), Rcpp::as<int>(cell["n"]),
               Rcpp::as<int>(cell["n_items"]),        Rcpp::as<double>(cell["rate_a"]),
               Rcpp::as<double>(cell["rate_b"]),      Rcpp::as<double>(cell["pair"]),
               Rcpp::as<double>(cell["judge"]),       Rcpp::as<bool>(cell["shared_errors"])};
  const double truth = c.rate_a - c.rate_b;
  std::vector<double> covered(shares.size(), 0.0), widths(shares.size(), 0.0);
  double n = 0.0, n_wide = 0.0, mover = 0.0, mover_width = 0.0, labels_width = 0.0;
  for (int r = 0; r < n_rep; ++r) {
    if (r % 100 == 0) Rcpp::checkUserInterrupt();
    Simulation simulation(
        c, judicious::stream_seed(static_cast<std::uint64_t>(seed), static_cast<std::uint64_t>(r)));
    const Answers x = simulation.draw();
    try {
      judicious::Inference fit = difference(x, c, true);
      n += 1.0;
      const bool wide = r % every == 0;
      for (std::size_t k = 0; k < shares.size(); ++k) {
        fit.guard_share = shares[k];
        covered[k] += covers(fit, truth) ? 1.0 : 0.0;
        if (wide) widths[k] += width(judicious::IntervalType::beta, fit);
      }
      if (!wide) continue;
      n_wide += 1.0;
      const auto bounds = judicious::bounds(judicious::IntervalType::mover, fit, 0.95);
      mover += bounds.low <= truth && truth <= bounds.high ? 1.0 : 0.0;
      mover_width += bounds.high - bounds.low;
      labels_width += width(judicious::IntervalType::beta, difference(x, c, false));
    } catch (const std::domain_error&) {  // a stratum or a draw with fewer than two labels
    }
  }
  for (double& w : widths) w /= n_wide;
  for (double& k : covered) k /= n;
  using Rcpp::_;
  return Rcpp::DataFrame::create(_["share"] = shares, _["coverage"] = covered, _["width"] = widths,
                                 _["mover"] = mover / n_wide,
                                 _["mover_width"] = mover_width / n_wide,
                                 _["labels_width"] = labels_width / n_wide, _["fitted"] = n);
}

// [[Rcpp::export]]
double difference_share() { return judicious::difference_guard; }

// Widths and coverage of active samples, drawn and estimated by the package's own core, for scores
// of every quality. For active.R.
// [[Rcpp::depends(judicious, RcppEigen, dqrng)]]
// [[Rcpp::plugins(cpp17)]]
#include <RcppEigen.h>

#include <judicious/sample/second_round.hpp>
#include <judicious/simulate/coverage.hpp>
#include <random>

using namespace judicious;
using Random = std::mt19937_64;
using Values = Eigen::VectorXd;

// What a judge may say of its errors, whose probabilities are the squares of `oracle`.
Values degrade(const Values& oracle, const std::string& quality, Random& rng) {
  const Eigen::Index n = oracle.size();
  Values out = oracle;
  if (quality == "calibrated") {  // knows in which fifth an item is, and that fifth's errors
    std::vector<double> sorted(oracle.data(), oracle.data() + n);
    std::sort(sorted.begin(), sorted.end());
    for (int k = 0; k < 5; ++k) {
      const double low = k == 0 ? -1.0 : sorted[n * k / 5];
      const double high = k == 4 ? 2.0 : sorted[n * (k + 1) / 5];
      const Eigen::ArrayXd in =
          (oracle.array() >= low && oracle.array() < high).cast<double>();
      const double mean = (in * oracle.array().square()).sum() / std::max(in.sum(), 1.0);
      out = (in > 0.0).select(std::sqrt(mean), out);
    }
  } else if (quality == "noisy") {
    std::normal_distribution<double> noise(0.0, 0.7);
    for (Eigen::Index i = 0; i < n; ++i) out[i] = std::min(out[i] * std::exp(noise(rng)), 1.0);
  } else if (quality == "shuffled") {
    std::shuffle(out.data(), out.data() + n, rng);
  } else if (quality == "noise") {
    std::uniform_real_distribution<double> any(0.001, 1.0);
    for (Eigen::Index i = 0; i < n; ++i) out[i] = any(rng);
  } else if (quality == "inverted") {
    out = (1.0 - oracle.array().square()).max(1e-4).sqrt();
  }
  return out;
}

class Study {
 public:
  Study(double rate, SimulatedRows& rows, Random& rng) : rate_(rate), rows_(rows), rng_(rng) {
    method_.judges = {0};
    method_.options.influence.center = true;
  }

  // Draws with these probabilities, or at random if they are all alike; width and coverage.
  std::pair<double, double> run(const Values& prob) {
    Eigen::VectorXi selected(prob.size());
    sample_pivotal(rng_, prob, selected);
    return estimate(prob, selected);
  }

  std::pair<double, double> estimate(const Values& prob, const Eigen::VectorXi& selected) {
    for (Eigen::Index i = 0; i < prob.size(); ++i) {
      rows_.prob[i] = prob[i];
      rows_.human[i] = selected[i] == 1 ? rows_.y_true[i] : std::nan("");
    }
    method_.prob = prob.minCoeff() < prob.maxCoeff();
    const coverage_detail::MethodFit fit(rows_, method_);
    const auto type = resolve(IntervalType::automatic, fit.plain());
    const Interval i = bounds(type, fit.plain(), 0.95);
    return {i.high - i.low, i.low <= rate_ && rate_ <= i.high ? 1.0 : 0.0};
  }

  // Half at random, the rest as the labels say.
  std::pair<double, double> two_rounds(const Values& uncertainty, double n) {
    const auto n_items = static_cast<double>(uncertainty.size());
    const double half = std::floor(0.5 * n);
    Eigen::VectorXi first(uncertainty.size()), selected(uncertainty.size());
    sample_pivotal(rng_, Values::Constant(uncertainty.size(), half / n_items), first);
    Values label = Values::Zero(first.sum()), judge = label, prob = uncertainty;
    for (Eigen::Index i = 0, k = 0; i < first.size(); ++i) {
      if (first[i] == 0) continue;
      label[k] = rows_.y_true[i];
      judge[k++] = rows_.y_proxy[0][i];
    }
    active_probabilities(uncertainty, n, prob);
    const ActiveDesigns designs(uncertainty, prob);
    const double useful = learned_share(first_labels(uncertainty, first, label, judge));
    designs.raise(uncertainty, learn_mix(designs, n_items, useful, half / n).mix, prob);
    const Values second = second_probabilities(first, n - half, prob);
    sample_pivotal(rng_, second, selected);
    return estimate(prob, selected);
  }

 private:
  double rate_;
  SimulatedRows& rows_;
  Random& rng_;
  CoverageMethod method_;
};

// Sums over the data sets: widths of random rows, their squares, and coverage; then per quality
// and design width, its product with that of random rows, square, coverage, and the chosen mix.
// [[Rcpp::export]]
Rcpp::List active_widths(int n_items, double n, double rate, double proxy_mean,
                         double correlation, std::vector<std::string> qualities, int reps,
                         double seed) {
  SimulatedRows rows;
  const RowModel model =
      BinaryActiveRows{rate, proxy_mean, correlation, static_cast<std::size_t>(n_items)};
  const auto n_rows = static_cast<Eigen::Index>(qualities.size());
  Eigen::ArrayXd random = Eigen::ArrayXd::Zero(3), mix = Eigen::ArrayXd::Zero(n_rows);
  std::vector<Eigen::ArrayXXd> designs(3, Eigen::ArrayXXd::Zero(n_rows, 4));
  for (int r = 0; r < reps; ++r) {
    const std::uint64_t stream = stream_seed(static_cast<std::uint64_t>(seed), r);
    std::visit(FillRows<Random>{stream, rows}, model);
    Random rng(stream_seed(stream, 1));
    const Values oracle = Eigen::Map<Values>(rows.uncertainty.data(), n_items);
    Study study(rate, rows, rng);
    const auto [width, covers] = study.run(Values::Constant(n_items, n / n_items));
    random += Eigen::Array3d(width, width * width, covers);
    for (Eigen::Index q = 0; q < n_rows; ++q) {
      const Values uncertainty = degrade(oracle, qualities[static_cast<std::size_t>(q)], rng);
      Values active(n_items);
      active_probabilities(uncertainty, n, active);
      const ActiveDesigns possible(uncertainty, active);
      const MixChoice choice = choose_mix(possible, n_items);
      Values chosen = active;
      possible.raise(uncertainty, choice.mix, chosen);
      mix[q] += choice.mix;
      const std::pair<double, double> results[3] = {study.run(chosen),
                                                    study.two_rounds(uncertainty, n),
                                                    study.run(active)};
      for (int d = 0; d < 3; ++d) {
        const auto [w, c] = results[d];
        designs[d].row(q) += Eigen::Array4d(w, w * width, w * w, c).transpose();
      }
    }
  }
  return Rcpp::List::create(Rcpp::Named("random") = random, Rcpp::Named("mix") = mix,
                            Rcpp::Named("chosen") = designs[0],
                            Rcpp::Named("two_rounds") = designs[1],
                            Rcpp::Named("published") = designs[2]);
}

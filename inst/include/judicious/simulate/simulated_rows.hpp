// Simulated data sets as an estimator meets them: rows whose truth is known, of
// which a sample carries human labels. A data set depends on its seed alone.
#pragma once

#include <judicious/sample/active_mix.hpp>
#include <judicious/simulate/simulate.hpp>
#include <optional>
#include <variant>

namespace judicious {

// What is simulated: one of the simulators with its arguments.
struct BinaryRows {
  BinaryModel model;
  std::size_t n;
};
struct BinaryStrataRows {
  std::vector<BinaryModel> models;
  std::vector<std::size_t> n;
};
struct BinaryClusterRows {
  BinaryModel model;
  std::size_t n, n_clusters;
  double diversity;
};
struct BinaryActiveRows {
  double true_mean, proxy_mean, correlation;
  std::size_t n;
};
struct GaussianRows {
  GaussianModel model;
  std::size_t n;
};
using RowModel =
    std::variant<BinaryRows, BinaryStrataRows, BinaryClusterRows, BinaryActiveRows, GaussianRows>;

// Which rows humans label: a simple random sample of rows (in every stratum) or
// of whole clusters, or rows with a probability that follows their uncertainty,
// drawn independently, by the published rule, or to a fixed number.
enum class LabelDraw { rows, clusters, independent, poisson, pivotal };

struct LabelPlan {
  LabelDraw draw = LabelDraw::rows;
  std::vector<std::size_t> n;  // labels or clusters; one number per stratum
  // Where the simulator knows no uncertainty: that of rows the first judge flags,
  // relative to the others.
  double oversample = 1.0;
  std::optional<double> mix = 0.0;  // with random rows; none: the one sample_active() chooses
};

// One data set. The memory is used again for the next one.
struct SimulatedRows {
  std::vector<double> y_true, human, prob, uncertainty;
  std::vector<std::vector<double>> y_proxy;
  std::vector<int> stratum, cluster;  // codes from 1; empty without
  std::vector<std::size_t> stratum_sizes;
  std::size_t n_clusters = 0;

  std::size_t size() const { return y_true.size(); }

  LabelColumns<double> resize(std::size_t n, std::size_t n_judges) {
    for (auto* column : {&y_true, &human, &prob, &uncertainty}) column->resize(n);
    y_proxy.resize(n_judges);
    for (auto& column : y_proxy) column.resize(n);
    selected.resize(n);
    stratum_sizes.assign(1, n);
    LabelColumns<double> out{y_true.data(), {}};
    for (auto& column : y_proxy) out.y_proxy.push_back(column.data());
    return out;
  }

  // Integer columns for the simulators of binary labels, kept by take_labels().
  LabelColumns<int> integer_labels(std::size_t n, std::size_t n_judges) {
    resize(n, n_judges);
    integers.resize(1 + n_judges);
    for (auto& column : integers) column.resize(n);
    LabelColumns<int> out{integers[0].data(), {}};
    for (std::size_t k = 1; k < integers.size(); ++k) out.y_proxy.push_back(integers[k].data());
    return out;
  }

  void take_labels() {
    std::copy(integers[0].begin(), integers[0].end(), y_true.begin());
    for (std::size_t k = 0; k < y_proxy.size(); ++k) {
      std::copy(integers[k + 1].begin(), integers[k + 1].end(), y_proxy[k].begin());
    }
  }

  std::vector<int> selected, scratch;
  std::vector<std::vector<int>> integers;
};

// One fixed set of rates per judge of binary labels.
inline BinaryModel binary_model(double true_mean, const std::vector<double>& proxy_mean,
                                const std::vector<double>& correlation) {
  BinaryModel model{true_mean, {}};
  for (std::size_t k = 0; k < proxy_mean.size(); ++k) {
    model.judges.push_back(binary_judge(true_mean, proxy_mean[k], correlation[k]));
  }
  return model;
}

// Fills the rows of one data set, by model.
template <class Generator>
struct FillRows {
  std::uint64_t seed;
  SimulatedRows& rows;
  Executor run = serial_executor();

  void operator()(const BinaryRows& m) const {
    const auto out = rows.integer_labels(m.n, m.model.judges.size());
    simulate_binary<Generator>(m.model, m.n, seed, run, out);
    rows.take_labels();
  }
  void operator()(const BinaryStrataRows& m) const {
    std::size_t n = 0;
    for (const std::size_t size : m.n) n += size;
    const auto out = rows.integer_labels(n, 1);
    simulate_binary_strata<Generator>(m.models, m.n, seed, run, out);
    rows.take_labels();
    rows.stratum_sizes = m.n;
    rows.stratum.clear();
    for (std::size_t h = 0; h < m.n.size(); ++h) {
      rows.stratum.insert(rows.stratum.end(), m.n[h], static_cast<int>(h) + 1);
    }
  }
  void operator()(const BinaryClusterRows& m) const {
    const auto out = rows.integer_labels(m.n, m.model.judges.size());
    rows.cluster.resize(m.n);
    rows.n_clusters = m.n_clusters;
    simulate_binary_clusters<Generator>(m.model, m.n, m.n_clusters, m.diversity, seed, run,
                                        rows.cluster.data(), out);
    rows.take_labels();
  }
  void operator()(const BinaryActiveRows& m) const {
    const auto out = rows.integer_labels(m.n, 1);
    simulate_binary_active<Generator>(m.true_mean, m.proxy_mean, m.correlation, m.n, seed, run,
                                      rows.uncertainty.data(), out);
    rows.take_labels();
  }
  void operator()(const GaussianRows& m) const {
    simulate_gaussian<Generator>(m.model, m.n, seed, run, rows.resize(m.n, m.model.judges.size()));
  }
};

namespace simulated_rows_detail {

template <class Value>
Eigen::Map<Eigen::Matrix<Value, Eigen::Dynamic, 1>> map(std::vector<Value>& x) {
  return {x.data(), static_cast<Eigen::Index>(x.size())};
}

template <class Generator>
void draw_rows(Generator& rng, const std::vector<std::size_t>& n, SimulatedRows& rows) {
  auto prob = map(rows.prob);
  auto selected = map(rows.selected);
  Eigen::Index first = 0;
  for (std::size_t h = 0; h < rows.stratum_sizes.size(); ++h) {
    const auto size = static_cast<Eigen::Index>(rows.stratum_sizes[h]);
    sample_uniform(rng, n[h], prob.segment(first, size), selected.segment(first, size));
    first += size;
  }
}

inline void set_active_prob(double n, const std::optional<double>& mix, SimulatedRows& rows) {
  const auto uncertainty = map(rows.uncertainty);
  auto prob = map(rows.prob);
  active_probabilities(uncertainty, n, prob);
  if (mix) return mix_probabilities(*mix, prob);
  const ActiveDesigns designs(uncertainty, prob);
  designs.raise(uncertainty, choose_mix(designs, static_cast<double>(rows.size())).mix, prob);
}

template <class Generator>
void draw_by_uncertainty(Generator& rng, LabelDraw draw, double n, SimulatedRows& rows) {
  auto prob = map(rows.prob);
  auto selected = map(rows.selected);
  if (draw == LabelDraw::pivotal) {
    sample_pivotal(rng, prob, selected);
  } else if (draw == LabelDraw::independent) {
    for (Eigen::Index i = 0; i < prob.size(); ++i) selected[i] = bernoulli(rng, prob[i]);
  } else {
    std::vector<int> drawn(rows.size());
    rows.scratch.resize(rows.size());
    draw_poisson(rng, prob, map(rows.scratch), map(drawn));
    cut_off(map(rows.scratch), map(drawn), Costs{}, n, LeftFrame{}, prob, selected);
  }
}

}  // namespace simulated_rows_detail

template <class Generator>
void draw_labels(Generator& rng, const RowModel& model, const LabelPlan& plan,
                 SimulatedRows& rows) {
  namespace detail = simulated_rows_detail;
  if (plan.draw == LabelDraw::rows) {
    detail::draw_rows(rng, plan.n, rows);
  } else if (plan.draw == LabelDraw::clusters) {
    sample_clusters(rng, detail::map(rows.cluster), rows.n_clusters, plan.n[0],
                    detail::map(rows.prob), detail::map(rows.selected));
  } else {
    if (!std::holds_alternative<BinaryActiveRows>(model)) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        rows.uncertainty[i] = rows.y_proxy[0][i] > 0.5 ? plan.oversample : 1.0;
      }
    }
    const auto n = static_cast<double>(plan.n[0]);
    detail::set_active_prob(n, plan.mix, rows);
    detail::draw_by_uncertainty(rng, plan.draw, n, rows);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows.human[i] =
        rows.selected[i] == 1 ? rows.y_true[i] : std::numeric_limits<double>::quiet_NaN();
  }
}

// The data set with this seed.
template <class Generator>
void simulate_rows(const RowModel& model, const LabelPlan& plan, std::uint64_t seed,
                   SimulatedRows& rows) {
  std::visit(FillRows<Generator>{stream_seed(seed, 0), rows}, model);
  Generator rng(stream_seed(seed, 1));
  draw_labels(rng, model, plan, rows);
}

}  // namespace judicious

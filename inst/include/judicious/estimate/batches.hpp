// What a monitor keeps of a batch, whatever its design: the labels-only mean, the judges'
// difference, sums of psi psi' and a few counts. A batch is a group of a summary.
#pragma once

#include <judicious/data/label_summary.hpp>
#include <judicious/estimate/audit.hpp>
#include <judicious/estimate/influence.hpp>

namespace judicious {

struct Batch {
  bool usable = false;   // every stratum it meets has a labelled unit
  double zeta = 0.0;     // labels only
  Vector g;              // judge mean among labelled minus among the others
  Matrix labelled;       // sums of psi psi' over labelled units
  Matrix rest;           // and over the others
  double n_units = 0.0;  // labelled units
  double worth = 0.0;    // labels the batch is worth without a judge, by its design alone
  double n_true = 0.0, n_rows = 0.0;
  Vector judge_mean;  // over all rows
  Vector judge_bias;  // judge minus people, over labelled rows
  Audit audit;
  // Rows, for the published rule: (y, judges) of the labelled ones, and the judges of all.
  Moments values, judges;
};

namespace batches_detail {

// Strata that the group meets, with their weights.
struct Parts {
  std::vector<const StratumMoments*> strata;
  std::vector<StratumInfluence> influence;
  std::vector<double> weights;
};

inline std::vector<const StratumMoments*> strata_met(const LabelSummary& summary,
                                                     std::size_t group) {
  std::vector<const StratumMoments*> out;
  for (std::size_t h = 0; h < summary.n_strata; ++h) {
    const StratumMoments& s = summary.cells[summary.at(h, group)].rows;
    if (s.n_rows > 0.0) out.push_back(&s);
  }
  return out;
}

inline Parts parts(const LabelSummary& summary, std::size_t group,
                   const InfluenceOptions& options) {
  Parts out;
  out.strata = strata_met(summary, group);
  double total = 0.0;
  for (const StratumMoments* s : out.strata) total += s->n_rows;
  for (const StratumMoments* s : out.strata) {
    out.weights.push_back(s->n_rows / total);
    const bool labelled = s->labelled.n > 0.0;
    out.influence.push_back(labelled ? influence(*s, summary.layout, options) : StratumInfluence());
  }
  return out;
}

// The judges over all rows, at their own origin.
inline Moments judge_rows(const StratumMoments& s) {
  Moments out = s.proxy_rows;
  out.mean += s.origin.tail(out.mean.size());
  return out;
}

// (y, judges) of the labelled rows, where every unit is a row and prob is not known.
inline Moments label_rows(const StratumMoments& s, const Layout& layout) {
  const int m = layout.n_values();
  Moments out(m);
  out.n = s.labelled.n;
  out.mean = s.labelled.mean.segment(Layout::labelled_y, m) + s.origin;
  out.cross = s.labelled.cross.block(Layout::labelled_y, Layout::labelled_y, m, m);
  return out;
}

inline Vector bias(const StratumMoments& s) {
  const int m = static_cast<int>(s.sum_weighted_proxies.size());
  const double people = s.sum_weighted_y[0] / s.sum_weight + s.origin[0];
  const Vector judges = s.sum_weighted_proxies / s.sum_weight + s.origin.tail(m);
  return judges - Vector::Constant(m, people);
}

inline void add_estimates(const Parts& parts, Batch& out) {
  double inverse = 0.0;
  for (std::size_t h = 0; h < parts.strata.size(); ++h) {
    const StratumInfluence& x = parts.influence[h];
    const double w = parts.weights[h];
    out.zeta += w * x.zeta;
    out.g += w * x.g;
    out.labelled += w * w * x.labelled;
    out.rest += w * w * x.rest;
    out.judge_bias += w * bias(*parts.strata[h]);
    inverse += w * w / x.base_units;
  }
  out.worth = 1.0 / inverse;
}

}  // namespace batches_detail

inline Batch batch_of(const LabelSummary& summary, std::size_t group,
                      const InfluenceOptions& options) {
  const int m = summary.layout.n_proxies;
  Batch out;
  out.g = out.judge_mean = out.judge_bias = Vector::Zero(m);
  out.labelled = out.rest = Matrix::Zero(1 + m, 1 + m);
  out.values = Moments(1 + m);
  out.judges = Moments(m);
  const auto parts = batches_detail::parts(summary, group, options);
  out.usable = !parts.strata.empty();
  for (const StratumMoments* s : parts.strata) {
    out.usable = out.usable && s->labelled.n > 0.0;
    out.n_units += s->labelled.n;
    out.n_true += s->n_true;
    out.n_rows += s->n_rows;
    out.judges.merge(batches_detail::judge_rows(*s));
    if (s->labelled.n > 0.0) out.values.merge(batches_detail::label_rows(*s, summary.layout));
  }
  out.judge_mean = out.judges.mean;
  if (out.usable) batches_detail::add_estimates(parts, out);
  if (m > 0) out.audit = audit_labels(summary, group);
  return out;
}

}  // namespace judicious

// A summary as one list of numbers and back, bit for bit: what is saved, and sent between workers.
//
// Saving and reading share one description of the fields, so they cannot disagree.
#pragma once

#include <judicious/data/label_summary.hpp>
#include <stdexcept>

namespace judicious {

constexpr double pack_version = 2.0;

namespace pack_detail {

class Counter {
 public:
  static constexpr bool reads = false;
  std::size_t n = 0;

  void number(double) { ++n; }
  void size(std::size_t) { ++n; }
};

class Writer {
 public:
  static constexpr bool reads = false;

  explicit Writer(double* to) : at_(to) {}
  void number(double x) { *at_++ = x; }
  void size(std::size_t n) { number(static_cast<double>(n)); }

 private:
  double* at_;
};

class Reader {
 public:
  static constexpr bool reads = true;

  Reader(const double* numbers, std::size_t n) : at_(numbers), end_(numbers + n) {}

  void number(double& x) {
    if (at_ == end_) throw std::invalid_argument("A saved summary is cut off.");
    x = *at_++;
  }
  void size(std::size_t& n) {
    double x = 0.0;
    number(x);
    // What follows holds at least as many numbers, or is no summary.
    if (!(x >= 0.0) || x > static_cast<double>(end_ - at_) + 1e6) {
      throw std::invalid_argument("This is no saved summary.");
    }
    n = static_cast<std::size_t>(x);
  }
  bool done() const { return at_ == end_; }

 private:
  const double *at_, *end_;
};

template <class Archive>
void pass(Archive& to, double& x) {
  to.number(x);
}
template <class Archive>
void pass(Archive& to, bool& x) {
  double number = x ? 1.0 : 0.0;
  to.number(number);
  if (Archive::reads) x = number != 0.0;
}
template <class Archive>
void pass(Archive& to, std::int64_t& x) {
  auto number = static_cast<double>(x);
  to.number(number);
  if (Archive::reads) x = static_cast<std::int64_t>(number);
}
template <class Archive>
void pass(Archive& to, Vector& x) {
  auto n = static_cast<std::size_t>(x.size());
  to.size(n);
  if (Archive::reads) x.resize(static_cast<int>(n));
  for (int k = 0; k < x.size(); ++k) to.number(x[k]);
}
template <class Archive>
void pass(Archive& to, Matrix& x) {
  auto rows = static_cast<std::size_t>(x.rows()), columns = static_cast<std::size_t>(x.cols());
  to.size(rows);
  to.size(columns);
  if (Archive::reads) x.resize(static_cast<int>(rows), static_cast<int>(columns));
  for (int k = 0; k < x.size(); ++k) to.number(x.data()[k]);
}
template <class Archive, class T>
void pass(Archive& to, std::vector<T>& x) {
  std::size_t n = x.size();
  to.size(n);
  if (Archive::reads) x.resize(n);
  for (T& one : x) pass(to, one);
}
template <class Archive>
void pass(Archive& to, LowProbs& x) {
  std::size_t n = x.entries().size();
  to.size(n);
  LowProbs copy;
  for (std::size_t k = 0; k < n; ++k) {
    std::pair<double, double> entry;
    if (!Archive::reads) entry = x.entries()[k];
    to.number(entry.first);
    to.number(entry.second);
    if (Archive::reads) copy.add(entry.first, entry.second);
  }
  if (!Archive::reads) return;
  copy.prune();
  x = copy;
}
template <class Archive>
void pass(Archive& to, Moments& x) {
  pass(to, x.n);
  pass(to, x.mean);
  pass(to, x.cross);
}
template <class Archive>
void pass(Archive& to, LabelRange& x) {
  pass(to, x.lowest);
  pass(to, x.highest);
  pass(to, x.binary);
  pass(to, x.two_valued);
}
template <class Archive>
void pass(Archive& to, ProbRange& x) {
  for (double* number : {&x.lowest, &x.highest, &x.sum_inverse, &x.n_dropped}) pass(to, *number);
  pass(to, x.valid);
  pass(to, x.low);
}
template <class Archive>
void pass(Archive& to, KishSums& x) {
  for (double* number : {&x.weight, &x.squares, &x.squares_by_row}) pass(to, *number);
}
template <class Archive>
void pass(Archive& to, StratumMoments& x) {
  pass(to, x.labelled);
  pass(to, x.unlabelled);
  for (Vector* v :
       {&x.origin, &x.proxy_low, &x.proxy_high, &x.sum_weighted_y, &x.sum_weighted_proxies}) {
    pass(to, *v);
  }
  for (double* number :
       {&x.n_rows, &x.n_true, &x.n_mixed, &x.sum_inverse_true, &x.highest_weight, &x.sum_weight}) {
    pass(to, *number);
  }
  pass(to, x.labels);
  pass(to, x.more_labels);
  pass(to, x.prob);
  pass(to, x.kish);
  pass(to, x.whole_clusters);
  pass(to, x.low_unit_probs);
  pass(to, x.proxy_rows);
  pass(to, x.poisson_rows);
  pass(to, x.poisson_units);
}
template <class Archive>
void pass(Archive& to, StoredUnits& x) {
  to.size(x.n);
  pass(to, x.values);
  pass(to, x.n_true);
  pass(to, x.prob);
  pass(to, x.ids);
  pass(to, x.complete);
}
template <class Archive>
void pass(Archive& to, KeptUnits& x) {
  for (auto* codes : {&x.unit, &x.stratum, &x.group}) pass(to, *codes);
  for (auto* numbers : {&x.u, &x.n_true, &x.prob, &x.sum_inverse}) pass(to, *numbers);
}
template <class Archive>
void pass(Archive& to, SharedUnits& x) {
  pass(to, x.n);
  for (Matrix* m : {&x.aa, &x.bb, &x.ab}) pass(to, *m);
}
template <class Archive>
void pass(Archive& to, std::map<LabelSummary::CellPair, SharedUnits>& x) {
  std::size_t n = x.size();
  to.size(n);
  auto at = x.begin();
  for (std::size_t k = 0; k < n; ++k) {
    LabelSummary::CellPair pair;
    SharedUnits shared;
    if (!Archive::reads) {
      pair = at->first;
      shared = at->second;
      ++at;
    }
    to.size(pair.first);
    to.size(pair.second);
    pass(to, shared);
    if (Archive::reads) x[pair] = shared;
  }
}
template <class Archive>
void pass(Archive& to, LabelSummary& x) {
  double version = pack_version;
  to.number(version);
  if (version != pack_version) throw std::invalid_argument("This is no saved summary.");
  auto proxies = static_cast<std::size_t>(x.layout.n_proxies);
  auto responses = static_cast<std::size_t>(x.layout.n_responses);
  to.size(proxies);
  to.size(responses);
  pass(to, x.layout.known_prob);
  if (Archive::reads) x.layout.n_proxies = static_cast<int>(proxies);
  if (Archive::reads) x.layout.n_responses = static_cast<int>(responses);
  to.size(x.n_strata);
  to.size(x.n_groups);
  pass(to, x.clustered);
  pass(to, x.nested);
  if (Archive::reads) x.cells.assign(x.n_strata * x.n_groups, Cell(x.layout));
  for (Cell& cell : x.cells) {
    pass(to, cell.rows);
    if (x.clustered) pass(to, cell.means);
    pass(to, cell.units);
  }
  pass(to, x.shared_rows);
  pass(to, x.shared_means);
  pass(to, x.keeps_units);
  if (x.keeps_units) pass(to, x.kept);
}

}  // namespace pack_detail

// How many numbers a summary makes.
inline std::size_t pack_size(const LabelSummary& summary) {
  pack_detail::Counter out;
  pack_detail::pass(out, const_cast<LabelSummary&>(summary));  // read only, see Archive::reads
  return out.n;
}

// Writes them.
inline void pack(const LabelSummary& summary, double* to) {
  pack_detail::Writer out(to);
  pack_detail::pass(out, const_cast<LabelSummary&>(summary));
}

inline std::vector<double> pack(const LabelSummary& summary) {
  std::vector<double> out(pack_size(summary));
  pack(summary, out.data());
  return out;
}

inline LabelSummary unpack(const double* numbers, std::size_t n) {
  pack_detail::Reader in(numbers, n);
  LabelSummary out;
  pack_detail::pass(in, out);
  if (!in.done()) throw std::invalid_argument("This is no saved summary.");
  return out;
}

}  // namespace judicious

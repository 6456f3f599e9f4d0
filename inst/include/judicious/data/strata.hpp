// What one pass over the data leaves of a stratum, whatever the design.
//
// A sampling unit (a row, or a cluster of rows) is described by a vector u of
// totals over its rows:
//   labelled subset drawn uniformly   u = (m_L, Y_L, F_L, m_U, F_U)
//   known inclusion probabilities     u = (w, wY, wF, m, F)
// with m counts of rows, L / U the labelled / unlabelled part, w = 1/prob on
// labelled rows and 0 elsewhere, and F one entry per judge. Labelled rows fill the
// first part; the second is over unlabelled rows, or over all rows if prob is
// known. Every estimator of this library is a function of the first two moments
// of u.
#pragma once

#include <judicious/data/columns.hpp>
#include <judicious/data/moments.hpp>

namespace judicious {

enum class Estimand { rows, clusters };

// Positions in u, for M judges.
struct Layout {
  int n_proxies;
  bool known_prob;

  int size() const { return 3 + 2 * n_proxies; }
  // Labelled rows: their number or weight, and sums weighted alike.
  static constexpr int labelled = 0, labelled_y = 1, labelled_proxies = 2;
  // The rest: unlabelled rows, or all rows if prob is known.
  int rest() const { return 2 + n_proxies; }
  int rest_proxies() const { return 3 + n_proxies; }
};

// Range of the human labels met.
struct LabelRange {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
  bool binary = true;      // every label is 0 or 1
  bool two_valued = true;  // every label is the lowest or the highest

  void add(double y) {
    extend(y, y);
    binary = binary && (y == 0.0 || y == 1.0);
  }
  void merge(const LabelRange& other) {
    if (other.lowest <= other.highest) extend(other.lowest, other.highest);
    binary = binary && other.binary;
    two_valued = two_valued && other.two_valued;
  }

  // With the labels that lie between these two.
  void extend(double low, double high) {
    const double old_low = lowest, old_high = highest;
    lowest = std::min(lowest, low);
    highest = std::max(highest, high);
    const auto is_end = [&](double y) { return y == lowest || y == highest; };
    const bool first = old_low > old_high;
    two_valued = two_valued && is_end(low) && is_end(high) &&
                 (first || (is_end(old_low) && is_end(old_high)));
  }
};

// Inclusion probabilities met, and what is wrong with them.
struct ProbRange {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = 0.0;
  double sum_inverse = 0.0;
  double n_dropped = 0.0;  // unlabelled rows with prob 0 or missing
  bool valid = true;

  // Whether a row takes part; false for rows outside the frame.
  bool admit(double prob, bool labelled) {
    if (!(prob > 0.0)) {
      n_dropped += 1.0;
      valid = valid && !labelled && !(prob < 0.0);
      return false;
    }
    valid = valid && (prob < 1.0 || (prob == 1.0 && labelled));
    lowest = std::min(lowest, prob);
    highest = std::max(highest, prob);
    sum_inverse += 1.0 / prob;
    return true;
  }
  void merge(const ProbRange& other) {
    lowest = std::min(lowest, other.lowest);
    highest = std::max(highest, other.highest);
    sum_inverse += other.sum_inverse;
    n_dropped += other.n_dropped;
    valid = valid && other.valid;
  }
};

struct StratumMoments {
  Moments labelled;    // of u over units with a labelled row
  Moments unlabelled;  // of u over the other units
  Vector origin;       // subtracted from (y, judges) before summing
  double n_rows = 0.0, n_true = 0.0;
  double n_mixed = 0.0;           // uniform designs: units with labelled and unlabelled rows
  double sum_inverse_true = 0.0;  // sum of 1/(labelled rows) over labelled units
  LabelRange labels;
  ProbRange prob;
  double low_prob = 0.0;  // mean prob of the rows seen least, see lowest_prob.hpp
  // Totals over labelled rows, weighted if prob is known: of 1, y and the judges.
  double sum_weight = 0.0, highest_weight = 0.0, sum_weighted_y = 0.0;
  Vector sum_weighted_proxies;
  Vector proxy_low, proxy_high;  // range of every judge over all rows
  // Clusters with known prob: the Kish size of cluster weights, and the same
  // with as many independent rows; whether clusters were drawn whole.
  double kish_units = 0.0, kish_rows = 0.0;
  bool whole_clusters = false;
  double low_prob_units = 0.0;  // the same over whole clusters

  explicit StratumMoments(const Layout& layout)
      : labelled(layout.size()),
        unlabelled(layout.size()),
        origin(Vector::Zero(1 + layout.n_proxies)),
        sum_weighted_proxies(Vector::Zero(layout.n_proxies)),
        proxy_low(Vector::Constant(layout.n_proxies, std::numeric_limits<double>::infinity())),
        proxy_high(-proxy_low) {}

  double n_units() const { return labelled.n + unlabelled.n; }
  bool all_finite() const { return labelled.all_finite() && unlabelled.all_finite(); }
};

// Calls body(std::integral_constant<int, M>) with M known at compile time for
// the common numbers of judges, and Eigen::Dynamic beyond.
template <class Body>
decltype(auto) with_static_size(int n_proxies, Body&& body) {
  switch (n_proxies) {
    case 0:
      return body(std::integral_constant<int, 0>{});
    case 1:
      return body(std::integral_constant<int, 1>{});
    case 2:
      return body(std::integral_constant<int, 2>{});
    case 3:
      return body(std::integral_constant<int, 3>{});
    default:
      return body(std::integral_constant<int, Eigen::Dynamic>{});
  }
}

// a + b * M at compile time, or Dynamic.
constexpr int static_size(int a, int b, int n_proxies) {
  return n_proxies == Eigen::Dynamic ? Eigen::Dynamic : a + b * n_proxies;
}

// y and judges of the first labelled row of every stratum: sums are taken about
// it, so that ratios of totals lose no digits far from zero.
inline std::vector<Vector> find_origins(const Rows& rows) {
  const int m = rows.n_proxies();
  std::vector<Vector> origins(rows.strata.n_groups, Vector::Zero(1 + m));
  std::vector<bool> found(rows.strata.n_groups, false);
  std::size_t missing = origins.size();
  for (std::size_t i = 0; i < rows.n && missing > 0; ++i) {
    const double y = rows.y.at(i);
    const std::size_t h = rows.strata[i];
    if (std::isnan(y) || found[h]) continue;
    origins[h][0] = y;
    for (int k = 0; k < m; ++k) origins[h][1 + k] = rows.proxies[k].at(i);
    found[h] = true;
    --missing;
  }
  return origins;
}

}  // namespace judicious

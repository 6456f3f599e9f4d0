// The joint of the house: what is kept of any number of rows. Per cell (a stratum of a group) the
// moments of its units, and the labelled units themselves; summaries of parts of the data merge
// into that of the whole. Everything after this is algebra on it.
#pragma once

#include <judicious/data/labelled_rows.hpp>
#include <judicious/data/strata.hpp>
#include <map>
#include <utility>

namespace judicious {

// Units kept one by one: those with a labelled row, and, where clusters meet several cells, those
// labelled in another one. Rows are kept as their responses and judges, clusters as u about the
// cell's origin.
struct StoredUnits {
  std::size_t n = 0;
  std::vector<double> values;     // n x layout.n_values(), of clusters n x layout.size()
  std::vector<double> n_true;     // clusters: labelled rows; else empty, each is one
  std::vector<double> prob;       // known prob: of the unit's rows, NaN if they differ
  std::vector<std::int64_t> ids;  // clusters: which one; else empty
  bool complete = true;           // false: too many to keep, only their moments are known

  std::size_t size() const { return n; }
  bool is_labelled(std::size_t i) const { return n_true.empty() || n_true[i] > 0.0; }

  void add_cluster(const double* u, std::size_t width, double labelled_rows) {
    values.insert(values.end(), u, u + width);
    n_true.push_back(labelled_rows);
    ++n;
  }
  void make_room(std::size_t n_clusters, const Layout& layout) {
    n = n_clusters;
    values.resize(n * static_cast<std::size_t>(layout.size()));
    n_true.resize(n);
    ids.resize(n);
    if (layout.known_prob) prob.resize(n);
  }
  void forget() {
    *this = StoredUnits();
    complete = false;
  }
};

// All clusters, labelled or not, one entry for each cell they meet; where parts of the data may
// split clusters.
struct KeptUnits {
  std::vector<std::int64_t> unit, stratum, group;  // the cluster's number, and the cell
  std::vector<double> u;                           // n x layout.size(), about the cell's origin
  std::vector<double> n_true, prob, sum_inverse;   // labelled rows; prob as above; sum of 1/prob

  std::size_t size() const { return unit.size(); }
  void add(std::int64_t unit_, std::size_t stratum_, std::size_t group_, const double* values,
           std::ptrdiff_t width) {
    unit.push_back(unit_);
    stratum.push_back(static_cast<std::int64_t>(stratum_));
    group.push_back(static_cast<std::int64_t>(group_));
    u.insert(u.end(), values, values + width);
  }
  // Adds entry i of another part of the data, as `values`, to entry `at`, or as a new one.
  void combine(std::size_t at, const KeptUnits& other, std::size_t i, const Vector& values) {
    const auto width = static_cast<std::size_t>(values.size());
    if (at < size() && same_entry(at, other, i)) {
      for (std::size_t k = 0; k < width; ++k) {
        u[at * width + k] += values[static_cast<Eigen::Index>(k)];
      }
      n_true[at] += other.n_true[i];
      sum_inverse[at] += other.sum_inverse[i];
      if (prob[at] != other.prob[i]) prob[at] = std::numeric_limits<double>::quiet_NaN();
      return;
    }
    add(other.unit[i], static_cast<std::size_t>(other.stratum[i]),
        static_cast<std::size_t>(other.group[i]), values.data(), values.size());
    n_true.push_back(other.n_true[i]);
    prob.push_back(other.prob[i]);
    sum_inverse.push_back(other.sum_inverse[i]);
  }

 private:
  bool same_entry(std::size_t at, const KeptUnits& other, std::size_t i) const {
    return unit[at] == other.unit[i] && stratum[at] == other.stratum[i] &&
           group[at] == other.group[i];
  }
};

struct Cell {
  StratumMoments rows;   // units as they are
  StratumMoments means;  // clusters only: every unit as the means of its parts
  StoredUnits units;

  explicit Cell(const Layout& layout = {0, false}) : rows(layout), means(layout) {}
};

// Units without any label that meet two cells a and b: how many, and sums of u_a u_a', u_b u_b'
// and u_a u_b'.
struct SharedUnits {
  double n = 0.0;
  Matrix aa, bb, ab;

  void add(const Vector& a, const Vector& b) {
    if (n == 0.0) aa = bb = ab = Matrix::Zero(a.size(), a.size());
    n += 1.0;
    aa += a * a.transpose();
    bb += b * b.transpose();
    ab += a * b.transpose();
  }
  void merge(const SharedUnits& other) {
    if (other.n == 0.0) return;
    if (n == 0.0) {
      *this = other;
      return;
    }
    n += other.n;
    aa += other.aa;
    bb += other.bb;
    ab += other.ab;
  }
};

struct LabelSummary {
  using CellPair = std::pair<std::size_t, std::size_t>;  // the smaller first

  Layout layout{0, false};
  std::size_t n_strata = 1, n_groups = 1;
  bool clustered = false;
  bool nested = true;  // no cluster met in two strata
  std::vector<Cell> cells;
  std::map<CellPair, SharedUnits> shared_rows, shared_means;
  bool keeps_units = false;
  KeptUnits kept;  // if so
  // The first rows with a label, from 0, in the data that were passed over. No part of what is
  // merged or saved: a look at the rows needs them.
  std::vector<std::size_t> first_labelled;

  std::size_t at(std::size_t stratum, std::size_t group) const {
    return stratum * n_groups + group;
  }
  const StratumMoments& moments(std::size_t cell, Estimand estimand) const {
    const bool means = clustered && estimand == Estimand::clusters;
    return means ? cells[cell].means : cells[cell].rows;
  }
  const std::map<CellPair, SharedUnits>& shared(Estimand estimand) const {
    return estimand == Estimand::clusters ? shared_means : shared_rows;
  }
  // Writes totals over the rows of a stored unit.
  template <class Unit>
  void read_unit(std::size_t cell, std::size_t i, Unit& u) const {
    const StoredUnits& units = cells[cell].units;
    const auto width = static_cast<std::size_t>(clustered ? layout.size() : layout.n_values());
    const double* values = &units.values[i * width];
    if (clustered) {
      u = Eigen::Map<const Unit>(values, layout.size());
    } else {
      describe_row(layout, cells[cell].rows.origin, values, layout.known_prob ? units.prob[i] : 1.0,
                   u);
    }
  }
  // u of a stored unit as the estimand sees it.
  Vector unit(std::size_t cell, std::size_t i, Estimand estimand) const {
    Vector u(layout.size());
    read_unit(cell, i, u);
    if (clustered && estimand == Estimand::clusters) to_unit_means(layout, u);
    return u;
  }
};

// So many of the first labelled rows are noted.
constexpr std::size_t most_first_labelled = 20000;

// Labelled units are kept one by one up to this many.
constexpr std::size_t most_stored_units = 1000000;

}  // namespace judicious

// The joint of the house: what is kept of any number of rows. Per cell (a stratum of a group) the
// moments of its units, and the labelled units themselves; summaries of parts of the data merge
// into that of the whole. Everything after this is algebra on it.
#pragma once

#include <judicious/data/strata.hpp>
#include <map>
#include <utility>

namespace judicious {

// Units kept one by one, as u about the cell's origin: those with a labelled row, and, where
// clusters meet several cells, those labelled in another one.
struct StoredUnits {
  std::vector<double> u;          // n x layout.size()
  std::vector<double> n_true;     // labelled rows
  std::vector<double> prob;       // known prob: of the unit's rows, NaN if they differ
  std::vector<std::int64_t> ids;  // clusters: which one; else empty
  bool complete = true;           // false: too many to keep, only their moments are known

  std::size_t size() const { return n_true.size(); }
  bool is_labelled(std::size_t i) const { return n_true[i] > 0.0; }

  void add(const double* unit, std::size_t width, double labelled_rows) {
    u.insert(u.end(), unit, unit + width);
    n_true.push_back(labelled_rows);
  }
  void forget() {
    *this = StoredUnits();
    complete = false;
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
  // u of a stored unit as the estimand sees it.
  Vector unit(std::size_t cell, std::size_t i, Estimand estimand) const {
    const auto width = static_cast<std::size_t>(layout.size());
    Vector u = Eigen::Map<const Vector>(&cells[cell].units.u[i * width], layout.size());
    if (clustered && estimand == Estimand::clusters) to_unit_means(layout, u);
    return u;
  }
};

// Labelled units are kept one by one up to this many.
constexpr std::size_t most_stored_units = 1000000;

}  // namespace judicious

#include <doctest/doctest.h>

#include <judicious/data/queried.hpp>
#include <map>
#include <set>

#include "estimate/compare_summaries.hpp"

namespace {

using designs::Design;
using designs::Shape;
using judicious::Matrix;
using judicious::Vector;

constexpr double pilot = 1.5;

std::size_t cell(const Design& d, std::size_t i) {
  return d.strata.empty() ? 0 : designs::at(d.strata[i]);
}

// Missing and 0: the row cannot be drawn.
bool in_frame(const Design& d, std::size_t i) { return d.prob.empty() || d.prob[i] > 0.0; }
bool labelled(const Design& d, std::size_t i) { return !std::isnan(d.y[i]); }

Vector judges(const Design& d, std::size_t i) {
  Vector out(d.n_judges());
  for (int k = 0; k < out.size(); ++k) out[k] = d.f[designs::at(k)][i];
  return out;
}
Vector less_pilot(const Design& d, std::size_t i) { return judges(d, i).array() - pilot; }

// What a database would answer, added up plainly.
class Database {
 public:
  explicit Database(const Design& d) : d_(d), known_prob_(!d.prob.empty()) {
    for (std::size_t i = 0; i < d.n(); ++i) {
      if (labelled(d, i)) labelled_.insert(unit(i));
    }
  }

  judicious::Queried sums() const {
    judicious::Queried out;
    for (const auto& [at, q] : row_sums()) out.rows.push_back(q);
    if (d_.clusters.empty()) return out;
    for (const auto& [at, q] : unit_sums()) out.units.push_back(q);
    return out;
  }

  // Labelled rows, then the means of the others in their clusters, which `count` rows stand for.
  Design fetched(std::vector<double>& count) const {
    Design out = designs::part_of(d_, [&](std::size_t i) { return labelled(d_, i); });
    count.assign(out.n(), 1.0);
    if (d_.clusters.empty()) return out;
    std::map<std::pair<int, double>, std::vector<std::size_t>> rest;
    for (const std::size_t i : others()) {
      if (labelled_.count(unit(i)) > 0) {
        rest[{unit(i), known_prob_ ? d_.prob[i] : 0.0}].push_back(i);
      }
    }
    for (const auto& [key, rows] : rest) {
      add_mean(rows, out);
      count.push_back(static_cast<double>(rows.size()));
    }
    return out;
  }

 private:
  int unit(std::size_t i) const {
    return d_.clusters.empty() ? static_cast<int>(i) : d_.clusters[i];
  }

  std::vector<std::size_t> others() const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < d_.n(); ++i) {
      if (!labelled(d_, i) && in_frame(d_, i)) out.push_back(i);
    }
    return out;
  }

  void add_mean(const std::vector<std::size_t>& rows, Design& to) const {
    Vector mean = Vector::Zero(d_.n_judges());
    for (const std::size_t i : rows) mean += less_pilot(d_, i) / static_cast<double>(rows.size());
    to.y.push_back(designs::missing);
    for (int k = 0; k < mean.size(); ++k) to.f[designs::at(k)].push_back(pilot + mean[k]);
    if (!d_.strata.empty()) to.strata.push_back(d_.strata[rows[0]]);
    to.clusters.push_back(d_.clusters[rows[0]]);
    if (known_prob_) to.prob.push_back(d_.prob[rows[0]]);
  }

  template <class Sums>
  Sums empty(std::size_t at, int size) const {
    Sums out;
    out.cell = at;
    out.pilot = Vector::Constant(d_.n_judges(), pilot);
    out.sum = Vector::Zero(size);
    out.cross = Matrix::Zero(size, size);
    return out;
  }

  static void add(const Vector& x, judicious::QueriedSums& to) {
    to.n += 1.0;
    to.sum += x;
    to.cross += x * x.transpose();
  }

  std::map<std::size_t, judicious::QueriedRows> row_sums() const {
    std::map<std::size_t, judicious::QueriedRows> out;
    const int m = d_.n_judges();
    for (const std::size_t i : others()) {
      const std::size_t at = cell(d_, i);
      const Vector f = less_pilot(d_, i), own = judges(d_, i);
      if (out.count(at) == 0) {
        auto q = empty<judicious::QueriedRows>(at, m);
        q.low = q.high = own;
        q.weighted_sum = q.sum;
        q.weighted_cross = q.cross;
        out.emplace(at, q);
      }
      judicious::QueriedRows& q = out[at];
      add(f, q);
      q.low = q.low.cwiseMin(own);
      q.high = q.high.cwiseMax(own);
      if (known_prob_) add_weighted(f, d_.prob[i], q);
    }
    return out;
  }

  static void add_weighted(const Vector& f, double prob, judicious::QueriedRows& q) {
    q.weighted_n += 1.0 / prob;
    q.weighted_sum += f / prob;
    q.weighted_cross += f * f.transpose() / prob;
    q.prob.lowest = std::min(q.prob.lowest, prob);
    q.prob.highest = std::max(q.prob.highest, prob);
    q.prob.low.add(prob);
  }

  std::map<std::size_t, judicious::QueriedUnits> unit_sums() const {
    std::map<int, std::vector<std::size_t>> rows;
    for (const std::size_t i : others()) {
      if (labelled_.count(unit(i)) == 0) rows[unit(i)].push_back(i);
    }
    std::map<std::size_t, judicious::QueriedUnits> out;
    for (const auto& [id, of_unit] : rows) {
      const std::size_t at = cell(d_, of_unit[0]);
      if (out.count(at) == 0) out.emplace(at, empty_units(at));
      add_unit(of_unit, out[at]);
    }
    return out;
  }

  judicious::QueriedUnits empty_units(std::size_t at) const {
    const int m = d_.n_judges();
    auto q = empty<judicious::QueriedUnits>(at, 1 + m);
    q.size = 7.0;
    q.mean_sum = Vector::Zero(m);
    q.mean_cross = Matrix::Zero(m, m);
    q.poisson = q.cross;
    return q;
  }

  void add_unit(const std::vector<std::size_t>& rows, judicious::QueriedUnits& q) const {
    const auto m = static_cast<double>(rows.size());
    Vector total = Vector::Zero(1 + d_.n_judges());
    total[0] = m;
    for (const std::size_t i : rows) total.tail(d_.n_judges()) += less_pilot(d_, i);
    const Vector mean = total.tail(d_.n_judges()) / m;
    Vector less = total;
    less[0] -= q.size;
    add(less, q);
    q.n_rows += m;
    q.mean_sum += mean;
    q.mean_cross += mean * mean.transpose();
    if (known_prob_) add_unit_prob(rows, total, q);
  }

  void add_unit_prob(const std::vector<std::size_t>& rows, const Vector& total,
                     judicious::QueriedUnits& q) const {
    const double prob = d_.prob[rows[0]];
    bool whole = true;
    for (const std::size_t i : rows) {
      q.sum_inverse += 1.0 / d_.prob[i];
      whole = whole && d_.prob[i] == prob;
    }
    q.whole = q.whole && whole;
    if (!whole) return;
    q.poisson += (1.0 - prob) / prob * total * total.transpose();
    q.low_probs.add(prob);
  }

  const Design& d_;
  bool known_prob_;
  std::set<int> labelled_;
};

judicious::LabelSummary from_database(const Design& d) {
  std::vector<double> count;
  const Database database(d);
  const Design fetched = database.fetched(count);
  judicious::Rows rows = fetched.rows();
  rows.strata.n_groups = d.n_strata();
  if (rows.clusters) {
    rows.count.emplace();
    rows.count->real = count.data();
  }
  std::size_t n_labelled = 0;
  for (std::size_t i = 0; i < d.n(); ++i) n_labelled += labelled(d, i) ? 1 : 0;
  return judicious::summarise_queried(rows, n_labelled, database.sums(),
                                      judicious::serial_executor());
}

}  // namespace

TEST_CASE("sums and labelled rows of a database make the summary of all rows") {
  unsigned seed = 300;
  for (Shape shape : designs::standard_shapes()) {
    for (const bool binary : {false, true}) {
      CAPTURE(seed);
      shape.binary = binary;
      const Design d = designs::random_design(shape, seed++);
      designs::check_same(from_database(d), designs::summarise(d));
    }
  }
}

TEST_CASE("a judge that never varies has no spread, whatever rounding left of it") {
  Design d = designs::random_design(Shape(), 7);
  for (double& f : d.f[0]) f = 0.1;
  const judicious::LabelSummary summary = from_database(d);
  CHECK(summary.cells[0].rows.proxy_rows.cross(0, 0) == 0.0);
  designs::check_same(summary, designs::summarise(d));
}

TEST_CASE("a cell may have labelled rows only") {
  Shape shape;
  shape.strata = 3;
  Design d = designs::random_design(shape, 8);
  for (std::size_t i = 0; i < d.n(); ++i) {
    if (d.strata[i] == 1 && std::isnan(d.y[i])) d.strata[i] = 2;
  }
  designs::check_same(from_database(d), designs::summarise(d));
}

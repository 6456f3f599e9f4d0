#include <doctest/doctest.h>

#include <cstring>
#include <judicious/data/merge.hpp>
#include <judicious/data/pack.hpp>

#include "estimate/designs.hpp"

namespace {

using designs::Design;
using designs::Labels;
using designs::Shape;
using judicious::Cell;
using judicious::Estimand;
using judicious::LabelSummary;
using judicious::Matrix;
using judicious::Moments;

LabelSummary summarise(const Design& d) {
  return judicious::summarise(d.rows(), 1, judicious::serial_executor());
}

// The rows of a design that `keep` says.
template <class Keep>
Design part_of(const Design& d, const Keep& keep) {
  Design out;
  out.f.resize(d.f.size());
  for (std::size_t i = 0; i < d.n(); ++i) {
    if (!keep(i)) continue;
    out.y.push_back(d.y[i]);
    for (std::size_t k = 0; k < d.f.size(); ++k) out.f[k].push_back(d.f[k][i]);
    if (!d.strata.empty()) out.strata.push_back(d.strata[i]);
    if (!d.clusters.empty()) out.clusters.push_back(d.clusters[i]);
    if (!d.prob.empty()) out.prob.push_back(d.prob[i]);
  }
  return out;
}

// Parts that hold whole clusters.
std::vector<LabelSummary> parts_of(const Design& d, std::size_t n_parts) {
  std::vector<LabelSummary> out;
  for (std::size_t p = 0; p < n_parts; ++p) {
    out.push_back(summarise(part_of(d, [&](std::size_t i) {
      return (d.clusters.empty() ? i * i + i / 7 : designs::at(d.clusters[i])) % n_parts == p;
    })));
  }
  return out;
}

LabelSummary merged(const std::vector<LabelSummary>& parts, const std::vector<std::size_t>& order) {
  LabelSummary out = parts[order[0]];
  for (std::size_t k = 1; k < order.size(); ++k) judicious::merge(parts[order[k]], out);
  return out;
}

bool close(const Matrix& a, const Matrix& b) {
  if (a.size() == 0) return b.size() == 0;
  return (a - b).cwiseAbs().maxCoeff() <= 1e-11 * std::max(b.cwiseAbs().maxCoeff(), 1.0);
}

void check_moments(const Moments& a, const Moments& b) {
  CHECK(a.n == b.n);
  CHECK(close(a.mean, b.mean));
  CHECK(close(a.cross, b.cross));
}

// Both summaries counted from the same origin.
void check_same(LabelSummary a, LabelSummary b) {
  REQUIRE(a.cells.size() == b.cells.size());
  for (std::size_t k = 0; k < a.cells.size(); ++k) {
    Cell &x = a.cells[k], &y = b.cells[k];
    judicious::move_origin(a.layout, y.rows.origin, x.rows);
    check_moments(x.rows.labelled, y.rows.labelled);
    check_moments(x.rows.unlabelled, y.rows.unlabelled);
    check_moments(x.rows.proxy_rows, y.rows.proxy_rows);
    CHECK(close(x.rows.poisson_rows, y.rows.poisson_rows));
    CHECK(close(x.rows.poisson_units, y.rows.poisson_units));
    CHECK(x.rows.n_rows == y.rows.n_rows);
    CHECK(x.rows.proxy_low == y.rows.proxy_low);
    CHECK(x.rows.proxy_high == y.rows.proxy_high);
    CHECK(x.rows.labels.lowest == y.rows.labels.lowest);
    CHECK(x.rows.prob.low.size(100.0) ==
          doctest::Approx(y.rows.prob.low.size(100.0)).epsilon(1e-12));
    CHECK(x.units.size() == y.units.size());
  }
}

std::vector<Shape> shapes() {
  std::vector<Shape> out;
  for (const bool known_prob : {false, true}) {
    for (const int clusters : {0, 90}) {
      for (const int strata : {1, 3}) {
        for (const Labels labels : {Labels::rows, Labels::whole_clusters}) {
          if (clusters == 0 && labels == Labels::whole_clusters) continue;
          Shape shape;
          shape.n = 900;
          shape.judges = strata;
          shape.strata = strata;
          shape.clusters = clusters;
          shape.labels = labels;
          shape.known_prob = known_prob;
          out.push_back(shape);
        }
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("summaries of parts make the whole, in any order") {
  unsigned seed = 1;
  for (const Shape& shape : shapes()) {
    CAPTURE(seed);
    const Design d = designs::random_design(shape, seed++);
    const LabelSummary whole = summarise(d);
    const auto parts = parts_of(d, 4);
    check_same(merged(parts, {0, 1, 2, 3}), whole);
    check_same(merged(parts, {3, 1, 0, 2}), whole);
  }
}

TEST_CASE("a summary survives being packed, bit for bit") {
  unsigned seed = 100;
  for (const Shape& shape : shapes()) {
    const LabelSummary summary = summarise(designs::random_design(shape, seed++));
    const auto numbers = judicious::pack(summary);
    const auto again = judicious::pack(judicious::unpack(numbers.data(), numbers.size()));
    REQUIRE(numbers.size() == again.size());
    CHECK(std::memcmp(numbers.data(), again.data(), numbers.size() * sizeof(double)) == 0);
  }
}

TEST_CASE("numbers that are no summary are refused") {
  auto numbers = judicious::pack(summarise(designs::random_design(Shape(), 1)));
  CHECK_THROWS_AS(judicious::unpack(numbers.data(), numbers.size() - 1), std::invalid_argument);
  CHECK_THROWS_AS(judicious::unpack(numbers.data(), 0), std::invalid_argument);
  numbers.push_back(1.0);
  CHECK_THROWS_AS(judicious::unpack(numbers.data(), numbers.size()), std::invalid_argument);
  numbers[0] = 99.0;
  CHECK_THROWS_AS(judicious::unpack(numbers.data(), numbers.size()), std::invalid_argument);
}

TEST_CASE("summaries of different questions do not merge") {
  Shape one, two;
  two.judges = 2;
  LabelSummary a = summarise(designs::random_design(one, 1));
  const LabelSummary b = summarise(designs::random_design(two, 1));
  CHECK_THROWS_AS(judicious::merge(b, a), std::invalid_argument);
}

#include <doctest/doctest.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "estimate/designs.hpp"

namespace {

using designs::at;
using designs::Design;
using designs::fit;
using designs::Labels;
using designs::missing;
using designs::Shape;
using judicious::block_size;
using judicious::Column;
using judicious::MeanFit;
using judicious::MeanOptions;
using judicious::MeanResult;
using judicious::Rows;

// Enough rows for three chunks, the last of them odd.
constexpr std::size_t several_chunks = 3 * 64 * block_size + 1;

void run_reversed(std::size_t n, const judicious::Task& task) {
  for (std::size_t i = n; i > 0; --i) task(i - 1);
}

void run_on_threads(std::size_t n, const judicious::Task& task) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < n; i = next++) task(i);
    });
  }
  for (auto& thread : threads) thread.join();
}

bool identical(const MeanFit& a, const MeanFit& b) {
  return std::memcmp(&a, &b, sizeof(MeanFit)) == 0;
}

void check_identical(const MeanResult& a, const MeanResult& b) {
  REQUIRE(a.identified);
  CHECK(identical(a.fit, b.fit));
  CHECK(identical(a.labels_only, b.labels_only));
  CHECK(a.p0 == b.p0);
  CHECK(a.base_rows == b.base_rows);
  CHECK(a.base_units == b.base_units);
  for (std::size_t h = 0; h < a.design.strata.size(); ++h) {
    CHECK(a.design.strata[h].lambda == b.design.strata[h].lambda);
  }
}

MeanOptions options_with_everything() {
  MeanOptions out;
  out.skew = true;
  return out;
}

// Labels on every third row, values that give each row's loss or doubling away.
Design counted(std::size_t n) {
  Design d;
  d.f.resize(1);
  for (std::size_t i = 0; i < n; ++i) {
    d.y.push_back(i % 3 == 0 ? std::sqrt(1.0 + i) : missing);
    d.f[0].push_back(static_cast<double>((i * i) % 101));
  }
  return d;
}

}  // namespace

TEST_CASE("columns of integers, logicals and factors are the same numbers as doubles") {
  const int na = std::numeric_limits<int>::min();
  const std::vector<int> ints = {3, na, -7, 0};
  Column column;
  column.integer = ints.data();
  CHECK(column.at(0) == 3.0);
  CHECK(std::isnan(column.at(1)));
  CHECK(column.at(2) == -7.0);
  column.offset = 1;  // a factor: level codes 1 and 2
  CHECK(column.at(0) == 2.0);
  CHECK(std::isnan(column.at(1)));
  double buffer[2];
  CHECK(column.load(2, 2, buffer)[1] == -1.0);
}

TEST_CASE("a column of doubles is read in place") {
  const std::vector<double> x = {1.5, 2.5};
  Column column;
  column.real = x.data();
  double buffer[2];
  CHECK(column.load(1, 1, buffer) == x.data() + 1);
}

TEST_CASE("an estimate from integers and factors is that from doubles, bit by bit") {
  Shape shape;
  shape.n = 3000;
  shape.judges = 2;
  shape.binary = true;
  const Design d = designs::random_design(shape, 1);
  std::vector<int> y, factor;
  for (std::size_t i = 0; i < d.n(); ++i) {
    y.push_back(std::isnan(d.y[i]) ? std::numeric_limits<int>::min() : static_cast<int>(d.y[i]));
    factor.push_back(static_cast<int>(d.f[1][i]) + 1);
  }
  Rows rows = d.rows();
  rows.y.real = rows.proxies[1].real = nullptr;
  rows.y.integer = y.data();
  rows.proxies[1].integer = factor.data();
  rows.proxies[1].offset = 1;
  const MeanOptions options = options_with_everything();
  check_identical(fit(rows, options), fit(d, options));
}

TEST_CASE("blocks visit every row once, in order") {
  for (std::size_t n : {1, 2, 1023, 1024, 1025, 5000}) {
    const Design d = counted(n);
    std::size_t next = 0;
    judicious::for_each_block(d.rows(), 0, n, [&](const judicious::Block& block) {
      CHECK(block.begin == next);
      CHECK(block.size <= block_size);
      CHECK(block.proxies[0][block.size - 1] == d.f[0][next + block.size - 1]);
      next += block.size;
    });
    CHECK(next == n);
  }
}

TEST_CASE("chunks cover the rows without overlap, and their number depends on the data alone") {
  for (std::size_t n : {1, 1023, 65535, 65536, 65537, 131071, 131072, 131073, 1000003, 100000000}) {
    for (std::size_t per_chunk : {1, 1000, 50000}) {
      const std::size_t n_chunks = judicious::count_chunks(n, per_chunk);
      CHECK(n_chunks >= 1);
      CHECK(n_chunks <= 64);
      CHECK(judicious::chunk_begin(0, n_chunks, n) == 0);
      CHECK(judicious::chunk_begin(n_chunks, n_chunks, n) == n);
      for (std::size_t c = 0; c < n_chunks; ++c) {
        const std::size_t begin = judicious::chunk_begin(c, n_chunks, n);
        CHECK(begin % block_size == 0);
        CHECK(begin < judicious::chunk_begin(c + 1, n_chunks, n));
      }
    }
  }
  CHECK(judicious::count_chunks(several_chunks, 1) == 3);
}

TEST_CASE("no row is lost or doubled at the edges of blocks and chunks") {
  for (std::size_t n :
       {7u, 1023u, 1024u, 1025u, 65535u, 65536u, 65537u, 131071u, 131072u, 131073u}) {
    const Design d = counted(n);
    double sum_y = 0.0, sum_labelled = 0.0, sum_rest = 0.0, n_true = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const bool labelled = i % 3 == 0;
      n_true += labelled ? 1.0 : 0.0;
      sum_y += labelled ? d.y[i] : 0.0;
      (labelled ? sum_labelled : sum_rest) += d.f[0][i];
    }
    const MeanResult result = fit(d, MeanOptions());
    const auto& in = result.design.strata[0].influence;
    const double n_rest = static_cast<double>(n) - n_true;
    CHECK(result.moments[0].n_rows == static_cast<double>(n));
    CHECK(result.moments[0].n_true == n_true);
    CHECK(in.zeta == doctest::Approx(sum_y / n_true).epsilon(1e-12));
    CHECK(in.g[0] == doctest::Approx(sum_labelled / n_true - sum_rest / n_rest).epsilon(1e-10));
  }
}

TEST_CASE("the order and number of threads do not change one bit, rows") {
  unsigned seed = 1;
  for (bool known_prob : {false, true}) {
    for (int judges : {0, 1, 4}) {
      Shape shape;
      shape.n = several_chunks;
      shape.judges = judges;
      shape.strata = (judges == 1) == known_prob ? 1 : 5;
      shape.known_prob = known_prob;
      shape.share = 0.1;
      const Design d = designs::random_design(shape, seed++);
      const MeanOptions options = options_with_everything();
      const MeanResult serial = fit(d, options);
      check_identical(serial, fit(d, options, 3, run_reversed));
      check_identical(serial, fit(d, options, 3, run_on_threads));
    }
  }
}

TEST_CASE("the order and number of tasks do not change one bit, clusters") {
  unsigned seed = 30;
  for (bool known_prob : {false, true}) {
    for (int strata : {1, 3}) {
      for (Labels labels : {Labels::rows, Labels::whole_clusters}) {
        Shape shape;
        shape.n = 3000;
        shape.clusters = 401;
        shape.judges = 2;
        shape.strata = strata;
        shape.labels = labels;
        shape.known_prob = known_prob;
        const Design d = designs::random_design(shape, seed++);
        const MeanOptions options = options_with_everything();
        const MeanResult one = fit(d, options, 1);
        for (std::size_t n_tasks : {2, 7, 1000}) {
          check_identical(one, fit(d, options, n_tasks, run_reversed));
        }
        check_identical(one, fit(d, options, 3, run_on_threads));
        check_identical(one, fit(d, options, 1000, run_on_threads));
      }
    }
  }
}

TEST_CASE("codes may start anywhere, and cluster codes may have gaps") {
  Shape shape;
  shape.n = 2000;
  shape.strata = 3;
  shape.clusters = 200;
  const Design d = designs::random_design(shape, 50);
  std::vector<int> strata, clusters;
  for (std::size_t i = 0; i < d.n(); ++i) {
    strata.push_back(d.strata[i] - 5);
    clusters.push_back(3 * d.clusters[i] + 1000000);
  }
  Rows rows = d.rows();
  rows.strata = {strata.data(), -5, 3};
  rows.clusters = judicious::Groups{clusters.data(), 1000000, 600};
  check_identical(fit(rows, MeanOptions(), 2), fit(d, MeanOptions()));
}

TEST_CASE("codes of few groups may be bytes") {
  for (const bool clustered : {false, true}) {
    Shape shape;
    shape.n = 5000;
    shape.strata = 3;
    if (clustered) shape.clusters = 240;
    const Design d = designs::random_design(shape, 51);
    std::vector<std::uint8_t> strata, clusters;
    for (const int code : d.strata) strata.push_back(static_cast<std::uint8_t>(code + 1));
    for (const int code : d.clusters) clusters.push_back(static_cast<std::uint8_t>(code));
    Rows rows = d.rows();
    rows.strata = {nullptr, 1, 3, strata.data()};
    if (clustered) rows.clusters = judicious::Groups{nullptr, 0, 240, clusters.data()};
    for (const std::size_t n_tasks : {1u, 3u}) {
      check_identical(fit(rows, MeanOptions(), n_tasks), fit(d, MeanOptions()));
    }
  }
}

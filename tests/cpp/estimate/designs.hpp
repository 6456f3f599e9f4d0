// Random data in every design the estimator knows, and its answer, for the tests.
// The estimator is compiled in designs.cpp alone: with sanitizers that takes minutes.
#pragma once

#include <algorithm>
#include <judicious/estimate/mean.hpp>
#include <limits>
#include <vector>

namespace designs {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

struct Design {
  std::vector<double> y;               // NaN: not labelled
  std::vector<std::vector<double>> f;  // one column per judge
  std::vector<int> strata, clusters;   // codes from 0; empty: none
  std::vector<double> prob;            // empty: labelled uniformly

  std::size_t n() const { return y.size(); }
  int n_judges() const { return static_cast<int>(f.size()); }
  std::size_t n_strata() const { return n_codes(strata); }

  // A view: the design must outlive it.
  judicious::Rows rows() const {
    judicious::Rows out;
    out.n = n();
    out.y.real = y.data();
    for (const auto& column : f) {
      out.proxies.emplace_back();
      out.proxies.back().real = column.data();
    }
    if (!prob.empty()) {
      out.prob.emplace();
      out.prob->real = prob.data();
    }
    if (!strata.empty()) out.strata = {strata.data(), 0, n_codes(strata)};
    if (!clusters.empty()) out.clusters = judicious::Groups{clusters.data(), 0, n_codes(clusters)};
    return out;
  }

 private:
  static std::size_t n_codes(const std::vector<int>& codes) {
    if (codes.empty()) return 1;
    return static_cast<std::size_t>(*std::max_element(codes.begin(), codes.end())) + 1;
  }
};

enum class Labels { rows, whole_clusters };

struct Shape {
  std::size_t n = 400;
  int judges = 1;
  int strata = 1;
  int clusters = 0;  // 0: rows are their own units
  Labels labels = Labels::rows;
  bool known_prob = false;
  bool binary = false;
  double share = 0.3;  // of rows or clusters labelled, on average
};

// One of each kind of design.
inline std::vector<Shape> standard_shapes() {
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

inline std::size_t at(int code) { return static_cast<std::size_t>(code); }

Design random_design(const Shape& shape, unsigned seed);

// The library's answer; not estimated where it cannot be.
judicious::MeanResult fit(const judicious::Rows& rows, judicious::MeanOptions options,
                          std::size_t n_tasks = 1,
                          const judicious::Executor& run = judicious::serial_executor());

inline judicious::MeanResult fit(const Design& design, const judicious::MeanOptions& options,
                                 std::size_t n_tasks = 1,
                                 const judicious::Executor& run = judicious::serial_executor()) {
  return fit(design.rows(), options, n_tasks, run);
}

}  // namespace designs

// Rows of clusters in any order, on their way to the clusters' totals. Totals of a million clusters
// fit no near memory, so each row would wait for its own: they are asked for some rows ahead.
#pragma once

#include <judicious/data/row_kernels.hpp>
#include <judicious/numeric/linear.hpp>

namespace judicious {

// M judges, or Eigen::Dynamic.
template <int M>
class ScatteredUnits {
 public:
  // `totals`: of each unit, its count of rows without a label and the sums of their judges about
  // `origin`. Only the units [first, last) are looked at.
  ScatteredUnits(double* totals, const double* origin, std::size_t n_proxies, std::size_t first,
                 std::size_t last)
      : elsewhere_(1 + n_proxies, 0.0), range_{totals + first * (1 + n_proxies),
                                               elsewhere_.data(),
                                               origin,
                                               first,
                                               last - first,
                                               n_proxies} {}

  ScatteredUnits(ScatteredUnits&&) = default;  // a copy would point to another's `elsewhere_`

  // Adds a block of rows, after which `n_more` follow.
  void add(const BlockRows& rows, const Groups& units, std::size_t begin,
           std::size_t n_more) const {
    const Range range = range_;  // copies, which stay in registers
    const Values values(rows, range_);
    const auto add = [=](std::size_t from, std::size_t to, auto unit_of, auto before) {
      for (std::size_t i = from; i < to; ++i) {
        before(i);
        values.add_row(i, range.at(unit_of(i)));
      }
    };
    const auto nothing = [](std::size_t) {};
    if (units.codes == nullptr) {  // few, which are near
      return add(
          0, rows.size, [=](std::size_t i) { return units[begin + i]; }, nothing);
    }
    const auto unit_of = [codes = units.codes + begin, first = units.first](std::size_t i) {
      return static_cast<std::size_t>(codes[i] - first);
    };
    const std::size_t all_to_come = ahead - std::min(n_more, ahead);
    const std::size_t fetching = rows.size - std::min(rows.size, all_to_come);
    add(0, fetching, unit_of, [=](std::size_t i) { fetch_to_write(range.at(unit_of(i + ahead))); });
    add(fetching, rows.size, unit_of, nothing);
  }

 private:
  static constexpr std::size_t ahead = 64;

  struct Range {
    double *totals, *elsewhere;
    const double* origin;
    std::size_t first, n, n_proxies;

    // Units of other tasks have their totals in one place, which nobody reads.
    JUDICIOUS_INLINE double* at(std::size_t unit) const {
      const std::size_t i = unit - first;
      return i < n ? totals + i * (1 + m()) : elsewhere;
    }

    std::size_t m() const { return M == Eigen::Dynamic ? n_proxies : static_cast<std::size_t>(M); }
  };

  // What a row adds to its unit.
  struct Values {
    const double *y, *f;
    const double* const* all;
    Pair origin;
    Range range;

    Values(const BlockRows& rows, const Range& range_)
        : y(rows.y), f(M == 0 ? nullptr : rows.f[0]), all(rows.f), range(range_) {
      origin = pair_of(M == 0 ? 0.0 : range.origin[0]);
    }

    JUDICIOUS_INLINE void add_row(std::size_t i, double* u) const {
      if constexpr (M == 1) {
        const PairMask open = missing(pair_of(y[i]));
        store_pair(load_pair(u) + keep(open, Pair{1.0, f[i] - origin[0]}), u);
      } else {
        if (y[i] == y[i]) return;
        u[0] += 1.0;
        for (std::size_t k = 0; k < range.m(); ++k) u[1 + k] += all[k][i] - range.origin[k];
      }
    }
  };

  std::vector<double> elsewhere_;
  Range range_;
};

}  // namespace judicious

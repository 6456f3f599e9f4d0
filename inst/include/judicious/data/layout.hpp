// How a sampling unit (a row, or a cluster of rows) is described: by the vector u of totals over
// its rows,
//   labelled subset drawn uniformly   u = (m_L, Y_L, F_L, m_U, F_U)
//   known inclusion probabilities     u = (w, wY, wF, m, F)
// with m counts of rows, L / U the labelled / unlabelled part, w = 1/prob on labelled rows and 0
// elsewhere, Y one entry per response and F one per judge. Labelled rows fill the first part; the
// second is over unlabelled rows, or over all rows if prob is known. Every estimator of this
// library is a function of the first two moments of u.
#pragma once

#include <judicious/numeric/linear.hpp>
#include <type_traits>

namespace judicious {

enum class Estimand { rows, clusters };

// Positions in u, for M judges and K responses.
struct Layout {
  int n_proxies;
  bool known_prob;
  int n_responses = 1;

  int size() const { return 2 + n_responses + 2 * n_proxies; }
  // Labelled rows: their number or weight, and sums weighted alike.
  static constexpr int labelled = 0, labelled_y = 1;
  int labelled_proxies() const { return 1 + n_responses; }
  // The rest: unlabelled rows, or all rows if prob is known.
  int rest() const { return 1 + n_responses + n_proxies; }
  int rest_proxies() const { return 2 + n_responses + n_proxies; }
  // Responses and judges side by side, as origins and labelled rows hold them.
  int n_values() const { return n_responses + n_proxies; }

  bool operator==(const Layout& other) const {
    return n_proxies == other.n_proxies && known_prob == other.known_prob &&
           n_responses == other.n_responses;
  }
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

// u of a labelled row from its responses and judges.
template <class Unit>
void describe_row(const Layout& layout, const Vector& origin, const double* values, double prob,
                  Unit& u) {
  const double w = layout.known_prob ? 1.0 / prob : 1.0;
  u.setZero();
  u[Layout::labelled] = w;
  for (int k = 0; k < layout.n_values(); ++k) {
    u[Layout::labelled_y + k] = w * (values[k] - origin[k]);
  }
  if (!layout.known_prob) return;
  u[layout.rest()] = 1.0;
  for (int k = 0; k < layout.n_proxies; ++k) {
    const int value = layout.n_responses + k;
    u[layout.rest_proxies() + k] = values[value] - origin[value];
  }
}

// Replaces sums over a unit's rows by means, for the mean of cluster means.
template <class UnitVector>
void to_unit_means(const Layout& layout, UnitVector& u) {
  if (layout.known_prob) {
    const double n_rows = u[layout.rest()];
    u /= n_rows;
    return;
  }
  const auto divide = [&](int count, int size) {
    if (u[count] == 0.0) return;
    u.segment(count + 1, size) /= u[count];
    u[count] = 1.0;
  };
  divide(Layout::labelled, layout.n_values());
  divide(layout.rest(), layout.n_proxies);
}

// Moves the origin that y and judges are counted from by `shift`: u of the new origin is this
// matrix times u of the old.
inline Matrix origin_shift(const Layout& layout, const Vector& shift) {
  Matrix out = Matrix::Identity(layout.size(), layout.size());
  for (int k = 0; k < layout.n_values(); ++k) {
    out(Layout::labelled_y + k, Layout::labelled) = -shift[k];
  }
  for (int k = 0; k < layout.n_proxies; ++k) {
    out(layout.rest_proxies() + k, layout.rest()) = -shift[layout.n_responses + k];
  }
  return out;
}

}  // namespace judicious

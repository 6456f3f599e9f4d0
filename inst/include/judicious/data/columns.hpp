// Read-only views of the user's columns. Nothing is copied as a whole: rows are
// handed out in blocks small enough for the first-level cache, as doubles, with
// NaN for missing values.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <judicious/data/layout.hpp>
#include <limits>
#include <optional>
#include <vector>

namespace judicious {

constexpr std::size_t block_size = 1024;

// A numeric column: doubles, or integers whose smallest value means missing.
// `offset` is subtracted (a two-level factor is 1/2 with offset 1). With `indicator` a column of
// codes stands for whether a row has that code.
struct Column {
  const double* real = nullptr;
  const int* integer = nullptr;
  int offset = 0;
  std::optional<int> indicator{};

  // The values of [begin, begin + n), in place or converted into `buffer`.
  const double* load(std::size_t begin, std::size_t n, double* buffer) const {
    if (real != nullptr) return real + begin;
    if (indicator) {
      convert(integer + begin, n, buffer,
              [code = *indicator](int value) { return value == code ? 1.0 : 0.0; });
    } else {
      convert(integer + begin, n, buffer,
              [by = offset](int value) { return static_cast<double>(value - by); });
    }
    return buffer;
  }

  double at(std::size_t i) const {
    double buffer = 0.0;
    return *load(i, 1, &buffer);
  }

 private:
  template <class Map>
  static void convert(const int* from, std::size_t n, double* to, Map&& map) {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t i = 0; i < n; ++i) {
      to[i] = from[i] == std::numeric_limits<int>::min() ? missing : map(from[i]);
    }
  }
};

// Group membership: row i belongs to group codes[i] - first, of n_groups; or all
// rows to one group.
struct Groups {
  const int* codes = nullptr;
  int first = 0;
  std::size_t n_groups = 1;

  std::size_t operator[](std::size_t i) const {
    return codes == nullptr ? 0 : static_cast<std::size_t>(codes[i] - first);
  }
};

// The rows of one question: human labels (NaN = nobody labelled this row), judge
// labels, and the design. Further responses are labelled on the same rows as `y`. Rows fall into
// cells, a stratum of a group each.
struct Rows {
  std::size_t n = 0;
  Column y;
  std::vector<Column> proxies;
  std::optional<Column> prob;
  Groups strata;
  std::optional<Groups> clusters;
  std::vector<Column> more_y{};
  Groups groups{};
  std::optional<Column> count{};  // how many unlabelled rows a row stands for; none: itself

  int n_proxies() const { return static_cast<int>(proxies.size()); }
  Layout layout() const {
    return {n_proxies(), prob.has_value(), 1 + static_cast<int>(more_y.size())};
  }
  std::size_t n_cells() const { return strata.n_groups * groups.n_groups; }
  std::size_t cell(std::size_t i) const { return strata[i] * groups.n_groups + groups[i]; }

  // Responses, then judges.
  const Column& value(int k) const {
    const auto at = static_cast<std::size_t>(k);
    if (at == 0) return y;
    return at <= more_y.size() ? more_y[at - 1] : proxies[at - 1 - more_y.size()];
  }
};

// A block of rows as plain arrays.
struct Block {
  std::size_t begin = 0, size = 0;
  const double* y = nullptr;
  const double* prob = nullptr;
  std::vector<const double*> values;  // responses, then judges
  const double* const* proxies = nullptr;
};

// Calls visit(block) for consecutive blocks of the rows [begin, end).
template <class Visitor>
void for_each_block(const Rows& rows, std::size_t begin, std::size_t end, Visitor&& visit) {
  const auto n_values = static_cast<std::size_t>(rows.layout().n_values());
  std::vector<std::array<double, block_size>> buffers(n_values + 1);
  Block block;
  block.values.resize(n_values);
  block.proxies = block.values.data() + 1 + rows.more_y.size();
  for (std::size_t from = begin; from < end; from += block_size) {
    block.begin = from;
    block.size = std::min(block_size, end - from);
    for (std::size_t k = 0; k < n_values; ++k) {
      block.values[k] = rows.value(static_cast<int>(k)).load(from, block.size, buffers[k].data());
    }
    block.y = block.values[0];
    if (rows.prob) block.prob = rows.prob->load(from, block.size, buffers[n_values].data());
    visit(block);
  }
}

// The first labelled row of [from, end), or end: labels are few, so eight rows are looked at at
// once.
inline std::size_t next_label(const double* y, std::size_t from, std::size_t end) {
  using Eight = Eigen::Array<double, 8, 1>;
  while (from + 8 <= end) {
    const auto rows = Eigen::Map<const Eight>(y + from);
    if ((rows == rows).any()) break;
    from += 8;
  }
  while (from < end && y[from] != y[from]) ++from;
  return from;
}

// The first row of [from, end) without a label, or end.
inline std::size_t next_gap(const double* y, std::size_t from, std::size_t end) {
  using Eight = Eigen::Array<double, 8, 1>;
  while (from + 8 <= end) {
    const auto rows = Eigen::Map<const Eight>(y + from);
    if (!(rows == rows).all()) break;
    from += 8;
  }
  while (from < end && y[from] == y[from]) ++from;
  return from;
}

// Work is cut into chunks whose number depends on the data alone, never on the
// number of threads; `per_chunk` is what one chunk's result costs in values.
inline std::size_t count_chunks(std::size_t n_rows, std::size_t per_chunk) {
  const std::size_t least = std::max<std::size_t>(64 * block_size, 8 * per_chunk);
  return std::clamp<std::size_t>(n_rows / least, 1, 64);
}

inline std::size_t chunk_begin(std::size_t chunk, std::size_t n_chunks, std::size_t n_rows) {
  const std::size_t blocks = (n_rows + block_size - 1) / block_size;
  return std::min(n_rows, (chunk * blocks / n_chunks) * block_size);
}

}  // namespace judicious

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
#include <judicious/numeric/lanes.hpp>
#include <judicious/numeric/wide_lanes.hpp>
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
    const int* from = integer + begin;
    if (indicator) {
      convert(from, n, buffer, [code = *indicator](int x) { return x == code ? 1.0 : 0.0; });
      return buffer;
    }
    const std::size_t fours = n / 4 * 4;
    store_fours(from, fours, buffer);
    convert(from + fours, n - fours, buffer + fours,
            [by = offset](int x) { return static_cast<double>(x) - by; });
    return buffer;
  }

  double at(std::size_t i) const {
    double buffer = 0.0;
    return *load(i, 1, &buffer);
  }

 private:
  void store_fours(const int* from, std::size_t n, double* to) const {
#if defined(JUDICIOUS_WIDE_LANES)
    if (has_wide_lanes()) return wide_lanes::store_integers(from, n, offset, to);
#endif
    for (std::size_t i = 0; i < n; i += 4) store_integers(from + i, offset, to + i);
  }

  template <class Map>
  static void convert(const int* from, std::size_t n, double* to, Map&& map) {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t i = 0; i < n; ++i) {
      to[i] = from[i] == std::numeric_limits<int>::min() ? missing : map(from[i]);
    }
  }
};

// Group membership: row i belongs to group codes[i] - first, of n_groups; or all
// rows to one group. Codes of few groups may be single bytes.
struct Groups {
  const int* codes = nullptr;
  int first = 0;
  std::size_t n_groups = 1;
  const std::uint8_t* bytes = nullptr;  // in place of `codes`

  std::size_t operator[](std::size_t i) const {
    if (bytes != nullptr) return static_cast<std::size_t>(bytes[i] - first);
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

// Which rows of a block have a label.
struct BlockLabels {
  std::array<std::uint16_t, block_size> rows;
  std::size_t n = 0;

  // Notes those of [begin, end).
  void note(const double* y, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      rows[n] = static_cast<std::uint16_t>(i);
      n += y[i] == y[i] ? 1 : 0;
    }
  }

  // Notes those whose bit is set: of up to 64 rows from `begin` on, the first is the lowest.
  void note(std::size_t begin, std::uint64_t labelled) {
    for (; labelled != 0; labelled &= labelled - 1) {
      rows[n++] = static_cast<std::uint16_t>(begin + lowest_bit(labelled));
    }
  }

  // Notes all of a block.
  void find(const double* y, std::size_t size) {
    std::size_t i = 0;
    for (n = 0; i + 8 <= size;) {
      const std::size_t begin = i, end = std::min(i + 64, size / 8 * 8);
      std::uint64_t labelled = 0;
      for (; i < end; i += 8) {
        const PairMask a = missing(load_pair(y + i)), b = missing(load_pair(y + i + 2));
        const PairMask c = missing(load_pair(y + i + 4)), d = missing(load_pair(y + i + 6));
        const auto has_label = static_cast<std::uint8_t>(~signs(a, b, c, d));
        labelled |= static_cast<std::uint64_t>(has_label) << (i - begin);
      }
      note(begin, labelled);
    }
    note(y, i, size);
  }
};

// The first `most` rows, counted from 1, of n that are not missing in a column.
inline std::vector<double> rows_with_value(const Column& column, std::size_t n, std::size_t most) {
  std::array<double, block_size> buffer;
  BlockLabels found;
  std::vector<double> out;
  for (std::size_t begin = 0; begin < n && out.size() < most; begin += block_size) {
    const std::size_t size = std::min(block_size, n - begin);
    found.find(column.load(begin, size, buffer.data()), size);
    for (std::size_t j = 0; j < found.n && out.size() < most; ++j) {
      out.push_back(static_cast<double>(begin + found.rows[j] + 1));
    }
  }
  return out;
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

// Read-only views of the user's columns. Nothing is copied as a whole: rows are
// handed out in blocks small enough for the first-level cache, as doubles, with
// NaN for missing values.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace judicious {

constexpr std::size_t block_size = 1024;

// A numeric column: doubles, or integers whose smallest value means missing.
// `offset` is subtracted (a two-level factor is 1/2 with offset 1).
struct Column {
  const double* real = nullptr;
  const int* integer = nullptr;
  int offset = 0;

  // The values of [begin, begin + n), in place or converted into `buffer`.
  const double* load(std::size_t begin, std::size_t n, double* buffer) const {
    if (real != nullptr) return real + begin;
    for (std::size_t i = 0; i < n; ++i) {
      const int value = integer[begin + i];
      buffer[i] = value == std::numeric_limits<int>::min()
                      ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(value - offset);
    }
    return buffer;
  }

  double at(std::size_t i) const {
    double buffer = 0.0;
    return *load(i, 1, &buffer);
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
// labels, and the design.
struct Rows {
  std::size_t n = 0;
  Column y;
  std::vector<Column> proxies;
  std::optional<Column> prob;
  Groups strata;
  std::optional<Groups> clusters;

  int n_proxies() const { return static_cast<int>(proxies.size()); }
};

// A block of rows as plain arrays.
struct Block {
  std::size_t begin = 0, size = 0;
  const double* y = nullptr;
  const double* prob = nullptr;
  std::vector<const double*> proxies;
};

// Calls visit(block) for consecutive blocks of the rows [begin, end).
template <class Visitor>
void for_each_block(const Rows& rows, std::size_t begin, std::size_t end, Visitor&& visit) {
  const std::size_t columns = rows.proxies.size() + 2;
  std::vector<std::array<double, block_size>> buffers(columns);
  Block block;
  block.proxies.resize(rows.proxies.size());
  for (std::size_t from = begin; from < end; from += block_size) {
    block.begin = from;
    block.size = std::min(block_size, end - from);
    block.y = rows.y.load(from, block.size, buffers[0].data());
    if (rows.prob) block.prob = rows.prob->load(from, block.size, buffers[1].data());
    for (std::size_t k = 0; k < rows.proxies.size(); ++k) {
      block.proxies[k] = rows.proxies[k].load(from, block.size, buffers[k + 2].data());
    }
    visit(block);
  }
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

#include <doctest/doctest.h>

#include <cstring>
#include <judicious/data/kept_units.hpp>
#include <judicious/data/pack.hpp>

#include "estimate/compare_summaries.hpp"

namespace {

using designs::Design;
using designs::Shape;
using judicious::LabelSummary;
using Numbers = std::vector<std::int64_t>;

struct Kept {
  LabelSummary summary;
  Numbers clusters;  // the code of each number
};

Kept keep(const Design& d) {
  Kept out;
  out.summary =
      judicious::summarise_keeping(d.rows(), 2, judicious::serial_executor(), out.clusters);
  return out;
}

// Adds a part; the clusters of both are numbered anew.
void merge(const Kept& part, Kept& whole) {
  const auto number = [&](std::int64_t code) {
    const auto found = std::find(whole.clusters.begin(), whole.clusters.end(), code);
    const auto at = found - whole.clusters.begin();
    if (found == whole.clusters.end()) whole.clusters.push_back(code);
    return static_cast<std::int64_t>(at);
  };
  Numbers of_whole, of_part;
  for (std::size_t i = 0; i < whole.clusters.size(); ++i) {
    of_whole.push_back(static_cast<std::int64_t>(i));
  }
  for (const std::int64_t code : part.clusters) of_part.push_back(number(code));
  judicious::merge_kept(part.summary, of_part, of_whole, whole.summary);
}

std::vector<Shape> clustered_shapes() {
  std::vector<Shape> out;
  for (const Shape& shape : designs::standard_shapes()) {
    if (shape.clusters > 0) out.push_back(shape);
  }
  return out;
}

}  // namespace

TEST_CASE("parts that split clusters make the whole, wherever they are cut and in any order") {
  unsigned seed = 1;
  for (const Shape& shape : clustered_shapes()) {
    CAPTURE(seed);
    const Design d = designs::random_design(shape, seed++);
    const LabelSummary whole = designs::summarise(d);
    std::vector<Kept> parts;
    for (std::size_t p = 0; p < 3; ++p) {
      parts.push_back(keep(
          designs::part_of(d, [&](std::size_t i) { return (i * (seed + 2) + i / 5) % 3 == p; })));
    }
    for (const std::vector<std::size_t>& order : {std::vector<std::size_t>{0, 1, 2}, {2, 0, 1}}) {
      Kept merged = parts[order[0]];
      merge(parts[order[1]], merged);
      merge(parts[order[2]], merged);
      designs::check_same(merged.summary, whole);
      CHECK(merged.summary.nested);
    }
  }
}

TEST_CASE("keeping all clusters changes nothing else, and is packed bit for bit") {
  unsigned seed = 40;
  for (const Shape& shape : clustered_shapes()) {
    const Design d = designs::random_design(shape, seed++);
    const Kept kept = keep(d);
    designs::check_same(kept.summary, designs::summarise(d));
    const auto numbers = judicious::pack(kept.summary);
    const LabelSummary read = judicious::unpack(numbers.data(), numbers.size());
    CHECK(read.keeps_units);
    CHECK(read.kept.unit == kept.summary.kept.unit);
    const auto again = judicious::pack(read);
    REQUIRE(again.size() == numbers.size());
    CHECK(std::memcmp(numbers.data(), again.data(), numbers.size() * sizeof(double)) == 0);
  }
}

TEST_CASE("only summaries that keep their clusters merge split ones") {
  Shape shape;
  shape.clusters = 50;
  const Design d = designs::random_design(shape, 1);
  Kept kept = keep(d);
  CHECK_THROWS_AS(judicious::merge_kept(designs::summarise(d), {}, {}, kept.summary),
                  std::invalid_argument);
}

#include <doctest/doctest.h>

#include <judicious/data/codes.hpp>
#include <limits>
#include <vector>

namespace {

constexpr int missing = std::numeric_limits<int>::min();

judicious::CodeScan scan(const std::vector<int>& codes, std::size_t max_span = 100) {
  return judicious::scan_codes(codes.data(), codes.size(), max_span);
}

}  // namespace

TEST_CASE("dense codes can be used as they are") {
  const auto s = scan({3, 5, 4, 3});
  CHECK(s.lowest == 3);
  CHECK(s.highest == 5);
  CHECK(s.span() == 3);
  CHECK(s.fits);
  CHECK(s.dense);
  CHECK_FALSE(s.has_missing);
}

TEST_CASE("a gap is no reason not to fit, but not dense") {
  const auto s = scan({1, 4, 2});
  CHECK(s.fits);
  CHECK_FALSE(s.dense);
}

TEST_CASE("the span is limited, both ends included") {
  CHECK(scan({1, 100}).fits);
  CHECK_FALSE(scan({0, 100}).fits);
  CHECK_FALSE(scan({0, 100}).dense);
  CHECK(scan({-50, 49}).fits);
}

TEST_CASE("the widest span does not overflow") {
  const int highest = std::numeric_limits<int>::max();
  const auto s = scan({missing + 1, highest});
  CHECK(s.span() == 4294967295u);
  CHECK_FALSE(s.fits);
  CHECK_FALSE(s.has_missing);
}

TEST_CASE("missing codes are found anywhere") {
  for (const auto& codes : {std::vector<int>{missing, 1, 2}, {1, 2, missing}, {missing}}) {
    const auto s = scan(codes);
    CHECK(s.has_missing);
    CHECK_FALSE(s.fits);
    CHECK_FALSE(s.dense);
  }
}

TEST_CASE("one code, and none") {
  CHECK(scan({7}).dense);
  CHECK(scan({7}).span() == 1);
  const auto empty = scan({});
  CHECK_FALSE(empty.fits);
  CHECK_FALSE(empty.has_missing);
}

TEST_CASE("long columns, sorted and not, have the same codes") {
  std::vector<int> sorted;
  for (int code = -3; code < 17; ++code) sorted.insert(sorted.end(), 500, code);
  std::vector<int> mixed;
  for (std::size_t i = 0; i < sorted.size(); ++i) mixed.push_back(sorted[i * 7919 % sorted.size()]);
  for (auto codes : {sorted, mixed}) {
    CHECK(scan(codes).dense);
    CHECK(scan(codes).lowest == -3);
    CHECK(scan(codes).highest == 16);
    for (int& code : codes) code += code >= 9 ? 1 : 0;
    CHECK_FALSE(scan(codes).dense);
    CHECK(scan(codes).highest == 17);
    codes.back() = missing;
    CHECK(scan(codes).has_missing);
  }
}

TEST_CASE("density is only found where it is asked for") {
  const std::vector<int> codes{1, 2, 3};
  CHECK_FALSE(judicious::scan_codes(codes.data(), codes.size(), 10, false).dense);
  CHECK(judicious::scan_codes(codes.data(), codes.size(), 10, false).fits);
}

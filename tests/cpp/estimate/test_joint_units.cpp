#include <doctest/doctest.h>

#include <judicious/estimate/joint_units.hpp>

#include "estimate/designs.hpp"

namespace {

using designs::missing;
using judicious::JointUnits;
using judicious::LabelSummary;
using judicious::UnitParts;

// Items in two groups: 0 and 1 in the first alone, 2 labelled in both, 3 labelled in the second
// only, 4 never labelled.
JointUnits units() {
  designs::Design d;
  d.y = {1.0, 2.0, 3.0, missing, 4.0, 5.0, missing};
  d.f = {{1.5, 2.5, 3.5, 0.5, 4.5, 5.5, 1.0}};
  d.clusters = {0, 1, 2, 3, 2, 3, 4};
  const std::vector<int> group{0, 0, 0, 0, 1, 1, 1};
  judicious::Rows rows = d.rows();
  rows.groups = judicious::Groups{group.data(), 0, 2};
  return {
      std::make_shared<LabelSummary>(judicious::summarise(rows, 1, judicious::serial_executor())),
      judicious::Estimand::rows};
}

std::vector<std::string> patterns(const std::vector<std::size_t>& groups) {
  const JointUnits all = units();
  std::vector<std::string> out;
  all.for_units_of(groups, [&](const UnitParts& u) { out.push_back(all.pattern_of(u, groups)); });
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("a unit of several groups is visited once, with what is known of it in each") {
  CHECK(patterns({0, 1}) == std::vector<std::string>{"l.", "l.", "ll", "ul"});
  CHECK(patterns({1, 0}) == std::vector<std::string>{".l", ".l", "ll", "lu"});
  CHECK(patterns({1}) == std::vector<std::string>{"l", "l"});
  CHECK(units().complete());
}

TEST_CASE("overlap counts labels in both groups") {
  CHECK(units().label_overlap(0, 1) == doctest::Approx(1.0 / std::sqrt(3.0 * 2.0)));
  CHECK(units().label_overlap(1, 0) == doctest::Approx(1.0 / std::sqrt(3.0 * 2.0)));
  CHECK(units().label_overlap(1, 1) == doctest::Approx(1.0));
}

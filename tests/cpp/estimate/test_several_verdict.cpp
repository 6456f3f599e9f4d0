#include <doctest/doctest.h>

#include <judicious/estimate/several_verdict.hpp>
#include <random>

#include "estimate/designs.hpp"

namespace {

using judicious::LabelSummary;
using judicious::LowestProbs;
using judicious::MeanOptions;
using judicious::Rows;
using judicious::Target;
using judicious::VerdictPass;

// Rows of three groups, drawn with a probability that depends on both judges.
struct Drawn {
  designs::Design all;
  std::vector<int> group;

  explicit Drawn(unsigned seed, bool scores = false, bool strata = false) {
    std::mt19937_64 rng(seed);
    std::uniform_real_distribution<double> u;
    all.f.resize(2);
    for (int i = 0; i < 900; ++i) {
      const double y = u(rng) < 0.4 ? 1.0 : 0.0;
      const double first = u(rng) < 0.8 ? y : 1.0 - y, second = u(rng) < 0.7 ? y : 1.0 - y;
      const double prob = 0.1 + 0.2 * first + 0.3 * second + 0.1 * u(rng);
      all.y.push_back(u(rng) < prob ? y : designs::missing);
      all.f[0].push_back(scores ? 0.7 * first + 0.3 * u(rng) : first);
      all.f[1].push_back(second);
      all.prob.push_back(prob);
      if (strata) all.strata.push_back(i % 2);
      group.push_back(i % 3);
    }
  }
  Rows rows() const {
    Rows out = all.rows();
    out.groups = judicious::Groups{group.data(), 0, 3};
    return out;
  }
  // The rows of one group, in order.
  designs::Design part(int g) const {
    designs::Design out;
    out.f.resize(2);
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (group[i] != g) continue;
      out.y.push_back(all.y[i]);
      for (std::size_t k = 0; k < 2; ++k) out.f[k].push_back(all.f[k][i]);
      out.prob.push_back(all.prob[i]);
      if (!all.strata.empty()) out.strata.push_back(all.strata[i]);
    }
    return out;
  }
};

std::vector<Target> targets_of_groups() {
  std::vector<Target> out;
  for (std::size_t g = 0; g < 3; ++g) out.push_back({g, {0, {0, 1}}});
  return out;
}

}  // namespace

TEST_CASE("every group is worth what its rows alone are, under the judges' verdicts") {
  for (const bool scores : {false, true}) {
    for (const bool strata : {false, true}) {
      const Drawn data(7, scores, strata);
      const Rows rows = data.rows();
      const LabelSummary summary = judicious::summarise(rows, 1, judicious::serial_executor());
      const auto targets = targets_of_groups();
      const LowestProbs lowest = VerdictPass(rows, summary, targets).lowest(MeanOptions());
      for (std::size_t g = 0; g < 3; ++g) {
        const auto several =
            judicious::target_estimation(summary, targets[g], MeanOptions(), &lowest[g]);
        const designs::Design part = data.part(static_cast<int>(g));
        MeanOptions trusting;
        trusting.verdict = true;
        const Rows alone = part.rows();
        judicious::MeanEstimation one(alone, trusting, 1, judicious::serial_executor());
        one.estimate();
        REQUIRE(several.result.bases.size() == one.result.bases.size());
        for (std::size_t h = 0; h < one.result.bases.size(); ++h) {
          CHECK(several.result.bases[h].rows == doctest::Approx(one.result.bases[h].rows));
          CHECK(several.result.bases[h].units == doctest::Approx(one.result.bases[h].units));
        }
      }
    }
  }
}

TEST_CASE("columns beside the judges tell verdicts apart as well") {
  const Drawn data(8);
  const Rows rows = data.rows();
  const LabelSummary summary = judicious::summarise(rows, 1, judicious::serial_executor());
  const std::vector<Target> first = {{0, {0, {0}}}};
  const auto coarse = VerdictPass(rows, summary, first).lowest(MeanOptions());
  const auto fine = VerdictPass(rows, summary, first, {1}).lowest(MeanOptions());
  double sum = 0.0, n = 0.0, both = 0.0, n_both = 0.0;
  for (std::size_t i = 0; i < data.group.size(); ++i) {
    if (data.group[i] != 0 || data.all.f[0][i] != 0.0) continue;
    sum += data.all.prob[i];
    n += 1.0;
    if (data.all.f[1][i] != 0.0) continue;
    both += data.all.prob[i];
    n_both += 1.0;
  }
  CHECK(coarse[0][0] == doctest::Approx(sum / n));
  CHECK(fine[0][0] == doctest::Approx(both / n_both));
}

#include <doctest/doctest.h>

#include <judicious/estimate/monitor.hpp>
#include <judicious/estimate/paired.hpp>

namespace monitor_tests {

using namespace judicious;

namespace {

// A batch without judges: a mean and its variance per unit.
Batch plain_batch(double mean, double unit_variance, double n) {
  Batch out;
  out.usable = n > 0.0;
  out.zeta = mean;
  out.g = out.judge_mean = out.judge_bias = Vector::Zero(0);
  out.labelled = Matrix::Constant(1, 1, n > 0.0 ? unit_variance / n : 0.0);
  out.rest = Matrix::Zero(1, 1);
  out.n_units = out.n_true = out.n_rows = out.worth = n;
  out.values = Moments(1);
  return out;
}

}  // namespace

TEST_CASE("a batch without labels moves no bound") {
  const std::vector<Batch> with{plain_batch(0.2, 0.16, 30), plain_batch(0.0, 0.0, 0),
                                plain_batch(0.4, 0.24, 50)};
  const std::vector<Batch> without{with[0], with[2]};
  const MonitorOptions options;
  const auto a = monitor(with, options), b = monitor(without, options);
  CHECK_FALSE(a.batches[1].used);
  CHECK(a.running[1].low == doctest::Approx(a.running[0].low));
  CHECK(a.running[2].low == doctest::Approx(b.running[1].low));
  CHECK(a.running[2].mean == doctest::Approx(0.3));
}

TEST_CASE("a batch without events is not sure of itself under the repaired rule") {
  const std::vector<Batch> batches{plain_batch(0.1, 0.09, 20), plain_batch(0.0, 0.0, 20)};
  MonitorOptions options;
  options.range = 1.0;
  CHECK(monitor(batches, options).batches[1].variance > 1.0 / (38.0 * 20.0));
  options.rule = MonitorRule::published;
  CHECK(monitor(batches, options).batches[1].variance == 0.0);
}

TEST_CASE("the errors of blocks add up to that of all") {
  double endless = 0.0, planned = 0.0;
  for (std::size_t k = 0; k < 100000; ++k) endless += monitor_detail::block_error(0.05, k, 0);
  for (std::size_t k = 0; k < 7; ++k) planned += monitor_detail::block_error(0.05, k, 7);
  CHECK(endless == doctest::Approx(0.05).epsilon(1e-4));
  CHECK(planned == doctest::Approx(0.05));
}

TEST_CASE("a paired difference turns round with its versions") {
  const DiscordantPairs up{80, 9, 3}, down{80, 3, 9};
  const Interval a = paired_interval(up, 0.9), b = paired_interval(down, 0.9);
  CHECK(a.low == doctest::Approx(-b.high));
  CHECK(a.high == doctest::Approx(-b.low));
  CHECK(mcnemar_mid_p(up) == doctest::Approx(mcnemar_mid_p(down)));
  CHECK(mcnemar_mid_p({80, 4, 4}) == 1.0);
  // One discordant item of one: half of 2 * 1/2.
  CHECK(mcnemar_mid_p({80, 1, 0}) == doctest::Approx(0.5));
}

}  // namespace monitor_tests

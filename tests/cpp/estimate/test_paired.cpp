#include <doctest/doctest.h>

#include <judicious/estimate/paired.hpp>

namespace {

using judicious::DiscordantPairs;
using judicious::mcnemar_mid_p;
using judicious::paired_interval;

}  // namespace

TEST_CASE("McNemar's mid-p is twice the binomial tail less the middle step") {
  // 1 of 5: 2 (P(0) + P(1) / 2) of Binomial(5, 1/2).
  CHECK(mcnemar_mid_p({40.0, 1.0, 4.0}) == doctest::Approx(2.0 * (1.0 + 2.5) / 32.0));
  CHECK(mcnemar_mid_p({40.0, 4.0, 1.0}) == doctest::Approx(mcnemar_mid_p({40.0, 1.0, 4.0})));
  CHECK(mcnemar_mid_p({40.0, 0.0, 6.0}) == doctest::Approx(1.0 / 64.0));
  CHECK(mcnemar_mid_p({40.0, 3.0, 3.0}) == 1.0);
  CHECK(mcnemar_mid_p({40.0, 0.0, 0.0}) == 1.0);
}

TEST_CASE("the interval of a paired difference is not empty without a discordant pair") {
  const auto none = paired_interval({60.0, 0.0, 0.0}, 0.95);
  CHECK(none.low == doctest::Approx(-none.high));
  CHECK(none.high > 0.03);
  CHECK(none.high < 0.06);
  const auto more = paired_interval({600.0, 0.0, 0.0}, 0.95);
  CHECK(more.high < 0.2 * none.high);
}

TEST_CASE("the interval of a paired difference turns with its systems and stays inside [-1, 1]") {
  for (const double level : {0.8, 0.95, 0.99}) {
    const auto a = paired_interval({30.0, 9.0, 2.0}, level);
    const auto b = paired_interval({30.0, 2.0, 9.0}, level);
    CHECK(a.low == doctest::Approx(-b.high).epsilon(1e-9));
    CHECK(a.low < 7.0 / 30.0);
    CHECK(a.high > 7.0 / 30.0);
  }
  const auto all = paired_interval({10.0, 10.0, 0.0}, 0.95);
  CHECK(all.high == 1.0);
  CHECK(all.low > 0.0);
}

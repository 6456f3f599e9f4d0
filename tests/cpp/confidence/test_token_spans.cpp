#include <doctest/doctest.h>

#include <cmath>
#include <judicious/confidence/token_spans.hpp>
#include <string>
#include <vector>

namespace {

// Answers in a row, with log-probabilities -1, -2, ...
struct Tokens {
  std::vector<double> logprob;
  std::vector<int> width, ignored;

  explicit Tokens(const std::vector<std::string>& texts) {
    for (const auto& text : texts) {
      logprob.push_back(-1.0 - static_cast<double>(logprob.size()));
      width.push_back(static_cast<int>(text.size()));
      ignored.push_back(0);
    }
  }

  judicious::SpanMean mean(const judicious::TokenSpan& span) const {
    return judicious::mean_logprob({logprob.data(), width.data(), ignored.data()}, span);
  }
};

constexpr std::int64_t far_away = 1000000;

judicious::TokenSpan whole(std::size_t n) { return {0, n, 0, 0, far_away, 0, far_away}; }

}  // namespace

TEST_CASE("the mean of all tokens that are not ignored") {
  Tokens tokens({"a", "b", "\n", "c"});
  CHECK(*tokens.mean(whole(4)).mean == -2.5);
  tokens.ignored[2] = 1;
  CHECK(*tokens.mean(whole(4)).mean == doctest::Approx(-7.0 / 3));
  CHECK(tokens.mean(whole(4)).n_tokens == 3);
}

TEST_CASE("only the tokens of the answer itself") {
  Tokens tokens({"a", "b", "c", "d"});
  judicious::TokenSpan second = whole(4);
  second.token = 2;
  CHECK(*tokens.mean(second).mean == -3.5);
}

TEST_CASE("no token, a missing log-probability") {
  Tokens tokens({"a", "b"});
  CHECK_FALSE(tokens.mean(whole(0)).mean.has_value());
  tokens.logprob[1] = std::nan("");
  CHECK(std::isnan(*tokens.mean(whole(2)).mean));
  tokens.ignored[1] = 1;
  CHECK(*tokens.mean(whole(2)).mean == -1);
}

// Text: jo|y;fe|ar, characters 01|2345|67; the delimiter is 3.
TEST_CASE("a token counts where its last character lies") {
  Tokens tokens({"jo", "y;fe", "ar"});
  CHECK(*tokens.mean({0, 3, 0, 0, 3, 0, 3}).mean == -1);
  CHECK(*tokens.mean({0, 3, 0, 3, far_away, 4, 8}).mean == -2.5);
}

TEST_CASE("a token must start late enough") {
  Tokens tokens({"jo", "y;fe", "ar"});
  CHECK(*tokens.mean({0, 3, 3, 0, far_away, 0, 8}).mean == -3);
}

TEST_CASE("if no token lies inside, those that overlap count") {
  Tokens tokens({"joy;fear", "!"});
  const auto joy = tokens.mean({0, 2, 0, 0, 3, 0, 3});
  CHECK(*joy.mean == -1);
  CHECK(joy.n_tokens == 1);
  CHECK_FALSE(tokens.mean({0, 2, 0, 0, 3, 20, 30}).mean.has_value());
  CHECK_FALSE(tokens.mean({0, 2, 0, 0, 0, 8, 8}).mean.has_value());
}

TEST_CASE("500 tokens do not underflow") {
  std::vector<double> logprob(500, -3);
  std::vector<int> width(500, 1), ignored(500, 0);
  double confidence;
  int n_tokens;
  judicious::span_confidence({logprob.data(), width.data(), ignored.data()}, {whole(500)},
                             &confidence, &n_tokens);
  CHECK(confidence == doctest::Approx(std::exp(-3.0)).epsilon(1e-14));
  CHECK(n_tokens == 500);
}

// Mean log-probability of the tokens that make up an answer, or one part of it: a value of a JSON
// object, one label of a list, an entity. All in logs, so that long answers do not underflow.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace judicious {

// Columns with one entry per token, answers one after the other.
struct TokenColumns {
  const double* logprob;  // NaN = missing
  const int* width;       // characters of the token's text
  const int* ignored;     // not 0: does not count
};

// Where a part of an answer is. Positions are characters of the answer's text, counted from 0;
// the ends `*_end` are exclusive.
struct TokenSpan {
  std::size_t token, token_end;  // the answer's tokens
  // A token counts if it starts at or after `start` and its last character lies in [last,
  // last_end).
  std::int64_t start, last, last_end;
  // If no token does, those count that overlap [core, core_end).
  std::int64_t core, core_end;
};

struct SpanMean {
  std::optional<double> mean;  // of the log-probabilities; none: no token counts; NaN: one missing
  std::size_t n_tokens = 0;
};

// Mean over the tokens for which counts(first character, end) holds.
template <class Counts>
SpanMean mean_logprob(const TokenColumns& tokens, const TokenSpan& span, const Counts& counts) {
  SpanMean out;
  double sum = 0;
  std::int64_t from = 0;
  for (std::size_t i = span.token; i < span.token_end; ++i) {
    const std::int64_t to = from + tokens.width[i];
    if (tokens.ignored[i] == 0 && counts(from, to)) {
      sum += tokens.logprob[i];
      ++out.n_tokens;
    }
    from = to;
  }
  if (out.n_tokens > 0) out.mean = sum / static_cast<double>(out.n_tokens);
  return out;
}

inline SpanMean mean_logprob(const TokenColumns& tokens, const TokenSpan& span) {
  const auto inside = [&](std::int64_t from, std::int64_t to) {
    return from >= span.start && to - 1 >= span.last && to - 1 < span.last_end;
  };
  const SpanMean out = mean_logprob(tokens, span, inside);
  if (out.mean) return out;
  return mean_logprob(tokens, span, [&](std::int64_t from, std::int64_t to) {
    return from < span.core_end && to > span.core;
  });
}

// Geometric mean of the token probabilities of each span; NaN where nothing counts or a
// log-probability is missing. `n_tokens`: how many count.
inline void span_confidence(const TokenColumns& tokens, const std::vector<TokenSpan>& spans,
                            double* confidence, int* n_tokens) {
  for (std::size_t k = 0; k < spans.size(); ++k) {
    const SpanMean found = mean_logprob(tokens, spans[k]);
    confidence[k] = std::exp(found.mean.value_or(std::numeric_limits<double>::quiet_NaN()));
    n_tokens[k] = static_cast<int>(found.n_tokens);
  }
}

}  // namespace judicious

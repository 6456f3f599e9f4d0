// ROUGE-L: how much two texts share, by the longest common subsequence of their words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <judicious/confidence/words.hpp>
#include <string_view>
#include <vector>

namespace judicious {

// One sequence of words, prepared for comparison with many. For each word, a bit mask of where it
// occurs; a comparison takes a few operations per word of the other sequence and 64 words of this
// one. Hyyro (2004), Bit-parallel LCS-length computation revisited, figure 2.
class LcsPattern {
 public:
  // Words are numbers in [0, n_ids).
  LcsPattern(const std::vector<int>& words, std::size_t n_ids)
      : length_(words.size()), blocks_((words.size() + 63) / 64), masks_(n_ids * blocks_, 0) {
    for (std::size_t i = 0; i < length_; ++i) {
      masks_[static_cast<std::size_t>(words[i]) * blocks_ + i / 64] |= std::uint64_t{1} << (i % 64);
    }
  }

  std::size_t length() const { return length_; }

  // Words that came up after this pattern was made have no mask and match nothing.
  std::size_t common(const std::vector<int>& words) const {
    std::vector<std::uint64_t> unmatched(blocks_, ~std::uint64_t{0});
    for (const int word : words) {
      const std::size_t at = static_cast<std::size_t>(word) * blocks_;
      if (at < masks_.size()) step(&masks_[at], unmatched);
    }
    std::size_t n = 0;
    for (std::size_t i = 0; i < length_; ++i) n += (~unmatched[i / 64] >> (i % 64)) & 1;
    return n;
  }

 private:
  void step(const std::uint64_t* mask, std::vector<std::uint64_t>& unmatched) const {
    std::uint64_t carry = 0;
    for (std::size_t b = 0; b < blocks_; ++b) {
      const std::uint64_t v = unmatched[b], matched = v & mask[b];
      const std::uint64_t partial = v + matched, sum = partial + carry;
      carry = partial < v || sum < partial ? 1 : 0;
      unmatched[b] = sum | (v & ~mask[b]);
    }
  }

  std::size_t length_, blocks_;
  std::vector<std::uint64_t> masks_;
};

// F1 of ROUGE-L for `common` of n and m words; 0 when both are empty.
inline double rouge_l_f1(std::size_t common, std::size_t n, std::size_t m) {
  return n + m == 0 ? 0.0 : 2.0 * static_cast<double>(common) / static_cast<double>(n + m);
}

inline double rouge_l(std::string_view a, std::string_view b) {
  WordNumbers numbers;
  const auto words_a = numbers.number(a), words_b = numbers.number(b);
  const LcsPattern pattern(words_a, numbers.size());
  return rouge_l_f1(pattern.common(words_b), words_a.size(), words_b.size());
}

}  // namespace judicious

// Words of a text in UTF-8, as ROUGE counts them: maximal runs of letters and digits in lower case,
// without stemming. Chinese characters and kana, written without spaces, are words of their own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace judicious {

struct CodePoint {
  char32_t value;
  std::size_t width;  // bytes
};

// The character at byte `at`. A byte that belongs to no character stands for itself.
inline CodePoint code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  const std::size_t width = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (width == 1 || at + width > text.size()) return {lead, 1};
  char32_t value = lead & (0xFFu >> (width + 1));
  for (std::size_t i = 1; i < width; ++i) value = (value << 6) | (byte(at + i) & 0x3Fu);
  return {value, width};
}

enum class CharacterKind { separator, letter, ideograph };

inline bool within(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }

inline CharacterKind character_kind(char32_t c) {
  if (c < 0x80) {
    const bool word = within(c, 'a', 'z') || within(c, 'A', 'Z') || within(c, '0', '9');
    return word ? CharacterKind::letter : CharacterKind::separator;
  }
  // Latin-1 signs, general punctuation, arrows to symbols, CJK and full-width punctuation
  const bool sign = within(c, 0x80, 0xBF) || c == 0xD7 || c == 0xF7 || within(c, 0x2000, 0x206F) ||
                    within(c, 0x2190, 0x2BFF) || within(c, 0x2E00, 0x2E7F) ||
                    within(c, 0x3000, 0x303F) || within(c, 0xFF00, 0xFF0F) ||
                    within(c, 0xFF1A, 0xFF20);
  if (sign) return CharacterKind::separator;
  const bool alone = within(c, 0x3040, 0x30FF) || within(c, 0x3400, 0x9FFF) ||
                     within(c, 0xF900, 0xFAFF) || within(c, 0x20000, 0x3FFFF);
  return alone ? CharacterKind::ideograph : CharacterKind::letter;
}

// Numbers words in the order of their first appearance. Letters beyond ASCII keep their case: give
// texts in lower case.
class WordNumbers {
 public:
  std::vector<int> number(std::string_view text) {
    std::vector<int> out;
    std::string word;
    const auto finish = [&] {
      if (!word.empty()) out.push_back(id(word));
      word.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint c = code_point(text, at);
      const CharacterKind kind = character_kind(c.value);
      if (kind != CharacterKind::letter) finish();
      if (kind != CharacterKind::separator) append(text.substr(at, c.width), word);
      if (kind == CharacterKind::ideograph) finish();
      at += c.width;
    }
    finish();
    return out;
  }

  std::size_t size() const { return ids_.size(); }

 private:
  static void append(std::string_view character, std::string& word) {
    for (const char c : character) word += within(c, 'A', 'Z') ? static_cast<char>(c + 32) : c;
  }

  int id(const std::string& word) {
    return ids_.emplace(word, static_cast<int>(ids_.size())).first->second;
  }

  std::unordered_map<std::string, int> ids_;
};

}  // namespace judicious

#include <doctest/doctest.h>

#include <judicious/confidence/words.hpp>
#include <string_view>
#include <vector>

namespace {

std::size_t n_words(std::string_view text) { return judicious::WordNumbers().number(text).size(); }

}  // namespace

TEST_CASE("words are runs of letters and digits in lower case") {
  judicious::WordNumbers numbers;
  CHECK(numbers.number("The cat, the 3.5% CAT!") == std::vector<int>{0, 1, 0, 2, 3, 1});
  CHECK(numbers.number("cat dog") == std::vector<int>{1, 4});
  CHECK(numbers.size() == 5);
}

TEST_CASE("texts without words") {
  CHECK(n_words("") == 0);
  CHECK(n_words(" ...?! ") == 0);
  CHECK(n_words("\xE2\x80\x9C \xE2\x80\xA6 \xE2\x80\x9D") == 0);  // quotes and an ellipsis
}

TEST_CASE("letters beyond ASCII belong to words") {
  CHECK(n_words("caf\xC3\xA9") == 1);
  CHECK(n_words("\xC2\xABoui\xC2\xBB") == 1);                        // in guillemets
  CHECK(n_words("\xD0\xB4\xD0\xB0 \xD0\xBD\xD0\xB5\xD1\x82") == 2);  // Russian
  CHECK(n_words("x\xE2\x80\x94y") == 2);                             // an em dash
}

TEST_CASE("Chinese characters are words of their own") {
  CHECK(n_words("\xE4\xB8\x8D\xE5\xAF\xB9\xE3\x80\x82") == 2);  // two characters, full stop
  CHECK(n_words("a\xE4\xB8\x8D"
                "b") == 3);
}

TEST_CASE("broken UTF-8 is read without harm") {
  CHECK(n_words("a\xE4\xB8") <= 2);
  CHECK(n_words("\xFF\xFE") <= 2);
  CHECK(judicious::code_point("\xF0", 0).width == 1);
}

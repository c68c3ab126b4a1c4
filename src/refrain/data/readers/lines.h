// Cutting UTF-8 text into lines and fields without copying it. Lines end with LF or CRLF; a final
// line needs no end. Numbers of lines count from 1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace refrain::data {

struct Line {
  std::string_view text;  // without its end
  std::int64_t number = 0;
};

class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool next(Line& line);         // false after the last line
  bool next_filled(Line& line);  // passes over lines of blanks only

 private:
  std::string_view rest_;
  std::int64_t number_ = 0;
};

inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Without blanks (space, tab, CR, LF) at both ends.
std::string_view trim(std::string_view text);

// ASCII letters in lower case.
std::string lower(std::string_view text);

// Returns the part before the first `separator` and removes both from `rest`; returns all of `rest`
// if there is no separator.
std::string_view take_until(std::string_view& rest, char separator);

// The next blank-separated word, taken off `rest`; "" at the end.
std::string_view take_word(std::string_view& rest);

// Adds a word; blanks in it become U+00A0, for words stand with one blank between. Returns whether
// it held any.
bool add_word(std::string_view word, std::string& text);

// For messages: in single quotes, at most 40 bytes, a tab as \t and other control characters as
// '?'.
std::string shown(std::string_view text);

}  // namespace refrain::data

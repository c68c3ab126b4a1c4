// What one pass tells of texts: sizes, scripts, words, and signs of a wrong encoding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "refrain/inspect/channel.h"

namespace refrain::inspect {

// One text's characters.
struct TextNumbers {
  int characters = 0;
  int letters = 0, capitals = 0, digits = 0, chinese = 0, other_letters = 0, marks = 0, blanks = 0;
  int controls = 0;      // that are no blanks
  int replacements = 0;  // U+FFFD
  int wrong = 0;         // characters that look like bytes of another encoding
};
TextNumbers text_numbers(std::string_view text);

// Characters that are the bytes of UTF-8 or of a Chinese encoding, read as Latin-1 or Windows-1252.
int misread_characters(const std::u32string& points);

struct Texts {
  Reservoir characters, words, capitals, digits, chinese, other_letters, marks;
  Noted empty, one_word, misread, replaced, control, markup;
  std::int64_t count = 0;
  // Of at most kMostWords different words, in the first kTextsRead texts.
  std::unordered_map<std::string, std::int64_t> vocabulary;
  std::int64_t words_read = 0;
  bool all_words = true;

  void add(const std::string& text, std::int64_t number, std::int64_t line);
  std::string language() const;  // "Chinese", "Latin letters", "mixed scripts", ...

 private:
  void add_words(const std::string& text, std::int64_t number, std::int64_t line);

  TextNumbers sum_;
};

}  // namespace refrain::inspect

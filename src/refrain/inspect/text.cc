#include "refrain/inspect/text.h"

#include <algorithm>
#include <array>

#include "refrain/data/tokenise.h"

namespace refrain::inspect {
namespace {

constexpr std::int64_t kTextsRead = 50000;
constexpr std::size_t kMostWords = 200000;
constexpr int kLongRun =
    6;  // letters above ASCII with nothing between: no Western word has so many

// Windows-1252 above Latin-1's control characters.
constexpr std::array<char32_t, 27> kWindows = {
    0x20AC, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
    0x0160, 0x2039, 0x0152, 0x017D, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x017E, 0x0178};

bool is_chinese(char32_t c) {
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x3FFFF) || (c >= 0x3040 && c <= 0x30FF);
}

// A byte from 0x80 to 0xBF, as it looks when it is read as a character.
bool is_tail(char32_t c) {
  if (c >= 0x80 && c <= 0xBF) return true;
  return std::find(kWindows.begin(), kWindows.end(), c) != kWindows.end();
}

// How many such bytes follow the first byte of a character in UTF-8; 0: it is none.
int tails_after(char32_t c) {
  if (c >= 0xC2 && c <= 0xDF) return 1;
  if (c >= 0xE0 && c <= 0xEF) return 2;
  return c >= 0xF0 && c <= 0xF4 ? 3 : 0;
}

bool is_high(char32_t c) { return c >= 0xA1 && c <= 0xFF; }

// A run of characters from 0xA1 to 0xFF: pairs of bytes of a Chinese encoding.
int misread_pairs(const std::u32string& points) {
  int found = 0, run = 0;
  for (std::size_t i = 0; i <= points.size(); ++i) {
    if (i < points.size() && is_high(points[i])) {
      ++run;
      continue;
    }
    if (run >= kLongRun) found += run;
    run = 0;
  }
  return found;
}

void count_letter(char32_t c, TextNumbers& out) {
  if (is_chinese(c)) {
    ++out.chinese;
  } else if (c < 0x250) {
    ++out.letters;
  } else {
    ++out.other_letters;
  }
}

void count(char32_t c, TextNumbers& out) {
  ++out.characters;
  if (c == 0xFFFD) {
    ++out.replacements;
  } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x3000) {
    ++out.blanks;
  } else if (c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0)) {
    ++out.controls;
  } else if (c >= '0' && c <= '9') {
    ++out.digits;
  } else if (c >= 'A' && c <= 'Z') {
    ++out.letters, ++out.capitals;
  } else if ((c >= 'a' && c <= 'z') ||
             (c >= 0xC0 && c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c < 0x2C00) &&
              !(c >= 0x3000 && c < 0x3040) && c < 0xFF00)) {
    count_letter(c, out);
  } else {
    ++out.marks;
  }
}

// Of tags and entities of HTML.
bool has_markup(std::string_view text) {
  for (const std::string_view sign :
       {"&amp;", "&quot;", "&lt;", "&gt;", "&nbsp;", "&#", "<br", "</"}) {
    if (text.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

int misread_characters(const std::u32string& points) {
  int found = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto tails = static_cast<std::size_t>(tails_after(points[i]));
    if (tails == 0 || i + tails >= points.size()) continue;
    const auto from = points.begin() + static_cast<std::ptrdiff_t>(i + 1);
    if (!std::all_of(from, from + static_cast<std::ptrdiff_t>(tails), is_tail)) continue;
    found += static_cast<int>(tails) + 1;
    i += tails;
  }
  return found > 0 ? found : misread_pairs(points);
}

TextNumbers text_numbers(std::string_view text) {
  TextNumbers out;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  if (plain) {
    for (const char c : text) count(static_cast<char32_t>(c), out);
    return out;
  }
  const std::u32string points = data::code_points(text);
  for (const char32_t c : points) count(c, out);
  out.wrong = misread_characters(points);
  if (text.find("锟斤拷") != std::string_view::npos) out.replacements += 3;
  return out;
}

void Texts::add_words(const std::string& text, std::int64_t number, std::int64_t line) {
  if (count > kTextsRead) {
    all_words = false;
    return;
  }
  const auto found = data::tokenise(text, true);
  words.add(static_cast<double>(found.size()), number);
  if (found.size() == 1) one_word.add(line);
  for (const auto& word : found) {
    ++words_read;
    if (vocabulary.size() < kMostWords || vocabulary.contains(word)) ++vocabulary[word];
  }
}

void Texts::add(const std::string& text, std::int64_t number, std::int64_t line) {
  ++count;
  const TextNumbers one = text_numbers(text);
  sum_.letters += one.letters, sum_.chinese += one.chinese;
  sum_.other_letters += one.other_letters;
  characters.add(one.characters, number);
  const int visible = one.characters - one.blanks;
  if (visible == 0) empty.add(line);
  const double n = std::max(1, visible);
  capitals.add(one.capitals / n, number);
  digits.add(one.digits / n, number);
  chinese.add(one.chinese / n, number);
  other_letters.add(one.other_letters / n, number);
  marks.add(one.marks / n, number);
  if (one.wrong > 0) misread.add(line);
  if (one.replacements > 0) replaced.add(line);
  if (one.controls > 0 && one.wrong == 0) control.add(line);
  if (has_markup(text)) markup.add(line);
  add_words(text, number, line);
}

std::string Texts::language() const {
  const double all = std::max(1, sum_.letters + sum_.chinese + sum_.other_letters);
  constexpr double kMost = 0.9;
  if (sum_.chinese / all > kMost) return "Chinese characters";
  if (sum_.letters / all > kMost) return "Latin letters";
  if (sum_.other_letters / all > kMost) return "other letters";
  return sum_.letters + sum_.chinese + sum_.other_letters == 0 ? "no letters" : "several scripts";
}

}  // namespace refrain::inspect

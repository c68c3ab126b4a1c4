#include "refrain/data/spelling.h"

#include <utf8proc.h>

#include <algorithm>

#include "refrain/data/tokenise.h"

namespace refrain::data {
namespace {

// In front of a word and behind it.
constexpr const char* kEdge = " ";

// The kinds of characters in a word.
struct Kinds {
  int upper = 0, lower = 0, digit = 0, mark = 0, letter = 0;
  bool first_upper = false, only_first = true;
};

Kinds kinds_of(std::u32string_view points) {
  Kinds k;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(points[i]));
    if (category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT) {
      ++k.upper;
      if (i == 0) k.first_upper = true;
      if (i > 0) k.only_first = false;
    } else if (category == UTF8PROC_CATEGORY_LL) {
      ++k.lower;
    } else if (category >= UTF8PROC_CATEGORY_LM && category <= UTF8PROC_CATEGORY_LO) {
      ++k.letter;
    } else if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO) {
      ++k.digit;
    } else {
      ++k.mark;
    }
  }
  return k;
}

}  // namespace

int word_shape(std::string_view word) {
  const Kinds k = kinds_of(code_points(word));
  const int letters = k.upper + k.lower + k.letter;
  if (letters == 0) {
    if (k.digit == 0) return 0;                       // marks
    return k.mark == 0 ? (k.digit == 4 ? 1 : 2) : 3;  // 1996, 12, 1.5
  }
  if (k.digit > 0) return k.upper > 0 ? 4 : 5;                   // B2, 3rd
  if (k.letter > 0 && k.upper + k.lower == 0) return 6;          // no cases: Chinese
  if (k.upper == 0) return k.mark == 0 ? 7 : 8;                  // dog, well-known
  if (k.lower == 0) return k.upper == 1 && k.mark > 0 ? 9 : 10;  // J., NATO
  return k.first_upper && k.only_first ? 11 : 9;                 // Dog, McDog
}

std::vector<std::string> letters_of(std::string_view word) {
  std::vector<std::string> letters = {kEdge};
  for (std::size_t i = 0; i < word.size();) {
    std::size_t end = i + 1;
    while (end < word.size() && (word[end] & 0xc0) == 0x80) ++end;
    letters.emplace_back(word.substr(i, end - i));
    i = end;
  }
  letters.emplace_back(kEdge);
  const auto size = static_cast<std::ptrdiff_t>(letters.size());
  constexpr std::ptrdiff_t half = kMostLetters / 2;
  if (size > kMostLetters) letters.erase(letters.begin() + half, letters.end() - half);
  return letters;
}

SpeltWords spell(const std::vector<std::string>& words, const Vocabulary& letters) {
  SpeltWords out;
  for (const auto& word : words) {
    const auto spelt = letters_of(word);
    for (const auto& letter : spelt) out.letters.push_back(letters.id(letter));
    out.count.push_back(static_cast<int>(spelt.size()));
    out.shape.push_back(word_shape(word));
  }
  return out;
}

}  // namespace refrain::data

// Two sequences of symbols (code points, or numbers of words) side by side: how many edits lead
// from one to the other (Levenshtein 1966), which ones, and which n-grams both have.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace refrain::score {

// The least number of symbols to insert, delete and substitute. In words of 64 symbols (Myers 1999,
// Hyyro 2003): lines of 10,000 words take a moment.
std::size_t edit_distance(std::u32string_view a, std::u32string_view b);

// A step from a reference to an answer; kNone stands for the side that has no symbol there.
struct Edit {
  static constexpr char32_t kNone = 0xffffffff;
  char32_t reference, answer;

  bool operator==(const Edit&) const = default;
};

// The edits of one shortest way, without the symbols that stay; in linear space (Hirschberg 1975).
std::vector<Edit> edits_between(std::u32string_view reference, std::u32string_view answer);

// How many n-grams the answer and the reference have, and how many of the answer's can each be
// given one of the reference's (clipped counts).
struct NgramCount {
  double answer = 0, reference = 0, matched = 0;
};

// Of n from 1 to `most`.
std::vector<NgramCount> count_ngrams(std::u32string_view answer, std::u32string_view reference,
                                     std::size_t most);

}  // namespace refrain::score

// Texts as the metrics of replies read them: code points, white space and lower case as Python has
// them (str.split, str.lower), and the tokenisers of sacreBLEU, token for token. Bytes that are not
// UTF-8 are code points of their own, equal to no character.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "refrain/base/registry.h"

namespace refrain::score {

using Points = std::u32string;  // code points, or numbers of words

Points code_points(std::string_view text);
std::string utf8(const Points& text);

bool is_white(char32_t c);
// The words between white space.
std::vector<Points> words_of(const Points& text);
// Without white space at the ends; a run of it is one blank.
Points with_single_blanks(const Points& text);
Points lower_case(const Points& text);

// A number for each word, so that words are compared, and stand in texts, as characters do.
class WordNumbers {
 public:
  Points of(const std::vector<Points>& words);
  const Points& word(char32_t number) const { return *words_[number]; }

 private:
  std::unordered_map<Points, char32_t> numbers_;
  std::vector<const Points*> words_;  // keys of the map
};

using Tokeniser = std::vector<Points> (*)(const Points& text);

// 13a (mteval-v13a: marks apart), zh (each Chinese character by itself, the rest as 13a), char
// (each character), none (white space alone).
const base::Registry<Tokeniser>& tokenisers();

// The tokeniser for references: of those mostly in scripts that leave no blanks between words it is
// zh if they are Chinese, else char (Japanese, Thai, Lao, Khmer, Burmese, Tibetan); of others 13a.
std::string tokeniser_for(const std::vector<std::string>& references);

}  // namespace refrain::score

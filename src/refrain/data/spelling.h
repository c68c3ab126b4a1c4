// The spelling of words: their characters, as numbers of a vocabulary of characters, and a shape,
// which is a class of spellings such as "Xxx" or digits. A network that reads the spelling
// (nn/word_spelling.h) can handle words that are absent from training.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/vocabulary.h"

namespace refrain::data {

// The words of a text as a network reads their spelling.
struct SpeltWords {
  std::vector<int> letters;  // of all words, one after the other
  std::vector<int> count;    // of each word's letters, at least 1
  std::vector<int> shape;    // of each word, in [0, kWordShapes)

  bool empty() const { return count.empty(); }
};

constexpr int kWordShapes = 12;
constexpr int kMostLetters = 20;  // of a word: its first and last ones

// Capitals, digits and marks in the word, as one of kWordShapes classes.
int word_shape(std::string_view word);

// The letters of a word: an edge, its characters, an edge.
std::vector<std::string> letters_of(std::string_view word);

SpeltWords spell(const std::vector<std::string>& words, const Vocabulary& letters);

}  // namespace refrain::data

// Texts as tf-idf rows of n-grams of words (n = 1 and 2), or of characters within a word (n = 2 to
// 5, the word's ends counting as characters): tokens in lower case; a term that occurs c times in a
// text counts (1 + ln c) * (ln((1 + n) / (1 + n_term)) + 1), where n_term of the n training texts
// have it; rows have length 1. For texts in Chinese characters, where a token is a character, word
// n-grams go to n = 3 and pieces of words are none. Beside them, where asked for, what the words
// mean (augment/text/meanings.h), counted in the same way.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "refrain/method/logistic.h"
#include "refrain/method/method.h"

namespace refrain::method {

using Tokens = std::vector<std::string>;

// The tokens of all text streams of each sample.
std::vector<Tokens> tokens_of(const data::Subset& view, int threads);

enum class Terms { kWords, kPieces, kMeanings };

class TfIdf {
 public:
  explicit TfIdf(Terms kind = Terms::kWords) : kind_(kind) {}

  // Fits on the texts at these places; keeps the `most` terms that occur in most texts.
  void fit(const std::vector<Tokens>& texts, const std::vector<int>& places, std::size_t most);

  SparseRows rows(const std::vector<Tokens>& texts, const std::vector<int>& places) const;

  void archive(Archive& file);

  int terms() const { return static_cast<int>(idf_.size()); }
  int longest() const { return longest_; }  // of the n-grams of words

 private:
  // Calls body(term) for every term of a text.
  template <class Body>
  void for_terms(const Tokens& tokens, Body&& body) const;

  Terms kind_;
  int longest_ = 2;
  std::unordered_map<std::string, int> number_;
  std::vector<double> idf_;
};

// Rows of words, or of words and character n-grams side by side, with their meanings; the number of
// terms is limited to the weights that a linear classifier of this many classes can have.
class TermRows {
 public:
  explicit TermRows(bool pieces) : with_pieces_(pieces) {}

  // Without `meanings`: none are read.
  void fit(const std::vector<Tokens>& texts, const std::vector<int>& places, int classes,
           const augment::Meanings* meanings);
  SparseRows of(const std::vector<Tokens>& texts, const std::vector<int>& places) const;
  void archive(Archive& file);

  int columns() const { return ends().back(); }
  // Where the columns of words, of pieces and of meanings end.
  std::vector<int> ends() const;

 private:
  // Returns the meanings of the texts at these places, one token for each group; empty at the other
  // places.
  std::vector<Tokens> meant_by(const std::vector<Tokens>& texts,
                               const std::vector<int>& places) const;

  bool with_pieces_;
  augment::Meanings meanings_;  // what can matter for the texts of fit()
  TfIdf words_{Terms::kWords}, pieces_{Terms::kPieces}, meant_{Terms::kMeanings};
};

}  // namespace refrain::method

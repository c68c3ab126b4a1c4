// Texts as tf-idf rows of n-grams of words (n = 1 and 2), or of characters within a word (n = 2 to
// 5, the word's ends counting as characters): tokens in lower case; a term that occurs c times in a
// text counts (1 + ln c) * (ln((1 + n) / (1 + n_term)) + 1), where n_term of the n training texts
// have it; rows have length 1. For texts in Chinese characters, where a token is a character, word
// n-grams go to n = 3 and pieces of words are none.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "refrain/task/baselines/baseline.h"
#include "refrain/task/baselines/logistic.h"

namespace refrain::task {

using Tokens = std::vector<std::string>;

// The tokens of all text streams of each sample.
std::vector<Tokens> tokens_of(const View& view, int threads);

enum class Terms { kWords, kPieces };

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

// Words alone, or words and pieces side by side, with as many terms as a linear classifier of so
// many classes can have weights for.
class TermRows {
 public:
  explicit TermRows(bool pieces) : with_pieces_(pieces) {}

  void fit(const std::vector<Tokens>& texts, const std::vector<int>& places, int classes);
  SparseRows of(const std::vector<Tokens>& texts, const std::vector<int>& places) const;
  void archive(Archive& file);

  int words() const { return words_.terms(); }  // the columns before those of pieces
  int columns() const { return words_.terms() + pieces_.terms(); }

 private:
  bool with_pieces_;
  TfIdf words_{Terms::kWords}, pieces_{Terms::kPieces};
};

}  // namespace refrain::task

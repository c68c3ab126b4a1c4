// Texts as tf-idf rows of word n-grams: tokens in lower case; a term that occurs c times in a text
// counts (1 + ln c) * (ln((1 + n) / (1 + n_term)) + 1), where n_term of the n training texts have
// it; rows have length 1. For texts in Chinese characters, where a token is a character, n goes to
// 3.
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

class TfIdf {
 public:
  // Fits on the texts at these places; keeps the `most` terms that occur in most texts.
  void fit(const std::vector<Tokens>& texts, const std::vector<int>& places, std::size_t most);

  SparseRows rows(const std::vector<Tokens>& texts, const std::vector<int>& places) const;

  void archive(Archive& file);

  int terms() const { return static_cast<int>(idf_.size()); }
  int longest() const { return longest_; }  // of the n-grams

 private:
  int longest_ = 2;
  std::unordered_map<std::string, int> number_;
  std::vector<double> idf_;
};

}  // namespace refrain::task

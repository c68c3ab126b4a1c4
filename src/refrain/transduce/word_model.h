// A back-off n-gram model of words in ARPA format (as SRILM, KenLM and Sphinx write it), which
// helps the search of CTC: words get the model's probability when they end, and what begins no
// known word costs as much as a very rare one.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "refrain/transduce/symbols.h"

namespace refrain::transduce {

class WordModel {
 public:
  static constexpr int kMostOrder = 6;
  // Reads the file's text; cases of letters do not count. Throws data, naming path and line.
  static WordModel read(std::string_view text, const std::string& path);

  int order() const { return order_; }
  std::size_t words() const { return words_.size(); }

  // Natural logarithm of p(word | the words before it), of which the last order - 1 count; the
  // beginning of a text is the word "<s>", its end "</s>".
  double log_p(const std::vector<std::string>& before, const std::string& word) const;

  // What a symbol behind others adds: the words that it ends.
  double symbol(const Symbols& symbols, const std::vector<int>& before, int symbol) const;
  // What the end of the text behind these symbols adds.
  double end(const Symbols& symbols, const std::vector<int>& before) const;

 private:
  struct Entry {
    double log_p = 0, back_off = 0;  // natural
  };
  double known(const std::string& ngram, std::string_view before, const std::string& word) const;
  double close(const std::vector<std::string>& words, const std::string& word) const;
  void add_line(std::string_view line, int order);

  int order_ = 0;
  std::unordered_map<std::string, Entry> entries_;  // by words with one blank between
  std::unordered_set<std::string> words_, beginnings_;
};

}  // namespace refrain::transduce

// The language model of replies that helps the search of CTC: n-grams of the training replies'
// symbols, or words in ARPA format.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/language/kneser_ney.h"
#include "refrain/nn/ctc_search.h"
#include "refrain/transduce/word_model.h"

namespace refrain::transduce {

class ReplyModel {
 public:
  // `text`: the symbols of all replies, each with the mark behind it.
  static ReplyModel of_symbols(std::vector<int> text, int symbols);
  // Throws data, naming path and line.
  static ReplyModel of_words(std::string arpa, const std::string& path);

  // Puts the model into a search of these symbols. Both must outlive the search.
  void help(const Symbols& symbols, nn::CtcSearch& search) const;

  // from_json throws data for anything that to_json cannot have made.
  base::Json to_json() const;
  static ReplyModel from_json(const base::Json& json, int symbols);

 private:
  std::vector<int> text_;
  std::string arpa_;
  std::optional<language::KneserNey> ngrams_;
  std::optional<WordModel> words_;
};

}  // namespace refrain::transduce

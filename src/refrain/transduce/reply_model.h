// The language model of replies that helps the search of CTC: n-grams of the training replies'
// symbols, words in ARPA format, or a network of `refrain pretrain`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/language/kneser_ney.h"
#include "refrain/nn/ctc_search.h"
#include "refrain/transduce/pretrained_model.h"
#include "refrain/transduce/word_model.h"

namespace refrain::transduce {

class ReplyModel {
 public:
  // `text`: the symbols of all replies, each with the mark behind it.
  static ReplyModel of_symbols(std::vector<int> text, int symbols);
  // A file's bytes, of words in ARPA format or of `refrain pretrain`. Throws data, naming path and
  // line.
  static ReplyModel read(std::string bytes, const std::string& path);

  // Throws usage where it is of other symbols.
  void check(const Symbols& symbols) const;

  // Puts the model into a search of these symbols. Both must outlive the search.
  void help(const Symbols& symbols, nn::CtcSearch& search) const;

  // Its tensors go into the file of a transducer; what is returned belongs into the head.
  base::Json put(tensor::TensorFile& file) const;
  // Throws data for anything that put cannot have made.
  static ReplyModel from(const tensor::TensorFile& file, const base::Json& json,
                         const Symbols& symbols);

 private:
  std::vector<int> text_;
  std::string arpa_;
  std::optional<language::KneserNey> ngrams_;
  std::optional<WordModel> words_;
  std::optional<PretrainedModel> network_;
};

}  // namespace refrain::transduce

// A language model of `refrain pretrain` that helps the search of CTC: a network whose units are
// the symbols that replies are written in, characters or words.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/language/source.h"
#include "refrain/nn/ctc_search.h"
#include "refrain/transduce/symbols.h"

namespace refrain::transduce {

class PretrainedModel {
 public:
  // True if the bytes may be such a model, and are no text.
  static bool may_be(std::string_view bytes);
  // Throws data, naming the path.
  static PretrainedModel read(std::string_view bytes, const std::string& path);

  // Throws usage where its units are others than the symbols.
  void check(const Symbols& symbols) const;
  // Puts the model into one search of these symbols. Both must outlive the search.
  void help(const Symbols& symbols, nn::CtcSearch& search) const;

  // Its tensors go into the file of a transducer; what is returned belongs into the head.
  base::Json put(tensor::TensorFile& file) const;
  // Throws data for anything that put cannot have made.
  static PretrainedModel from(const tensor::TensorFile& file, const base::Json& head);

 private:
  std::string name_;  // what messages call it
  std::shared_ptr<const language::Source> source_;
};

}  // namespace refrain::transduce

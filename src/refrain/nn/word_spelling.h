// Reads the spelling of words (data/spelling.h): their characters by a convolution and its largest
// values (Ma and Hovy 2016), or by the last states of a recurrent layer of two directions (Lample
// et al. 2016), and a vector of the word's shape.
#pragma once

#include <string>

#include "refrain/nn/context.h"
#include "refrain/nn/recurrent_stack.h"

namespace refrain::nn {

struct SpellingSpec {
  int letters = 0;         // of the vocabulary
  int features = 0;        // of the characters, about
  bool recurrent = false;  // else a convolution
  std::string cell;        // of the recurrent layer
};

class WordSpelling {
 public:
  // Nothing is read: features() is 0.
  WordSpelling() = default;
  WordSpelling(const SpellingSpec& spec, const std::string& name, ParamSet& params);

  bool present() const { return letters_ >= 0; }
  int features() const { return features_; }
  // [N, features()] of the words of a stream.
  tape::Var forward(Context& context, const data::StreamBatch& stream) const;

 private:
  tape::Var of_letters(Context& context, tape::Var x, const tensor::Steps& steps) const;

  int features_ = 0;
  int letters_ = -1, shapes_ = -1;
  int filters_[3] = {-1, -1, -1}, biases_[3] = {-1, -1, -1};
  RecurrentStack stack_;
};

}  // namespace refrain::nn

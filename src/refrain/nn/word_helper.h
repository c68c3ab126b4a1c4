// A language model as a helper of a classifier: the states of the recurrent layers also tell the
// next word, those of the reversed direction the word before (Chronopoulou et al. 2019). Its
// softmax is tied to the word vectors, and its loss is added to the network's.
#pragma once

#include <string>

#include "refrain/nn/context.h"
#include "refrain/nn/recurrent_stack.h"

namespace refrain::nn {

struct WordHelper {
  int words = -1;    // the table that is read with, [V,E]
  int project = -1;  // [H,E] where H is not E
  int bias = -1;     // [V]
  double weight = 0;

  // Declares its parameters under `name`. Throws usage where a state could see the word that it is
  // to tell: several layers of two directions.
  static WordHelper make(double weight, int words, const RecurrentStack& stack,
                         const std::string& name, ParamSet& params);
  // Adds `weight` times the mean surprise of a word, in nats, to context.activity.
  void forward(Context& context, tape::Var states, const int* ids, const RecurrentStack& stack,
               const tensor::Steps& steps) const;
};

}  // namespace refrain::nn

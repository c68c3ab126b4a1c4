// Heads: from a sample's vector to what a task wants.
#pragma once

#include <string>

#include "refrain/nn/context.h"

namespace refrain::nn {

// logits = x W + b, one column a class (or value).
struct LinearHead {
  int w = -1, b = -1;

  static LinearHead make(int inputs, int outputs, const std::string& name, ParamSet& params);
  tape::Var forward(Context& context, tape::Var x) const;  // [B,I] -> [B,O]
};

}  // namespace refrain::nn

#include "refrain/nn/head.h"

#include "refrain/tape/linear.h"

namespace refrain::nn {

LinearHead LinearHead::make(int inputs, int outputs, const std::string& name, ParamSet& params) {
  return {params.add({name + ".w", {inputs, outputs}, Start::kGlorot}),
          params.add({name + ".b", {outputs}, Start::kZero, 1, false})};
}

tape::Var LinearHead::forward(Context& context, tape::Var x) const {
  return tape::linear(context.tape, x, context.param(w), context.param(b));
}

}  // namespace refrain::nn

// One sample through a network, on a tape of its own, with all that can be seen on the way.
#pragma once

#include <vector>

#include "refrain/nn/look.h"
#include "refrain/task/network.h"

namespace refrain::explain {

class Pass {
 public:
  // `params` are the network's own, or others of its form.
  Pass(const task::Network& network, const data::EncodedSample& sample, const nn::ParamSet& params);

  const nn::Look& look() const { return look_; }
  const tape::Tape& tape() const { return tape_; }
  tensor::Tensor output() const { return tape_.value(output_); }                   // [width]
  tensor::Tensor input() const { return tape_.value(look_.seen.front().second); }  // [T,F]
  // Of one number of the output with respect to the input, [T,F]; once.
  tensor::Tensor gradient(int column);

 private:
  data::Batch batch_;
  std::vector<real> gradients_;
  tape::Tape tape_;
  nn::Look look_;
  tape::Var output_;
};

}  // namespace refrain::explain

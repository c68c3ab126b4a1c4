// One sample through a network, on a tape of its own, with all that can be seen on the way.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "refrain/nn/look.h"
#include "refrain/task/network.h"

namespace refrain::explain {

class Pass {
 public:
  // Changes what the network reads, [T,F].
  using Alter = std::function<void(const tensor::Tensor&)>;
  // `params` are the network's own, or others of its form.
  Pass(const task::Network& network, const data::EncodedSample& sample, const nn::ParamSet& params,
       Alter alter = {});

  const nn::Look& look() const { return look_; }
  const tape::Tape& tape() const { return tape_; }
  // [width], of a goal of steps [T,width]
  tensor::Tensor output() const { return tape_.value(output_); }
  tensor::Tensor input() const { return tape_.value(look_.seen.front().second); }  // [T,F]
  // Of one number of the output, or of several by places and weights, with respect to the input,
  // [T,F]; once.
  tensor::Tensor gradient(int column) {
    return gradient({{static_cast<std::size_t>(column), 1.0}});
  }
  tensor::Tensor gradient(const std::vector<std::pair<std::size_t, double>>& of);

 private:
  data::Batch batch_;
  std::vector<real> gradients_;
  tape::Tape tape_;
  nn::Look look_;
  tape::Var output_;
};

}  // namespace refrain::explain

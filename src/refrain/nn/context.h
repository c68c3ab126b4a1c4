// What a layer needs while it runs: the tape, the parameters with the gradient block of this shard,
// and the random keys of this epoch. A Context lives for one shard of one step.
#pragma once

#include <string_view>

#include "refrain/base/rng.h"
#include "refrain/data/batch.h"
#include "refrain/nn/look.h"
#include "refrain/nn/param_set.h"
#include "refrain/tape/dropout.h"
#include "refrain/tape/tape.h"

namespace refrain::nn {

struct Context {
  tape::Tape& tape;
  const ParamSet& params;
  real* gradients = nullptr;  // block like the parameters', null when predicting
  bool training = false;      // dropout on
  base::Rng rng;              // of (seed, epoch)
  const data::Batch& batch;
  std::uint64_t step = 0;       // updates so far: what whole-batch masks are keyed by
  const real* share = nullptr;  // [B] each sample's part of the batch's loss, while training
  tape::Var activity = {};      // [1] what encoders add to the loss, where they do
  Look* look = nullptr;         // who watches the one sample of this batch

  tape::Var param(int index) const {
    const tensor::Tensor value = params.value(index);
    return tape.variable(value, gradients == nullptr ? tensor::Tensor{value.shape, nullptr}
                                                     : params.in_block(index, gradients));
  }

  // Masks for an operation: one key a sequence row, from (seed, epoch, operation, sample). The
  // layer's number tells apart equal operations of a stack.
  tape::Dropout dropout(double p, std::string_view operation, const tensor::Steps& steps,
                        std::uint64_t layer = 0) const {
    auto* keys = tape.arena().array<std::uint64_t>(static_cast<std::size_t>(steps.B));
    const base::Rng own = rng.fork(operation).fork(layer);
    for (int b = 0; b < steps.B; ++b) {
      keys[b] = own.fork(batch.key[static_cast<std::size_t>(steps.position[b])]).key();
    }
    return {static_cast<real>(p), keys};
  }
};

}  // namespace refrain::nn

// The state that a layer needs while it runs: the tape, the parameters with the gradient block of
// this shard, and the random keys of this epoch. A Context lives for one shard of one step.
#pragma once

#include <string_view>

#include "refrain/base/rng.h"
#include "refrain/data/batch.h"
#include "refrain/nn/look.h"
#include "refrain/nn/param_set.h"
#include "refrain/tape/dropout.h"
#include "refrain/tape/tape.h"

namespace refrain::nn {

// The name of a network's first or only encoder, whose masks are keyed without it.
constexpr std::string_view kFirstEncoder = "encoder";

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
  Look* look = nullptr;         // records activations when predicting one sample; else null
  std::string_view scope = kFirstEncoder;  // name of the encoder that runs

  // Frozen ones are constants.
  tape::Var param(int index) const {
    const tensor::Tensor value = params.value(index);
    const Param& p = params.params()[static_cast<std::size_t>(index)];
    if (gradients == nullptr || p.frozen) return tape.constant(value);
    return tape.variable(value, params.in_block(index, gradients));
  }

  // The generator for the dropout masks of the running encoder.
  base::Rng masks() const { return scope == kFirstEncoder ? rng : rng.fork(scope); }

  // Masks for an operation: one key a sequence row, from (seed, epoch, encoder, operation, sample).
  // The layer's number tells apart equal operations of a stack.
  tape::Dropout dropout(double p, std::string_view operation, const tensor::Steps& steps,
                        std::uint64_t layer = 0) const {
    auto* keys = tape.arena().array<std::uint64_t>(static_cast<std::size_t>(steps.B));
    const base::Rng own = masks().fork(operation).fork(layer);
    for (int b = 0; b < steps.B; ++b) {
      keys[b] = own.fork(batch.key[static_cast<std::size_t>(steps.position[b])]).key();
    }
    return {static_cast<real>(p), keys};
  }
};

}  // namespace refrain::nn

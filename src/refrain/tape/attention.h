// Multi-head self-attention over the steps of each sequence (Vaswani et al. 2017).
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// Parameters: w_in [F,3F] (query, key, value side by side, as PyTorch's in_proj), b_in [3F], w_out
// [F,F], b_out [F]. `heads` divides F.
struct SelfAttention {
  Var w_in, b_in, w_out, b_out;
  int heads = 1;
  // Where not null, gets the weights of every sequence (rows as in Steps) and head, [L,L] each;
  // they lie in the tape's arena.
  const real** weights = nullptr;
};

// x [N,F] -> [N,F]. A step attends to all steps of its own sequence and to no other.
Var self_attention(Tape& tape, Var x, const SelfAttention& a, const tensor::Steps& steps);

}  // namespace refrain::tape

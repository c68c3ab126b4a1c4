// A sequence of states -> one vector per sequence. Rows of the result stand in batch order.
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// Each takes x [N,F] and gives [B,F].

// The last state: columns before `reverse_from` from each sequence's last step, the rest (a
// reversed direction, which ends there) from its first.
Var pool_last(Tape& tape, Var x, int reverse_from, const tensor::Steps& steps);
Var pool_mean(Tape& tape, Var x, const tensor::Steps& steps);
Var pool_max(Tape& tape, Var x, const tensor::Steps& steps);

// Additive attention (Bahdanau et al. 2015, as one query): score = v . tanh(W x + b), weights =
// softmax over the sequence's own steps, result = weighted mean. w [F,A], b [A], v [A].
struct AttentionPool {
  Var w, b, v;
};
Var pool_attention(Tape& tape, Var x, const AttentionPool& p, const tensor::Steps& steps);

}  // namespace refrain::tape

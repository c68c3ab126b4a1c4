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
// `weights` gets the weights [N,1] where it is not null.
Var pool_attention(Tape& tape, Var x, const AttentionPool& p, const tensor::Steps& steps,
                   Var* weights = nullptr);

// Scaled dot attention (Vaswani et al. 2017) with learnt queries, one a head: scores = x W /
// sqrt(F), weights = softmax over the sequence's own steps; head h gives the weighted mean of the
// h-th of equal parts of x's columns. w [F,heads]; throws shape where heads do not divide F.
// `weights` gets the weights [N,heads] where it is not null.
Var pool_dot_attention(Tape& tape, Var x, Var w, const tensor::Steps& steps,
                       Var* weights = nullptr);

// x [N,F], s [B,F] in batch order -> [N,F]: each row times its sequence's s.
Var scale_sequences(Tape& tape, Var x, Var s, const tensor::Steps& steps);

}  // namespace refrain::tape

// Attention of the steps of one sequence to those of another: a decoder's to an encoder's.
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// What attends to what, and what is read there.
struct Attended {
  Var queries;  // [Nq,F]
  Var keys;     // [Nk,F]
  Var values;   // [Nk,G]
};

// Which steps these are; both outlive the tape's step. Sequences without queries may be left out.
struct AttendedSteps {
  const tensor::Steps* queries = nullptr;
  const tensor::Steps* keys = nullptr;
};

struct CrossAttention {
  // Divides F and G. Each head compares and reads its part of the columns (Vaswani et al. 2017);
  // one head compares whole vectors (Luong et al. 2015). Scores are dot products over the root of a
  // head's columns.
  int heads = 1;
  // [F], where present: scores are energy . tanh(query + key) in place of dot products (Bahdanau et
  // al. 2015), with one head.
  Var energy = {};
  // Where not null, gets the weights [Lq,Lk] of every sequence (rows as in the queries' Steps) and
  // head, one after another; they lie in the tape's arena.
  const real** weights = nullptr;
};

// -> [Nq,G]: the values of the sequence at the same place of the batch, averaged by the softmax of
// the scores. Throws shape where sizes do not match.
Var cross_attention(Tape& tape, const Attended& x, const CrossAttention& a,
                    const AttendedSteps& steps);

}  // namespace refrain::tape

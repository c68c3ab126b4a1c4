// Mixup's sum of two sequences (Zhang et al. 2018), after the word vectors or of a series itself.
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

struct Mixing {
  const int* partner = nullptr;  // [B] place in the batch of the sequence mixed in
  const real* own = nullptr;     // [B] weight of the sequence itself, in batch order
};

// x [N,F] over `from` -> [M,F] over `mixed`, whose sequences are as long as the longer of each
// pair:
//   y_(b,t) = own_b x_(b,t) + (1 - own_b) x_(partner b,t)
// where a sequence that has ended adds nothing. A constant stays one.
Var mix(Tape& tape, Var x, const Mixing& m, const tensor::Steps& from, const tensor::Steps& mixed);

}  // namespace refrain::tape

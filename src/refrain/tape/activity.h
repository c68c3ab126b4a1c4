// Penalties on the states of a recurrent layer (Merity, McCann and Socher 2017): their size (AR)
// and how much they change from step to step (TAR).
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

struct Activity {
  double ar = 0, tar = 0;
  const real* share = nullptr;  // [B] weight of each sequence, in batch order
};

// x [N,F] -> [1]: the sum over sequences b of T_b steps of
//   share_b (ar / (T_b F) sum_t |x_t|^2 + tar / ((T_b - 1) F) sum_t |x_t - x_(t-1)|^2).
// A sequence's own steps alone count: neither padding nor its neighbours.
Var activity(Tape& tape, Var x, const Activity& a, const tensor::Steps& steps);

}  // namespace refrain::tape

// Last, mean and largest state of one direction, gathered while its steps run, so that the states
// of a whole sequence need not be kept. What pool_last, pool_mean and pool_max give, to the bit but
// for a reversed direction's mean, which is summed from its end.
#pragma once

#include "refrain/kernels/cells.h"
#include "refrain/tensor/arena.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// One direction's columns of the results [B, ...], rows in batch order; null = not wanted.
struct StatePooling {
  const tensor::Steps* steps = nullptr;
  int units = 0;  // H
  bool reverse = false;
  std::ptrdiff_t stride = 0;
  real *last = nullptr, *mean = nullptr, *max = nullptr;
  const real *d_last = nullptr, *d_mean = nullptr, *d_max = nullptr;
  real* winner = nullptr;  // [B,H] the step of the largest state, the earliest one wins

  static constexpr int kMostSteps = 1 << 24;  // a `real` counts no further

  void prepare(tensor::Arena& arena);  // room for the winners
  // The states h [live[t], H] of step t; steps come in the order in which the direction runs.
  void gather(int t, kernels::Block h) const;
  void finish() const;  // after the last step
  // The gradient of step t's states, written to d_h [live[t], H].
  void gradient(int t, kernels::MutableBlock d_h) const;

 private:
  bool starts(int t, int b) const { return t == (reverse ? steps->length[b] - 1 : 0); }
  bool ends(int t, int b) const { return t == (reverse ? 0 : steps->length[b] - 1); }
};

}  // namespace refrain::tape

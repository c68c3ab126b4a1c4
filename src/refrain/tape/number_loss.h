// Losses of numbers: what a regression minimises. Like the losses of tape/loss.h each is a share of
// the batch's: the caller gives the normaliser of the whole batch.
//   squared   (y - t)^2
//   absolute  |y - t|
//   huber     (y - t)^2 / 2 within delta, delta (|y - t| - delta / 2) beyond (Huber 1964)
//   quantile  max(q (t - y), (q - 1) (t - y)) (Koenker and Bassett 1978)
#pragma once

#include "refrain/tape/tape.h"

namespace refrain::tape {

enum class NumberLoss { kSquared, kAbsolute, kHuber, kQuantile };

struct NumberTarget {
  const real* target = nullptr;         // [B,O]; NaN: missing, which has no loss
  const real* sample_weight = nullptr;  // [B] or null = all 1
  const real* quantile = nullptr;       // [O] in (0, 1), of kQuantile
  real delta = 1;                       // of kHuber
  double total_weight = 0;              // of the samples of the whole batch
};

// y [B,O] -> loss [1]: the mean over the columns, weighed over the samples. A missing number counts
// as one that was met.
Var number_loss(Tape& tape, Var y, NumberLoss kind, const NumberTarget& options);

}  // namespace refrain::tape

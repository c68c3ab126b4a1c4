// Loss functions. A loss is a share of the batch's loss: the caller gives the normaliser of the
// whole batch, so that the shards of a batch add up to exactly the batch's loss.
#pragma once

#include "refrain/tape/tape.h"

namespace refrain::tape {

struct CrossEntropy {
  const int* target = nullptr;         // [B] in [0,C)
  const real* class_weight = nullptr;  // [C] or null = all 1
  real smoothing = 0;                  // label smoothing (Szegedy et al. 2016), in [0,1)
  // The sum over the whole batch of class_weight[target] times the sample's weight.
  double total_weight = 0;
  const real* aim = nullptr;            // [B,C] shares of the classes, in place of `target`
  const real* sample_weight = nullptr;  // [B] or null = all 1
};
// logits [B,C] -> loss [1]; PyTorch's definition of weights with smoothing. With shares the loss is
// the mean of those of the classes by their shares. `probability` [B,C] gets the softmax where it
// is not null.
Var softmax_cross_entropy(Tape& tape, Var logits, const CrossEntropy& options,
                          real* probability = nullptr);

// y [B,O], target [B,O] row-major: sum of squares / total_count -> [1].
Var mean_squared_error(Tape& tape, Var y, const real* target, double total_count);

}  // namespace refrain::tape

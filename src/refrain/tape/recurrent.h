// The recurrent driver: one layer, one or two directions, a whole ragged batch, any cell.
//
// The input's share of the gates is one large product over all steps; then each step's product with
// the recurrent weights and the gate arithmetic run fused (kernels/cells.h) on the rows alive at
// that step. Backward runs the steps the other way round and ends with large products for the
// weights. No cell has a time loop of its own. A reversed direction starts each sequence at its own
// last step.
#pragma once

#include "refrain/kernels/cells.h"
#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// Parameters of one direction, gate blocks in the cell's order (PyTorch's).
struct Direction {
  Var w_x;  // [I, gates*H]
  Var w_h;  // [H, gates*H]
  Var b;    // [gates*H]
  Var b_h;  // [extra_bias*H], absent where the cell has none
  bool reverse = false;
  Tensor mask;  // [B,H] recurrent dropout (rows as in Steps), data null = none
  Tensor zone;  // zoneout: [N,H] ones where the previous state is kept, or [1,H] the expected share
};

struct RecurrentLayer {
  const kernels::Cell* cell = nullptr;
  int units = 0;       // H
  int directions = 1;  // D
  Direction direction[2];
};

// x [N,I] -> states [N, D*H], forward direction first. `steps` outlives the tape's step.
Var recurrent(Tape& tape, Var x, const RecurrentLayer& layer, const tensor::Steps& steps);

}  // namespace refrain::tape

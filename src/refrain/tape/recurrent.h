// A recurrent layer, one or two directions, a whole ragged batch, any cell.
//
// The input's share of the gates is a large product over many steps; then each step's product with
// the recurrent weights and the gate arithmetic run fused (kernels/cells.h) on the rows alive at
// that step. Backward runs the steps the other way round and ends with large products for the
// weights (recurrent_pass.h). No cell has a time loop of its own. A reversed direction starts each
// sequence at its own last step. States are zero at the start unless they are given; those after
// each sequence's last step can be had, so that a long text is read piece by piece.
#pragma once

#include "refrain/kernels/cells.h"
#include "refrain/tape/dropout.h"
#include "refrain/tape/segments.h"
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
  Tensor mask;      // [B,H] recurrent dropout (rows as in Steps), data null = none
  Dropout zoneout;  // training: the previous state is kept where this drops; p = 0: none
  Tensor share;     // [1,H] prediction: the expected share of the previous state, data null = none
  // The initial state of each sequence, absent = zeros: h [B,H], further states of the cell
  // [B,states*H].
  Var start_h, start_c;
  // Get the states after each sequence's last step; data null = unwanted.
  Tensor end_h, end_c;
  // Where not null, gets the further states after each sequence's last step, [B,states*H] with a
  // gradient, so that a layer is run step by step.
  Var* last_c = nullptr;
};

// Chooses whether backward computes activations again instead of keeping them (Chen et al. 2016):
// the bits are the same, the time a third longer, and memory grows with the square root of the
// steps. kAuto does so if a direction's activations would take more than kKeptBytes.
enum class Recompute { kAuto, kNever, kAlways };
constexpr std::size_t kKeptBytes = std::size_t{256} << 20;

struct RecurrentLayer {
  const kernels::Cell* cell = nullptr;
  int units = 0;       // H
  int directions = 1;  // D
  Direction direction[2];
  Recompute recompute = Recompute::kAuto;
  int truncate = 0;  // gradients do not pass steps that are multiples of it; 0 = they pass all
  int segment_rows = kSegmentRows;
};

// x [N,I] -> states [N, D*H], forward direction first. `steps` outlives the tape's step.
Var recurrent(Tape& tape, Var x, const RecurrentLayer& layer, const tensor::Steps& steps);

// Selects the last, mean and largest state of each sequence.
struct Pooled {
  bool last = false, mean = false, max = false;
  int count() const { return int{last} + int{mean} + int{max}; }
};

// x [N,I] -> [B, count*D*H] in batch order: the wanted ones side by side, each as pool_last,
// pool_mean or pool_max of recurrent(); but the states need not be kept. End states are not given.
Var recurrent_pooled(Tape& tape, Var x, const RecurrentLayer& layer, Pooled pooled,
                     const tensor::Steps& steps);

}  // namespace refrain::tape

// Recurrent cells: one step of many sequences, product and gate arithmetic fused on the tile.
// A cell is one file in cells/ (its equations stand there), a line in cells/list.h and one in
// cells.cc.
//
// Memory of a layer and direction of H units, rows as in tensor/steps.h:
//   z [N, z_width*H]  on entry the input's share of the gates, W_x x + b, from column x_offset*H
//   on;
//                     after forward: what backward needs; after backward: the gradients, d_x-gates
//                     from column x_offset*H on, d_h-gates from column h_offset*H on
//   c [N, c_width*H]  first the cell's `states` further states, which pass from step to step, then
//                     what it saves (LSTM: c, tanh c)
//   carry [B, carry_width*H]  gradients handed from step to step in backward, zero at first; with
//                     further states theirs, as many blocks
#pragma once

#include <cstddef>

#include "refrain/base/real.h"
#include "refrain/base/registry.h"

namespace refrain::kernels {

// A block of consecutive matrix rows; null data stands for zeros.
struct Block {
  const real* data = nullptr;
  std::ptrdiff_t stride = 0;
};
struct MutableBlock {
  real* data = nullptr;
  std::ptrdiff_t stride = 0;
};

// One step of `rows` consecutive sequences, all of which have a neighbour step in the direction of
// processing (forward: the previous one; backward: the following one), or none (product.data null).
struct CellStep {
  int units = 0;  // H
  int rows = 0;
  Block product;  // [rows,H] masked previous state; backward: [rows,gates*H] d_h-gates
  const real* packed = nullptr;  // recurrent weights, by pack_forward or pack_backward
  const real* bias = nullptr;    // [extra_bias*H] or null
  Block h_prev, c_prev;          // previous states; c_prev [rows, states*H] at least
  MutableBlock z, c, h;          // this step's rows; h is only read in backward
  MutableBlock h_masked;         // forward with recurrent dropout: h * mask goes here as well
  Block mask;                    // [rows,H] recurrent dropout's mask, null = none
  Block zone;                    // [rows,H] zoneout: share of the previous state kept, null = none
  MutableBlock zone_carry;       // backward with zoneout, [rows,H], zero at first
  Block d_h;                     // backward: gradient of this step's h from above
  MutableBlock carry;            // backward
};

struct Cell {
  int gates;  // weights are [H, gates*H]
  int z_width, x_offset, h_offset;
  int states;  // beside h: 1 for the lstm's c
  int c_width, carry_width;
  int extra_bias;  // blocks of H in the hidden-side bias (gru, mgu: 1)
  // Column block of the recurrent weights that column block 0 of the d_h-gates belongs to; the
  // others follow in order, cyclically (gru's d_h-gates stand as n, r, z).
  int h_rotation;
  std::size_t (*packed_size_forward)(int units);
  std::size_t (*packed_size_backward)(int units);
  // w_h: [H, gates*H] row-major, column = gate * H + unit.
  void (*pack_forward)(const real* w_h, int units, real* packed);
  void (*pack_backward)(const real* w_h, int units, real* packed);
  void (*forward)(const CellStep& step);
  void (*backward)(const CellStep& step);
};

// "rnn" (tanh), "rnn_relu", "lstm", "gru", "mgu", "slstm".
const base::Registry<Cell>& cells();

}  // namespace refrain::kernels

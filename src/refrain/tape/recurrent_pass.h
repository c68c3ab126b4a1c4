// One direction of a recurrent layer over a whole ragged batch: forward, and backward from the
// gradient of its states. Group by group (segments.h): what the gates need for backward lies in
// buffers that hold one group; with more than one group, the states between them are kept and
// backward computes a group's gates and states again. Within a group it goes segment by segment:
// one product for the input's share of the gates, then the fused steps; backward the steps, then
// the products for weights and inputs while the gates' gradients are in the cache.
#pragma once

#include "refrain/tape/dropout.h"
#include "refrain/tape/segments.h"
#include "refrain/tape/state_pooling.h"

namespace refrain::tape {

// Views only, so that it can lie in a backward rule.
struct Pass {
  const kernels::Cell* cell = nullptr;
  const tensor::Steps* steps = nullptr;
  Segments segments;
  int I = 0, H = 0, G = 0;  // G = gates * H
  bool reverse = false;
  int truncate = 0;         // gradients do not pass steps that are multiples of it; 0 = they do
  const real* x = nullptr;  // [N,I]
  const real *w_x = nullptr, *w_h = nullptr, *b = nullptr, *b_h = nullptr;
  const real* mask = nullptr;                         // [B,H] recurrent dropout, or null
  const real* share = nullptr;                        // [H] zoneout when predicting, or null
  Dropout zoneout;                                    // zoneout when training; p = 0: none
  const real *start_h = nullptr, *start_c = nullptr;  // [B,H], [B,states*H], or null = zeros
  real *end_h = nullptr, *end_c = nullptr;            // likewise, or null = unwanted
  const real* start_masked = nullptr;  // [B,H] what the products see; made by prepare()

  // Either the states [N, ...] are kept, this direction's columns of them, or they are pooled.
  real* states = nullptr;
  std::ptrdiff_t states_stride = 0;
  StatePooling pooling;

  // Buffers of a group, made by prepare(); h and d_h where states are pooled.
  real *z = nullptr, *c = nullptr, *h = nullptr, *h_masked = nullptr, *zone = nullptr;
  // The states that enter the second and each further group, [sum of live, width]; row of group g.
  real *edge_h = nullptr, *edge_c = nullptr, *edge_masked = nullptr;
  const int* edge_row = nullptr;

  int z_stride() const { return cell->z_width * H; }
  int c_stride() const { return cell->c_width * H; }
  int further() const { return cell->states * H; }  // numbers of the states beside h
};

struct PassGradients {
  const real* d_h = nullptr;  // like states; null where states are pooled
  real *d_x = nullptr, *d_w_x = nullptr, *d_w_h = nullptr, *d_b = nullptr, *d_b_h = nullptr;
  real *d_start_h = nullptr, *d_start_c = nullptr;  // [B,H], [B,states*H]
  const real* d_end_c = nullptr;                    // [B,states*H]
};

// Bytes a matrix row of the group's buffers takes, and of the states between groups.
std::size_t row_bytes(const Pass& pass);
std::size_t edge_bytes(const Pass& pass);

// Takes the buffers from the arena; with `recording` what backward needs.
void prepare(Pass& pass, bool recording, tensor::Arena& arena);
void forward(const Pass& pass, tensor::Arena& arena);
// Adds to the gradients that are not null.
void backward(const Pass& pass, const PassGradients& gradients, tensor::Arena& arena);

}  // namespace refrain::tape

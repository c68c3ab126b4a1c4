#include "refrain/tape/recurrent.h"

#include <algorithm>
#include <cstring>

#include "refrain/base/error.h"
#include "refrain/kernels/product.h"

namespace refrain::tape {
namespace {

using kernels::Block;
using kernels::Cell;
using kernels::CellStep;
using kernels::MutableBlock;
using tensor::Steps;

// One direction's work on one batch: views only, so that it can lie in a backward rule.
struct Pass {
  const Cell* cell;
  const Steps* steps;
  int I, H, G;  // G = gates * H
  bool reverse;
  const real *x, *w_x, *w_h, *b, *b_h;
  real *z, *c, *h, *h_masked;  // h: this direction's columns of the output
  std::ptrdiff_t z_stride, c_stride, h_stride;
  const real* mask;  // [B,H] or null
  const real* zone;  // [N,H], [1,H] with stride 0, or null
  std::ptrdiff_t zone_stride;

  // The matrix row where step t starts, and the states that the product sees.
  std::ptrdiff_t at(int t) const { return steps->offset[t]; }
  Block product_input(int t) const {
    return mask != nullptr ? Block{h_masked + at(t) * H, H} : Block{h + at(t) * h_stride, h_stride};
  }
  bool exists(int t) const { return t >= 0 && t < steps->T; }
};

template <class B>
B from_row(const B& block, int row) {
  return block.data == nullptr ? block : B{block.data + row * block.stride, block.stride};
}

CellStep rows_of(const CellStep& s, int first, int last) {
  CellStep part = s;
  part.rows = last - first;
  part.product = from_row(s.product, first);
  part.h_prev = from_row(s.h_prev, first);
  part.c_prev = from_row(s.c_prev, first);
  part.z = from_row(s.z, first);
  part.c = from_row(s.c, first);
  part.h = from_row(s.h, first);
  part.h_masked = from_row(s.h_masked, first);
  part.mask = from_row(s.mask, first);
  part.zone = from_row(s.zone, first);
  part.zone_carry = from_row(s.zone_carry, first);
  part.d_h = from_row(s.d_h, first);
  part.carry = from_row(s.carry, first);
  return part;
}

// Runs the rows of a step in up to three parts: rows before `with_product` have the neighbour whose
// product enters, rows before `with_previous` have a previous state.
void run_rows(void (*kernel)(const CellStep&), const CellStep& s, int with_product,
              int with_previous) {
  const int cut[4] = {0, std::min(with_product, with_previous),
                      std::max(with_product, with_previous), s.rows};
  for (int i = 0; i < 3; ++i) {
    if (cut[i] >= cut[i + 1]) continue;
    CellStep part = rows_of(s, cut[i], cut[i + 1]);
    if (cut[i] >= with_product) part.product = {};
    if (cut[i] >= with_previous) part.h_prev = part.c_prev = {};
    kernel(part);
  }
}

CellStep step_at(const Pass& p, int t, int previous) {
  CellStep s;
  s.units = p.H;
  s.rows = p.steps->live[t];
  s.bias = p.b_h;
  s.z = {p.z + p.at(t) * p.z_stride, p.z_stride};
  s.c = {p.c == nullptr ? nullptr : p.c + p.at(t) * p.c_stride, p.c_stride};
  s.h = {p.h + p.at(t) * p.h_stride, p.h_stride};
  if (p.exists(previous)) {
    s.h_prev = {p.h + p.at(previous) * p.h_stride, p.h_stride};
    s.c_prev = {p.c == nullptr ? nullptr : p.c + p.at(previous) * p.c_stride, p.c_stride};
  }
  if (p.mask != nullptr) {
    s.mask = {p.mask, p.H};
    s.h_masked = {p.h_masked + p.at(t) * p.H, p.H};
  }
  if (p.zone != nullptr) s.zone = {p.zone + p.at(t) * p.zone_stride, p.zone_stride};
  return s;
}

int shared_rows(const Pass& p, int t, int other) {
  return p.exists(other) ? std::min(p.steps->live[t], p.steps->live[other]) : 0;
}

void forward(const Pass& p, tensor::Arena& arena) {
  const int T = p.steps->T, N = p.steps->N;
  real* packed_x = arena.array<real>(kernels::packed_size(p.I, p.G));
  kernels::pack({p.w_x, p.I, p.G, p.G, 1}, packed_x);
  kernels::product(
      {p.x, p.I, N, p.I, p.G, packed_x, p.b, p.z + p.cell->x_offset * p.H, p.z_stride});
  real* packed_h = arena.array<real>(p.cell->packed_size_forward(p.H));
  p.cell->pack_forward(p.w_h, p.H, packed_h);
  for (int i = 0; i < T; ++i) {
    const int t = p.reverse ? T - 1 - i : i, previous = p.reverse ? t + 1 : t - 1;
    CellStep s = step_at(p, t, previous);
    s.packed = packed_h;
    if (p.exists(previous)) s.product = p.product_input(previous);
    const int joined = shared_rows(p, t, previous);
    run_rows(p.cell->forward, s, joined, joined);
  }
}

struct Gradients {
  const real* d_h;  // this direction's columns of the output's gradient, stride as the output's
  real *d_x, *d_w_x, *d_w_h, *d_b, *d_b_h;  // null where no gradient is wanted
};

void backward_steps(const Pass& p, const Gradients& g, tensor::Arena& arena) {
  const int T = p.steps->T;
  real* packed = arena.array<real>(p.cell->packed_size_backward(p.H));
  p.cell->pack_backward(p.w_h, p.H, packed);
  const int carry_columns = std::max(1, p.cell->carry_width) * p.H;
  const Tensor carry = arena.zeros({p.steps->B, carry_columns});
  const Tensor zone_carry = arena.zeros({p.zone == nullptr ? 0 : p.steps->B, p.H});
  for (int i = 0; i < T; ++i) {
    const int t = p.reverse ? i : T - 1 - i;
    const int previous = p.reverse ? t + 1 : t - 1, next = p.reverse ? t - 1 : t + 1;
    CellStep s = step_at(p, t, previous);
    s.packed = packed;
    s.d_h = {g.d_h + p.at(t) * p.h_stride, p.h_stride};
    s.carry = {carry.data, carry_columns};
    s.zone_carry = {zone_carry.data, p.H};
    if (p.exists(next)) {
      s.product = {p.z + p.at(next) * p.z_stride + p.cell->h_offset * p.H, p.z_stride};
    }
    run_rows(p.cell->backward, s, shared_rows(p, t, next), shared_rows(p, t, previous));
  }
}

// d W_h: each step's d_h-gates times the state that entered it. With m running over all steps but
// the first of each sequence and before[m] its earlier neighbour, the later of the two is m.
void recurrent_weight_gradient(const Pass& p, real* d_w_h) {
  const int B = p.steps->B, pairs = p.steps->N - B;
  const Block state = p.mask != nullptr ? Block{p.h_masked, p.H} : Block{p.h, p.h_stride};
  kernels::OuterProduct o{};
  o.rows = pairs;
  o.Ka = p.H;
  o.a_stride = state.stride;
  o.b_stride = p.z_stride;
  o.c_stride = p.G;
  const real* gates = p.z + p.cell->h_offset * p.H;
  o.a = p.reverse ? state.data + B * state.stride : state.data;
  o.a_index = p.reverse ? nullptr : p.steps->before + B;
  o.b_index = p.reverse ? p.steps->before + B : nullptr;
  const real* b = p.reverse ? gates : gates + B * p.z_stride;
  // Column block k of the d_h-gates belongs to block (k + rotation) of the weights: two runs of
  // blocks.
  const int split = p.G - p.cell->h_rotation * p.H;
  o.b = b;
  o.Nb = split;
  o.c = d_w_h + p.cell->h_rotation * p.H;
  kernels::outer_product(o);
  if (split == p.G) return;
  o.b = b + split;
  o.Nb = p.G - split;
  o.c = d_w_h;
  kernels::outer_product(o);
}

void backward(const Pass& p, const Gradients& g, tensor::Arena& arena) {
  backward_steps(p, g, arena);
  const int N = p.steps->N;
  const real* d_gates = p.z + p.cell->x_offset * p.H;
  if (g.d_w_x != nullptr) {
    kernels::outer_product(
        {p.x, p.I, nullptr, d_gates, p.z_stride, nullptr, N, p.I, p.G, g.d_w_x, p.G});
  }
  if (g.d_w_h != nullptr) recurrent_weight_gradient(p, g.d_w_h);
  if (g.d_b != nullptr) kernels::add_column_sums(d_gates, p.z_stride, N, p.G, g.d_b);
  if (p.cell->extra_bias > 0 && g.d_b_h != nullptr) {
    kernels::add_column_sums(p.z + p.cell->h_offset * p.H, p.z_stride, N, p.H, g.d_b_h);
  }
  if (g.d_x == nullptr) return;
  real* packed = arena.array<real>(kernels::packed_size(p.G, p.I));
  kernels::pack({p.w_x, p.G, p.I, 1, p.G}, packed);
  kernels::product({d_gates, p.z_stride, N, p.G, p.I, packed, nullptr, g.d_x, p.I, true});
}

void check(const Tape& tape, Var x, const RecurrentLayer& layer, const Steps& steps) {
  const int H = layer.units, G = layer.cell->gates * H;
  if (tape.value(x).rows() != steps.N) {
    throw Error(Code::kShape, "[recurrent] the input has " + tape.value(x).shape.text() +
                                  ", the batch " + std::to_string(steps.N) + " steps in all");
  }
  for (int d = 0; d < layer.directions; ++d) {
    const Direction& part = layer.direction[d];
    require_shape("recurrent w_x", tape.value(part.w_x), {tape.value(x).columns(), G});
    require_shape("recurrent w_h", tape.value(part.w_h), {H, G});
    require_shape("recurrent b", tape.value(part.b), {G});
    if (layer.cell->extra_bias > 0) {
      require_shape("recurrent b_h", tape.value(part.b_h), {layer.cell->extra_bias * H});
    }
    if (part.mask.data != nullptr) require_shape("recurrent mask", part.mask, {steps.B, H});
    if (part.zone.data != nullptr) {
      require_shape("recurrent zone", part.zone, {part.zone.rows() == 1 ? 1 : steps.N, H});
    }
  }
}

Pass prepare(Tape& tape, Var x, const RecurrentLayer& layer, const Steps& steps) {
  Pass p{};
  p.cell = layer.cell;
  p.steps = &steps;
  p.I = tape.value(x).columns();
  p.H = layer.units;
  p.G = layer.cell->gates * p.H;
  p.x = tape.value(x).data;
  p.z_stride = layer.cell->z_width * p.H;
  p.c_stride = layer.cell->c_width * p.H;
  p.h_stride = layer.directions * p.H;
  return p;
}

void attach(Tape& tape, const Direction& part, Pass& p) {
  const int N = p.steps->N;
  p.reverse = part.reverse;
  p.w_x = tape.value(part.w_x).data;
  p.w_h = tape.value(part.w_h).data;
  p.b = tape.value(part.b).data;
  p.b_h = part.b_h.present() ? tape.value(part.b_h).data : nullptr;
  p.mask = part.mask.data;
  p.zone = part.zone.data;
  p.zone_stride = p.zone != nullptr && part.zone.rows() > 1 ? p.H : 0;
  p.z = tape.arena().tensor({N, p.cell->z_width * p.H}).data;
  p.c = p.c_stride > 0 ? tape.arena().tensor({N, p.cell->c_width * p.H}).data : nullptr;
  p.h_masked = p.mask != nullptr ? tape.arena().tensor({N, p.H}).data : nullptr;
}

}  // namespace

Var recurrent(Tape& tape, Var x, const RecurrentLayer& layer, const Steps& steps) {
  check(tape, x, layer, steps);
  const Var y = tape.result({steps.N, layer.directions * layer.units});
  for (int d = 0; d < layer.directions; ++d) {
    const Direction& part = layer.direction[d];
    Pass p = prepare(tape, x, layer, steps);
    attach(tape, part, p);
    p.h = tape.value(y).data + d * layer.units;
    forward(p, tape.arena());

    tape.on_backward([t = &tape, p, x, y, d, part] {
      Gradients g{};
      g.d_h = t->gradient(y).data + d * p.H;
      g.d_x = t->gradient(x).data;
      g.d_w_x = t->gradient(part.w_x).data;
      g.d_w_h = t->gradient(part.w_h).data;
      g.d_b = t->gradient(part.b).data;
      g.d_b_h = part.b_h.present() ? t->gradient(part.b_h).data : nullptr;
      backward(p, g, t->arena());
    });
  }
  return y;
}

}  // namespace refrain::tape

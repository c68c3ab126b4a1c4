#include "refrain/tape/recurrent.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/tape/recurrent_pass.h"

namespace refrain::tape {
namespace {

using tensor::Steps;

void check_carried(const Tape& tape, const RecurrentLayer& layer, const Direction& part, int B) {
  const Shape states{B, layer.units}, further{B, layer.cell->states * layer.units};
  const bool has_c = part.start_c.present() || part.end_c.data != nullptr || part.last_c != nullptr;
  if (has_c && layer.cell->states == 0) {
    throw Error(Code::kShape, "[recurrent] this cell has no second state");
  }
  if (part.start_h.present()) require_shape("recurrent start", tape.value(part.start_h), states);
  if (part.start_c.present()) require_shape("recurrent start", tape.value(part.start_c), further);
  if (part.end_h.data != nullptr) require_shape("recurrent end", part.end_h, states);
  if (part.end_c.data != nullptr) require_shape("recurrent end", part.end_c, further);
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
    if (part.share.data != nullptr) require_shape("recurrent share", part.share, {1, H});
    check_carried(tape, layer, part, steps.B);
  }
}

Pass make_pass(const Tape& tape, Var x, const RecurrentLayer& layer, const Direction& part,
               const Steps& steps) {
  Pass p;
  p.cell = layer.cell;
  p.steps = &steps;
  p.I = tape.value(x).columns();
  p.H = layer.units;
  p.G = layer.cell->gates * p.H;
  p.reverse = part.reverse;
  p.truncate = layer.truncate;
  p.x = tape.value(x).data;
  p.w_x = tape.value(part.w_x).data;
  p.w_h = tape.value(part.w_h).data;
  p.b = tape.value(part.b).data;
  p.b_h = part.b_h.present() ? tape.value(part.b_h).data : nullptr;
  p.mask = part.mask.data;
  p.share = part.share.data;
  p.zoneout = part.zoneout;
  if (part.start_h.present()) p.start_h = tape.value(part.start_h).data;
  if (part.start_c.present()) p.start_c = tape.value(part.start_c).data;
  p.end_h = part.end_h.data;
  p.end_c = part.end_c.data;
  return p;
}

// Where nothing comes back it keeps nothing; recomputation the number of rows that makes a group's
// buffers and the states between the groups equally large.
std::size_t group_rows(const Pass& p, Recompute recompute, bool recording) {
  if (!recording) return 1;
  const double rows = p.steps->N, row = static_cast<double>(row_bytes(p));
  const bool fits = rows * row <= static_cast<double>(kKeptBytes);
  if (recompute == Recompute::kNever || (recompute == Recompute::kAuto && fits)) return 0;
  const double edge = static_cast<double>(edge_bytes(p)) * p.steps->B;
  return static_cast<std::size_t>(std::sqrt(rows * std::max(edge, row) / row)) + 1;
}

PassGradients weight_gradients(const Tape& tape, Var x, const Direction& part) {
  PassGradients g;
  g.d_x = tape.gradient(x).data;
  g.d_w_x = tape.gradient(part.w_x).data;
  g.d_w_h = tape.gradient(part.w_h).data;
  g.d_b = tape.gradient(part.b).data;
  g.d_b_h = part.b_h.present() ? tape.gradient(part.b_h).data : nullptr;
  if (part.start_h.present()) g.d_start_h = tape.gradient(part.start_h).data;
  if (part.start_c.present()) g.d_start_c = tape.gradient(part.start_c).data;
  return g;
}

bool wants_any(const Tape& tape, Var x, const RecurrentLayer& layer) {
  bool any = tape.wants_gradient(x);
  for (int d = 0; d < layer.directions; ++d) {
    const Direction& part = layer.direction[d];
    for (const Var v : {part.w_x, part.w_h, part.b, part.b_h, part.start_h, part.start_c}) {
      any = any || tape.wants_gradient(v);
    }
  }
  return any;
}

// Cuts, takes the buffers of a pass whose result is y, and runs.
void run(Tape& tape, Var y, Pass& p, const RecurrentLayer& layer) {
  const bool comes_back = tape.wants_gradient(y);
  const std::size_t rows = group_rows(p, layer.recompute, comes_back);
  p.segments = cut_steps(*p.steps, layer.segment_rows, rows, tape.arena());
  prepare(p, comes_back, tape.arena());
  forward(p, tape.arena());
}

// The columns of direction d in a result or its gradient, block by block.
template <class Pointer>
void point(real* data, int d, const RecurrentLayer& layer, Pooled pooled, Pointer& last,
           Pointer& mean, Pointer& max) {
  if (data == nullptr) return;
  const int width = layer.directions * layer.units;
  data += d * layer.units;
  const auto take = [&](bool wanted, Pointer& place) {
    if (!wanted) return;
    place = data;
    data += width;
  };
  take(pooled.last, last);
  take(pooled.mean, mean);
  take(pooled.max, max);
}

}  // namespace

Var recurrent(Tape& tape, Var x, const RecurrentLayer& layer, const Steps& steps) {
  check(tape, x, layer, steps);
  const Var y = tape.result({steps.N, layer.directions * layer.units}, wants_any(tape, x, layer));
  for (int d = 0; d < layer.directions; ++d) {
    const Direction& part = layer.direction[d];
    Pass p = make_pass(tape, x, layer, part, steps);
    p.states = tape.value(y).data + d * layer.units;
    p.states_stride = layer.directions * layer.units;
    Var last_c;
    if (part.last_c != nullptr) {
      *part.last_c = last_c = tape.result({steps.B, p.further()}, tape.wants_gradient(y));
      p.end_c = tape.value(last_c).data;
    }
    run(tape, y, p, layer);

    tape.on_backward(y, [t = &tape, p, x, y, d, part, last_c] {
      PassGradients g = weight_gradients(*t, x, part);
      g.d_h = t->gradient(y).data + d * p.H;
      if (last_c.present()) g.d_end_c = t->gradient(last_c).data;
      backward(p, g, t->arena());
    });
  }
  return y;
}

Var recurrent_pooled(Tape& tape, Var x, const RecurrentLayer& layer, Pooled pooled,
                     const Steps& steps) {
  check(tape, x, layer, steps);
  if (steps.T > StatePooling::kMostSteps) {
    throw Error(Code::kUnsupported,
                "a sequence has " + std::to_string(steps.T) + " steps, at most " +
                    std::to_string(StatePooling::kMostSteps) + " can be pooled",
                "cut it into pieces");
  }
  const int columns = pooled.count() * layer.directions * layer.units;
  const Var y = tape.result({steps.B, columns}, wants_any(tape, x, layer));
  for (int d = 0; d < layer.directions; ++d) {
    const Direction& part = layer.direction[d];
    Pass p = make_pass(tape, x, layer, part, steps);
    StatePooling& s = p.pooling;
    s.steps = &steps;
    s.units = layer.units;
    s.reverse = part.reverse;
    s.stride = columns;
    point(tape.value(y).data, d, layer, pooled, s.last, s.mean, s.max);
    point(tape.gradient(y).data, d, layer, pooled, s.d_last, s.d_mean, s.d_max);
    run(tape, y, p, layer);

    tape.on_backward(
        y, [t = &tape, p, x, part] { backward(p, weight_gradients(*t, x, part), t->arena()); });
  }
  return y;
}

}  // namespace refrain::tape

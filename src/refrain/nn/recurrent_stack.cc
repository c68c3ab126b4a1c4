#include "refrain/nn/recurrent_stack.h"

#include <algorithm>

#include "refrain/tape/dropout.h"
#include "refrain/tape/layer_norm.h"

namespace refrain::nn {
namespace {

RecurrentStack::Direction make_direction(const kernels::Cell& cell, int inputs, int H,
                                         const std::string& name, ParamSet& params) {
  const int G = cell.gates * H;
  RecurrentStack::Direction d{};
  d.w_x = params.add({name + "w_x", {inputs, G}, Start::kGlorot, cell.gates});
  d.w_h = params.add({name + "w_h", {H, G}, Start::kOrthogonal, cell.gates});
  const bool forgets = cell.gates == 4;
  d.b =
      params.add({name + "b", {G}, forgets ? Start::kForgetOne : Start::kZero, cell.gates, false});
  d.b_h = cell.extra_bias == 0
              ? -1
              : params.add({name + "b_h", {cell.extra_bias * H}, Start::kZero, 1, false});
  return d;
}

tape::Direction on_tape(const Context& context, const RecurrentStack::Direction& d) {
  tape::Direction out;
  out.w_x = context.param(d.w_x);
  out.w_h = context.param(d.w_h);
  out.b = context.param(d.b);
  if (d.b_h >= 0) out.b_h = context.param(d.b_h);
  return out;
}

}  // namespace

RecurrentStack RecurrentStack::make(const EncoderSpec& spec, int inputs, const std::string& name,
                                    ParamSet& params) {
  RecurrentStack stack;
  stack.cell = &kernels::cells().at(spec.cell);
  stack.hidden = spec.hidden;
  stack.dropout = spec.dropout;
  stack.recurrent_dropout = spec.recurrent_dropout;
  stack.zoneout = spec.zoneout;
  stack.weight_drop = spec.weight_drop;
  for (int i = 0; i < spec.layers; ++i) {
    Layer layer;
    layer.name = name + "." + std::to_string(i);
    for (int d = 0; d < (spec.bidirectional ? 2 : 1); ++d) {
      const std::string path = layer.name + (d == 0 ? ".forward." : ".reverse.");
      layer.directions.push_back(make_direction(*stack.cell, inputs, spec.hidden, path, params));
    }
    inputs = spec.hidden * static_cast<int>(layer.directions.size());
    if (spec.layer_norm) {
      layer.gain = params.add({layer.name + ".gain", {inputs}, Start::kOne, 1, false});
      layer.bias = params.add({layer.name + ".bias", {inputs}, Start::kZero, 1, false});
    }
    stack.layers.push_back(std::move(layer));
  }
  return stack;
}

// Switches on what drops states or weights. `place` numbers the stack's directions.
void RecurrentStack::regularise(Context& context, std::size_t place, const tensor::Steps& steps,
                                tape::Direction& on) const {
  tape::Tape& tape = context.tape;
  if (zoneout > 0 && !context.training) {
    on.zone = tape.arena().tensor({1, hidden});
    std::fill_n(on.zone.data, hidden, static_cast<real>(zoneout));
  }
  if (!context.training) return;
  if (recurrent_dropout > 0) {
    const auto keys = context.dropout(recurrent_dropout, "recurrent", steps, place);
    on.mask = tape::variational_mask(tape, hidden, keys, steps.B);
  }
  if (zoneout > 0) {
    const auto keys = context.dropout(zoneout, "zoneout", steps, place);
    on.zone = tape::zoneout_mask(tape, hidden, keys, steps);
  }
  if (weight_drop > 0) {
    const auto key = context.rng.fork("weight drop").fork(place).fork(context.step).key();
    on.w_h = tape::dropout_weights(tape, on.w_h, static_cast<real>(weight_drop), key);
  }
}

tape::Var RecurrentStack::forward(Context& context, tape::Var x, const tensor::Steps& steps) const {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Layer& layer = layers[i];
    if (i > 0 && context.training && dropout > 0) {
      x = tape::dropout_variational(context.tape, x,
                                    context.dropout(dropout, "between layers", steps, i), steps);
    }
    tape::RecurrentLayer on;
    on.cell = cell;
    on.units = hidden;
    on.directions = static_cast<int>(layer.directions.size());
    for (std::size_t d = 0; d < layer.directions.size(); ++d) {
      on.direction[d] = on_tape(context, layer.directions[d]);
      on.direction[d].reverse = d == 1;
      regularise(context, 2 * i + d, steps, on.direction[d]);
    }
    x = tape::recurrent(context.tape, x, on, steps);
    if (layer.gain >= 0) {
      x = tape::layer_norm(context.tape, x, context.param(layer.gain), context.param(layer.bias));
    }
  }
  return x;
}

}  // namespace refrain::nn

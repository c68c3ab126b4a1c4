#include "refrain/nn/recurrent_stack.h"

#include <algorithm>

#include "refrain/tape/activation.h"
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

tape::Direction parameters(const Context& context, const RecurrentStack::Direction& d) {
  tape::Direction out;
  out.w_x = context.param(d.w_x);
  out.w_h = context.param(d.w_h);
  out.b = context.param(d.b);
  if (d.b_h >= 0) out.b_h = context.param(d.b_h);
  return out;
}

}  // namespace

// A stack without layers.
RecurrentStack RecurrentStack::empty(const EncoderSpec& spec) {
  RecurrentStack stack;
  stack.cell = &kernels::cells().at(spec.cell);
  stack.hidden = spec.hidden;
  stack.dropout = spec.dropout;
  stack.recurrent_dropout = spec.recurrent_dropout;
  stack.zoneout = spec.zoneout;
  stack.weight_drop = spec.weight_drop;
  stack.truncate = spec.truncate;
  stack.residual = spec.residual;
  stack.recompute = spec.recompute == "always"  ? tape::Recompute::kAlways
                    : spec.recompute == "never" ? tape::Recompute::kNever
                                                : tape::Recompute::kAuto;
  return stack;
}

RecurrentStack RecurrentStack::make(const EncoderSpec& spec, int inputs, const std::string& name,
                                    ParamSet& params) {
  RecurrentStack stack = empty(spec);
  stack.inputs = inputs;
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

RecurrentStack RecurrentStack::make_reversed(const EncoderSpec& spec, int inputs,
                                             const std::string& name, ParamSet& params) {
  RecurrentStack stack = empty(spec);
  for (int i = 0; i < spec.layers; ++i) {
    Layer layer;
    layer.name = name + "." + std::to_string(i);
    const std::string path = layer.name + ".reverse.";
    layer.directions.push_back(
        make_direction(*stack.cell, i == 0 ? inputs : spec.hidden, spec.hidden, path, params));
    stack.layers.push_back(std::move(layer));
  }
  return stack;
}

std::size_t RecurrentStack::carried_count(int sequences) const {
  const auto states = 1 + static_cast<std::size_t>(cell->states);
  return layers.size() * states * static_cast<std::size_t>(sequences) *
         static_cast<std::size_t>(hidden);
}

// Switches on what drops states or weights. `place` numbers the stack's directions.
void RecurrentStack::regularise(Context& context, std::size_t place, const tensor::Steps& steps,
                                tape::Direction& on) const {
  tape::Tape& tape = context.tape;
  if (zoneout > 0 && !context.training) {
    on.share = tape.arena().tensor({1, hidden});
    std::fill_n(on.share.data, hidden, static_cast<real>(zoneout));
  }
  if (!context.training) return;
  if (recurrent_dropout > 0) {
    const auto keys = context.dropout(recurrent_dropout, "recurrent", steps, place);
    on.mask = tape::variational_mask(tape, hidden, keys, steps.B);
  }
  if (zoneout > 0) {
    on.zoneout = context.dropout(zoneout, "zoneout", steps, place);
  }
  if (weight_drop > 0) {
    const auto key = context.masks().fork("weight drop").fork(place).fork(context.step).key();
    on.w_h = tape::dropout_weights(tape, on.w_h, static_cast<real>(weight_drop), key);
  }
}

// The states that layer i starts from and where those go that it ends with.
void RecurrentStack::carry(Context& context, std::size_t i, const Reading& reading,
                           tape::Direction& on) const {
  const tensor::Shape shape{reading.steps.B, hidden};
  const tensor::Shape further{reading.steps.B, cell->states * hidden};
  const std::size_t count = shape.count();
  const std::size_t at = i * (1 + static_cast<std::size_t>(cell->states)) * count;
  if (const real* start = reading.carried.start) {
    auto* from = const_cast<real*>(start + at);  // a constant of the tape
    on.start_h = context.tape.constant({shape, from});
    if (cell->states > 0) on.start_c = context.tape.constant({further, from + count});
  }
  if (real* end = reading.carried.end) {
    on.end_h = {shape, end + at};
    if (cell->states > 0) on.end_c = {further, end + at + count};
  }
}

tape::RecurrentLayer RecurrentStack::on_tape(Context& context, std::size_t i,
                                             const Reading& reading) const {
  tape::RecurrentLayer on;
  on.cell = cell;
  on.units = hidden;
  on.directions = static_cast<int>(layers[i].directions.size());
  on.recompute = recompute;
  on.truncate = truncate;
  for (std::size_t d = 0; d < layers[i].directions.size(); ++d) {
    on.direction[d] = parameters(context, layers[i].directions[d]);
    on.direction[d].reverse = d == 1;
    regularise(context, 2 * i + d, reading.steps, on.direction[d]);
    if (d == 0) carry(context, i, reading, on.direction[d]);
  }
  return on;
}

// Returns the input of layer i: the output of the layer below, with normalisation and dropout.
tape::Var RecurrentStack::below(Context& context, std::size_t i, tape::Var x,
                                const Reading& reading) const {
  for (std::size_t k = 0; k < i; ++k) {
    x = run(context, k, x, reading);
    if (!context.training || dropout <= 0) continue;
    const auto keys = context.dropout(dropout, "between layers", reading.steps, k + 1);
    x = tape::dropout_variational(context.tape, x, keys, reading.steps);
  }
  return x;
}

// Layer i with its normalisation and what it is added to.
tape::Var RecurrentStack::run(Context& context, std::size_t i, tape::Var x,
                              const Reading& reading) const {
  const Layer& layer = layers[i];
  tape::Tape& tape = context.tape;
  tape::Var y = tape::recurrent(tape, x, on_tape(context, i, reading), reading.steps);
  if (layer.gain >= 0) {
    y = tape::layer_norm(tape, y, context.param(layer.gain), context.param(layer.bias));
  }
  if (residual && i > 0) y = tape::add(tape, x, y);
  if (context.look != nullptr) context.look->see(layer.name, y);
  return y;
}

tape::Var RecurrentStack::forward(Context& context, tape::Var x, const tensor::Steps& steps,
                                  const CarriedStates& carried) const {
  if (layers.empty()) return x;
  const std::size_t top = layers.size() - 1;
  const Reading reading{steps, carried};
  x = below(context, top, x, reading);
  return run(context, top, x, reading);
}

tape::Var RecurrentStack::pooled(Context& context, tape::Var x, tape::Pooled wanted,
                                 const tensor::Steps& steps) const {
  const std::size_t top = layers.size() - 1;
  const CarriedStates none;
  const Reading reading{steps, none};
  x = below(context, top, x, reading);
  return tape::recurrent_pooled(context.tape, x, on_tape(context, top, reading), wanted, steps);
}

}  // namespace refrain::nn

#include "refrain/nn/recurrent_stack.h"

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
      if (context.training && recurrent_dropout > 0) {
        const std::string_view operation = d == 0 ? "recurrent forward" : "recurrent reverse";
        const auto keys = context.dropout(recurrent_dropout, operation, steps, i);
        on.direction[d].mask = tape::variational_mask(context.tape, hidden, keys, steps.B);
      }
    }
    x = tape::recurrent(context.tape, x, on, steps);
    if (layer.gain >= 0) {
      x = tape::layer_norm(context.tape, x, context.param(layer.gain), context.param(layer.bias));
    }
  }
  return x;
}

}  // namespace refrain::nn

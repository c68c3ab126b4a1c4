#include "refrain/nn/transformer_layers.h"

#include "refrain/tape/activation.h"
#include "refrain/tape/attention.h"
#include "refrain/tape/dropout.h"
#include "refrain/tape/layer_norm.h"
#include "refrain/tape/linear.h"

namespace refrain::nn {
namespace {

using tape::Var;

TransformerLayer add_transformer_layer(const data::TunedLayers& form, int F,
                                       const std::string& name, ParamSet& params) {
  const auto matrix = [&](const char* own, int inputs, int outputs, int blocks = 1) {
    return params.add({name + own, {inputs, outputs}, Start::kGlorot, blocks});
  };
  const auto vector = [&](const char* own, int size, Start start = Start::kZero) {
    return params.add({name + own, {size}, start, 1, false});
  };
  TransformerLayer layer{};
  layer.w_in = matrix(".w_in", F, 3 * F, 3);
  layer.b_in = vector(".b_in", 3 * F);
  layer.w_out = matrix(".w_out", F, F);
  layer.b_out = vector(".b_out", F);
  layer.attention_gain = vector(".attention_gain", F, Start::kOne);
  layer.attention_bias = vector(".attention_bias", F);
  layer.w_wide = matrix(".w_wide", F, form.inner);
  layer.b_wide = vector(".b_wide", form.inner);
  layer.w_narrow = matrix(".w_narrow", form.inner, F);
  layer.b_narrow = vector(".b_narrow", F);
  layer.gain = vector(".gain", F, Start::kOne);
  layer.bias = vector(".bias", F);
  return layer;
}

Var activated(tape::Tape& tape, Var x, const std::string& how) {
  if (how == "relu") return tape::relu(tape, x);
  return how == "gelu" ? tape::gelu(tape, x) : tape::gelu_tanh(tape, x);
}

}  // namespace

TransformerLayers TransformerLayers::make(const data::TunedLayers& form, int F,
                                          const std::string& name, ParamSet& params) {
  TransformerLayers out;
  out.form = form;
  for (int i = 0; i < form.count; ++i) {
    const std::string own = name + "." + std::to_string(form.first + i);
    out.layers.push_back(add_transformer_layer(form, F, own, params));
  }
  return out;
}

Var TransformerLayers::drop(Context& context, Var x, const tensor::Steps& steps,
                            std::size_t place) const {
  if (!context.training || dropout <= 0) return x;
  const auto keys = context.dropout(dropout, "transformer", steps, place);
  return tape::dropout_elements(context.tape, x, keys, steps);
}

Var TransformerLayers::attended(Context& context, std::size_t i, Var x,
                                const tensor::Steps& steps) const {
  const TransformerLayer& l = layers[i];
  tape::SelfAttention a;
  a.w_in = context.param(l.w_in);
  a.b_in = context.param(l.b_in);
  a.w_out = context.param(l.w_out);
  a.b_out = context.param(l.b_out);
  a.heads = form.heads;
  const Var y = drop(context, tape::self_attention(context.tape, x, a, steps), steps, 2 * i);
  return tape::layer_norm(context.tape, tape::add(context.tape, x, y),
                          context.param(l.attention_gain), context.param(l.attention_bias),
                          static_cast<real>(form.epsilon));
}

Var TransformerLayers::widened(Context& context, std::size_t i, Var x,
                               const tensor::Steps& steps) const {
  tape::Tape& tape = context.tape;
  const TransformerLayer& l = layers[i];
  Var y = tape::linear(tape, x, context.param(l.w_wide), context.param(l.b_wide));
  y = activated(tape, y, form.activation);
  y = tape::linear(tape, y, context.param(l.w_narrow), context.param(l.b_narrow));
  y = drop(context, y, steps, 2 * i + 1);
  return tape::layer_norm(tape, tape::add(tape, x, y), context.param(l.gain), context.param(l.bias),
                          static_cast<real>(form.epsilon));
}

Var TransformerLayers::forward(Context& context, Var x, const tensor::Steps& steps) const {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    x = widened(context, i, attended(context, i, x, steps), steps);
  }
  return x;
}

}  // namespace refrain::nn

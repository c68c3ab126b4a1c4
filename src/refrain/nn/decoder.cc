#include "refrain/nn/decoder.h"

#include <algorithm>

#include "refrain/tape/activation.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/pooling.h"

namespace refrain::nn {

using tape::Var;
using tensor::Steps;

Decoder::Decoder(const DecoderSpec& spec, int vocabulary, int inputs, const std::string& name,
                 ParamSet& params)
    : spec_(spec), cell_(&kernels::cells().at(spec.cell)) {
  const int H = spec.hidden, E = spec.embedding_dim;
  at_.words = params.add({name + ".words", {vocabulary, E}, Start::kSmallNormal});
  at_.begin_w = params.add({name + ".begin.w", {inputs, H}, Start::kGlorot});
  at_.begin_b = params.add({name + ".begin.b", {H}, Start::kZero, 1, false});
  at_.first = add_layer(E, name + ".0.", params);
  at_.query = params.add({name + ".query", {H, H}, Start::kGlorot});
  at_.key = params.add({name + ".key", {inputs, H}, Start::kGlorot});
  if (spec.additive) at_.energy = params.add({name + ".energy", {H, 1}, Start::kGlorot});
  at_.second = add_layer(H + inputs, name + ".1.", params);
  at_.out_state = params.add({name + ".out.state", {H, E}, Start::kGlorot});
  at_.out_found = params.add({name + ".out.found", {inputs, E}, Start::kGlorot});
  at_.out_word = params.add({name + ".out.word", {E, E}, Start::kGlorot});
  at_.out_b = params.add({name + ".out.b", {E}, Start::kZero, 1, false});
  at_.bias = params.add({name + ".bias", {vocabulary}, Start::kZero, 1, false});
}

DecoderParams::Layer Decoder::add_layer(int inputs, const std::string& name,
                                        ParamSet& params) const {
  const int H = spec_.hidden, G = cell_->gates * H;
  DecoderParams::Layer d{};
  d.w_x = params.add({name + "w_x", {inputs, G}, Start::kGlorot, cell_->gates});
  d.w_h = params.add({name + "w_h", {H, G}, Start::kOrthogonal, cell_->gates});
  const auto start = cell_->gates == 4 ? Start::kForgetOne : Start::kZero;
  d.b = params.add({name + "b", {G}, start, cell_->gates, false});
  d.b_h = -1;
  if (cell_->extra_bias > 0) {
    d.b_h = params.add({name + "b_h", {cell_->extra_bias * H}, Start::kZero, 1, false});
  }
  return d;
}

Var Decoder::run(Context& context, const DecoderParams::Layer& layer, Var x,
                 const Sequences& sequences) const {
  tape::RecurrentLayer on;
  on.cell = cell_;
  on.units = spec_.hidden;
  tape::Direction& d = on.direction[0];
  d.w_x = context.param(layer.w_x);
  d.w_h = context.param(layer.w_h);
  d.b = context.param(layer.b);
  if (layer.b_h >= 0) d.b_h = context.param(layer.b_h);
  d.start_h = sequences.start;
  return tape::recurrent(context.tape, x, on, sequences.steps);
}

Var Decoder::drop(Context& context, Var x, const char* what, const Steps& steps) const {
  if (!context.training || spec_.dropout <= 0) return x;
  return tape::dropout_variational(context.tape, x, context.dropout(spec_.dropout, what, steps),
                                   steps);
}

// The first layer's states before the first step, [B,hidden] in the order of the batch.
Var Decoder::beginning(Context& context, const StepStates& encoded) const {
  tape::Tape& tape = context.tape;
  const Var mean = tape::pool_mean(tape, encoded.states, *encoded.steps);
  return tape::tanh(
      tape, tape::linear(tape, mean, context.param(at_.begin_w), context.param(at_.begin_b)));
}

// [N,embedding_dim], what the softmax sees.
Var Decoder::output(Context& context, const int* symbol, const Reading& r) const {
  tape::Tape& tape = context.tape;
  const Steps& steps = *r.steps.queries;
  Var x = tape::embedding(tape, context.param(at_.words), symbol, steps.N);
  x = drop(context, x, "decoder words", steps);
  const Var state = run(context, at_.first, x, {steps, r.start});
  tape::CrossAttention attention;
  attention.heads = spec_.heads;
  attention.weights = r.weights;
  if (at_.energy >= 0) {
    attention.energy = tape::reshape(tape, context.param(at_.energy), {spec_.hidden});
  }
  const Var query = tape::linear(tape, state, context.param(at_.query), {});
  Var found = tape::cross_attention(tape, {query, r.keys, r.values}, attention, r.steps);
  found = drop(context, found, "decoder found", steps);
  const Var both[] = {state, found};
  const Var top = run(context, at_.second, tape::concatenate(tape, both, 2), {steps, {}});
  Var out = tape::linear(tape, top, context.param(at_.out_state), context.param(at_.out_b));
  out = tape::add(tape, out, tape::linear(tape, found, context.param(at_.out_found), {}));
  out = tape::add(tape, out, tape::linear(tape, x, context.param(at_.out_word), {}));
  return drop(context, tape::tanh(tape, out), "decoder output", steps);
}

Var Decoder::loss(Context& context, const StepStates& encoded, const Written& w) const {
  tape::Tape& tape = context.tape;
  Reading r;
  r.values = encoded.states;
  r.keys = tape::linear(tape, encoded.states, context.param(at_.key), {});
  r.steps = {w.steps, encoded.steps};
  r.weights = w.weights;
  // From the order of the batch to that of the rows.
  r.start = tape::embedding(tape, beginning(context, encoded), w.steps->position, w.steps->B);
  const Var out = output(context, w.symbol, r);
  tape::WordLoss o;
  o.target = w.target;
  o.total_weight = w.total_weight;
  o.surprise = w.surprise;
  o.smoothing = context.training ? spec_.label_smoothing : 0;
  return tape::word_loss(tape, out, {context.param(at_.words), context.param(at_.bias), {}, {}}, o);
}

}  // namespace refrain::nn

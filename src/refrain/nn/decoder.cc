#include "refrain/nn/decoder.h"

#include <algorithm>
#include <new>
#include <numeric>

#include "refrain/tape/activation.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/pooling.h"

namespace refrain::nn {

using tape::Var;
using tensor::Steps;

namespace {

// 0, 1, 2, ...
const int* count_up(tensor::Arena& arena, int count) {
  int* out = arena.array<int>(static_cast<std::size_t>(count));
  std::iota(out, out + count, 0);
  return out;
}

// Step t as a batch of its own.
const Steps& one_step(tensor::Arena& arena, const Steps& steps, int t) {
  const int B = steps.live[t];
  const auto filled = [&](int count, int value) {
    int* out = arena.array<int>(static_cast<std::size_t>(count));
    std::fill_n(out, count, value);
    return out;
  };
  Steps now;
  now.T = 1;
  now.B = now.N = B;
  now.length = filled(B, 1);
  now.live = filled(1, B);
  now.offset = filled(1, 0);
  now.before = filled(B, -1);
  now.sequence = count_up(arena, B);
  now.position = steps.position;
  return *new (arena.bytes(sizeof(Steps))) Steps(now);
}

}  // namespace

Decoder::Decoder(const DecoderSpec& spec, int vocabulary, int inputs, const std::string& name,
                 ParamSet& params)
    : spec_(spec), cell_(&kernels::cells().at(spec.cell)) {
  const int H = spec.hidden, E = spec.embedding_dim;
  at_.words = params.add({name + ".words", {vocabulary, E}, Start::kSmallNormal});
  at_.begin_w = params.add({name + ".begin.w", {inputs, H}, Start::kGlorot});
  at_.begin_b = params.add({name + ".begin.b", {H}, Start::kZero, 1, false});
  at_.first = add_layer(spec.feeds ? E + inputs : E, name + ".0.", params);
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

tape::RecurrentLayer Decoder::on_tape(Context& context, const DecoderParams::Layer& layer) const {
  tape::RecurrentLayer on;
  on.cell = cell_;
  on.units = spec_.hidden;
  tape::Direction& d = on.direction[0];
  d.w_x = context.param(layer.w_x);
  d.w_h = context.param(layer.w_h);
  d.b = context.param(layer.b);
  if (layer.b_h >= 0) d.b_h = context.param(layer.b_h);
  return on;
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

tape::CrossAttention Decoder::attention(Context& context) const {
  tape::CrossAttention out;
  out.heads = spec_.heads;
  if (at_.energy >= 0) {
    out.energy = tape::reshape(context.tape, context.param(at_.energy), {spec_.hidden});
  }
  return out;
}

Decoder::Found Decoder::at_once(Context& context, Var x, const Reading& r) const {
  tape::Tape& tape = context.tape;
  const Steps& steps = *r.steps.queries;
  tape::RecurrentLayer first = on_tape(context, at_.first);
  first.direction[0].start_h = r.start;
  const Var states = tape::recurrent(tape, x, first, steps);
  const Var query = tape::linear(tape, states, context.param(at_.query), {});
  const Var found =
      tape::cross_attention(tape, {query, r.keys, r.values}, attention(context), r.steps);
  return {states, drop(context, found, "decoder found", steps)};
}

Decoder::Found Decoder::step_by_step(Context& context, Var x, const Reading& r) const {
  tape::Tape& tape = context.tape;
  const Steps& steps = *r.steps.queries;
  const bool drops = context.training && spec_.dropout > 0;
  tape::Dropout masks;
  if (drops) masks = context.dropout(spec_.dropout, "decoder found", steps);
  tape::RecurrentLayer first = on_tape(context, at_.first);
  tape::Direction& d = first.direction[0];
  d.start_h = r.start;
  if (cell_->states > 0) d.last_c = new (tape.arena().bytes(sizeof(Var))) Var;
  const Var query = context.param(at_.query);
  const tape::CrossAttention how = attention(context);
  const int* rows = count_up(tape.arena(), steps.N);
  Var* states = tape.arena().array<Var>(static_cast<std::size_t>(steps.T));
  Var* found = tape.arena().array<Var>(static_cast<std::size_t>(steps.T));
  Var fed = tape.constant(tape.arena().zeros({steps.B, tape.value(r.values).columns()}));
  for (int t = 0; t < steps.T; ++t) {
    const Steps& now = one_step(tape.arena(), steps, t);
    const auto living = [&](Var v) {  // the rows of the sequences that go on
      return tape.value(v).rows() == now.B ? v : tape::embedding(tape, v, rows, now.B);
    };
    const Var read[] = {tape::embedding(tape, x, rows + steps.offset[t], now.B), living(fed)};
    d.start_h = living(d.start_h);
    if (d.start_c.present()) d.start_c = living(d.start_c);
    states[t] = tape::recurrent(tape, tape::concatenate(tape, read, 2), first, now);
    fed = tape::cross_attention(tape, {tape::linear(tape, states[t], query, {}), r.keys, r.values},
                                how, {&now, r.steps.keys});
    if (drops) fed = tape::dropout_variational(tape, fed, masks, now);
    found[t] = fed;
    d.start_h = states[t];
    if (d.last_c != nullptr) d.start_c = *d.last_c;
  }
  return {tape::stack(tape, states, steps.T), tape::stack(tape, found, steps.T)};
}

// [N,embedding_dim], what the softmax sees.
Var Decoder::output(Context& context, const int* symbol, const Reading& r) const {
  tape::Tape& tape = context.tape;
  const Steps& steps = *r.steps.queries;
  Var x = tape::embedding(tape, context.param(at_.words), symbol, steps.N);
  x = drop(context, x, "decoder words", steps);
  const Found f = spec_.feeds ? step_by_step(context, x, r) : at_once(context, x, r);
  const Var both[] = {f.states, f.found};
  const Var top =
      tape::recurrent(tape, tape::concatenate(tape, both, 2), on_tape(context, at_.second), steps);
  Var out = tape::linear(tape, top, context.param(at_.out_state), context.param(at_.out_b));
  out = tape::add(tape, out, tape::linear(tape, f.found, context.param(at_.out_found), {}));
  out = tape::add(tape, out, tape::linear(tape, x, context.param(at_.out_word), {}));
  return drop(context, tape::tanh(tape, out), "decoder output", steps);
}

Var Decoder::loss(Context& context, const StepStates& encoded, const Written& w) const {
  tape::Tape& tape = context.tape;
  Reading r;
  r.values = encoded.states;
  r.keys = tape::linear(tape, encoded.states, context.param(at_.key), {});
  r.steps = {w.steps, encoded.steps};
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

#include "refrain/nn/decoder.h"

#include <algorithm>

#include "refrain/tape/activation.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/pooling.h"

namespace refrain::nn {

using tape::Var;
using tensor::Steps;

namespace {

std::vector<real> picked_rows(const std::vector<real>& rows, int count,
                              const std::vector<int>& numbers) {
  std::vector<real> out;
  if (rows.empty()) return out;
  const std::size_t width = rows.size() / static_cast<std::size_t>(count);
  for (const int n : numbers) {
    const auto at = rows.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(n) * width);
    out.insert(out.end(), at, at + static_cast<std::ptrdiff_t>(width));
  }
  return out;
}

std::vector<real> numbers_of(const tensor::Tensor& t) { return {t.data, t.data + t.count()}; }

tensor::StepTable equal_steps(int sequences, int steps) {
  tensor::StepTable out;
  out.assign(std::vector<int>(static_cast<std::size_t>(sequences), steps));
  return out;
}

}  // namespace

DecoderStates DecoderStates::picked(const std::vector<int>& numbers) const {
  return {static_cast<int>(numbers.size()), picked_rows(first_h, count, numbers),
          picked_rows(first_c, count, numbers), picked_rows(second_h, count, numbers),
          picked_rows(second_c, count, numbers)};
}

Decoder::Decoder(const DecoderSpec& spec, int vocabulary, int inputs, const std::string& name,
                 ParamSet& params)
    : spec_(spec),
      cell_(&kernels::cells().at(spec.cell)),
      vocabulary_(vocabulary),
      inputs_(inputs) {
  const int H = spec.hidden, E = spec.embedding_dim;
  words_ = params.add({name + ".words", {vocabulary, E}, Start::kSmallNormal});
  begin_w_ = params.add({name + ".begin.w", {inputs, H}, Start::kGlorot});
  begin_b_ = params.add({name + ".begin.b", {H}, Start::kZero, 1, false});
  first_ = add_layer(E, name + ".0.", params);
  query_ = params.add({name + ".query", {H, H}, Start::kGlorot});
  key_ = params.add({name + ".key", {inputs, H}, Start::kGlorot});
  if (spec.additive) energy_ = params.add({name + ".energy", {H, 1}, Start::kGlorot});
  second_ = add_layer(H + inputs, name + ".1.", params);
  out_state_ = params.add({name + ".out.state", {H, E}, Start::kGlorot});
  out_found_ = params.add({name + ".out.found", {inputs, E}, Start::kGlorot});
  out_word_ = params.add({name + ".out.word", {E, E}, Start::kGlorot});
  out_b_ = params.add({name + ".out.b", {E}, Start::kZero, 1, false});
  bias_ = params.add({name + ".bias", {vocabulary}, Start::kZero, 1, false});
}

Decoder::Layer Decoder::add_layer(int inputs, const std::string& name, ParamSet& params) const {
  const int H = spec_.hidden, G = cell_->gates * H;
  Layer d{};
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

Var Decoder::run(Context& context, const Layer& layer, Var x, const Carried& carried,
                 const Steps& steps) const {
  tape::RecurrentLayer on;
  on.cell = cell_;
  on.units = spec_.hidden;
  tape::Direction& d = on.direction[0];
  d.w_x = context.param(layer.w_x);
  d.w_h = context.param(layer.w_h);
  d.b = context.param(layer.b);
  if (layer.b_h >= 0) d.b_h = context.param(layer.b_h);
  d.start_h = carried.h;
  d.start_c = carried.c;
  d.end_h = carried.end_h;
  d.end_c = carried.end_c;
  return tape::recurrent(context.tape, x, on, steps);
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
  return tape::tanh(tape,
                    tape::linear(tape, mean, context.param(begin_w_), context.param(begin_b_)));
}

// [N,embedding_dim], what the softmax sees.
Var Decoder::output(Context& context, const int* symbol, const Reading& r) const {
  tape::Tape& tape = context.tape;
  const Steps& steps = *r.steps.queries;
  Var x = tape::embedding(tape, context.param(words_), symbol, steps.N);
  x = drop(context, x, "decoder words", steps);
  const Var state = run(context, first_, x, r.first, steps);
  tape::CrossAttention attention;
  attention.heads = spec_.heads;
  attention.reads = r.reads;
  attention.weights = r.weights;
  if (energy_ >= 0) {
    attention.energy = tape::reshape(tape, context.param(energy_), {spec_.hidden});
  }
  const Var query = tape::linear(tape, state, context.param(query_), {});
  Var found = tape::cross_attention(tape, {query, r.keys, r.values}, attention, r.steps);
  found = drop(context, found, "decoder found", steps);
  const Var both[] = {state, found};
  const Var top = run(context, second_, tape::concatenate(tape, both, 2), r.second, steps);
  Var out = tape::linear(tape, top, context.param(out_state_), context.param(out_b_));
  out = tape::add(tape, out, tape::linear(tape, found, context.param(out_found_), {}));
  out = tape::add(tape, out, tape::linear(tape, x, context.param(out_word_), {}));
  return drop(context, tape::tanh(tape, out), "decoder output", steps);
}

tape::WordTable Decoder::table(const Context& context) const {
  return {context.param(words_), context.param(bias_), {}, {}};
}

Var Decoder::loss(Context& context, const StepStates& encoded, const Written& w) const {
  tape::Tape& tape = context.tape;
  Reading r;
  r.values = encoded.states;
  r.keys = tape::linear(tape, encoded.states, context.param(key_), {});
  r.steps = {w.steps, encoded.steps};
  r.weights = w.weights;
  // From the order of the batch to that of the rows.
  r.first.h = tape::embedding(tape, beginning(context, encoded), w.steps->position, w.steps->B);
  const Var out = output(context, w.symbol, r);
  tape::WordLoss o;
  o.target = w.target;
  o.total_weight = w.total_weight;
  o.surprise = w.surprise;
  o.smoothing = context.training ? spec_.label_smoothing : 0;
  return tape::word_loss(tape, out, table(context), o);
}

DecoderSource Decoder::source(Context& context, const StepStates& encoded) const {
  tape::Tape& tape = context.tape;
  const Var keys = tape::linear(tape, encoded.states, context.param(key_), {});
  return {encoded.steps->N, numbers_of(tape.value(encoded.states)), numbers_of(tape.value(keys))};
}

DecoderStates Decoder::start(Context& context, const StepStates& encoded) const {
  const auto zeros = [](int n) { return std::vector<real>(static_cast<std::size_t>(n)); };
  return {1, numbers_of(context.tape.value(beginning(context, encoded))), zeros(further()),
          zeros(spec_.hidden), zeros(further())};
}

// States that a step starts from; those it ends with go to new places on the tape.
Decoder::Carried Decoder::carried(Context& context, std::vector<real>& h, std::vector<real>& c,
                                  int count) const {
  tape::Tape& tape = context.tape;
  Carried out;
  const tensor::Shape shape{count, spec_.hidden}, more{count, further()};
  out.h = tape.constant({shape, h.data()});
  out.end_h = tape.arena().tensor(shape);
  if (further() == 0) return out;
  out.c = tape.constant({more, c.data()});
  out.end_c = tape.arena().tensor(more);
  return out;
}

void Decoder::step(Context& context, const DecoderSource& source, const int* symbol,
                   DecoderStates& states, std::vector<double>& log_p,
                   std::vector<real>* weights) const {
  tape::Tape& tape = context.tape;
  tape.reset(false);
  const auto queries = equal_steps(states.count, 1), keys = equal_steps(1, source.steps);
  const std::vector<int> reads(static_cast<std::size_t>(states.count), 0);
  const auto constant = [&](const std::vector<real>& x, int columns) {
    return tape.constant({{source.steps, columns}, const_cast<real*>(x.data())});
  };
  Reading r;
  r.values = constant(source.states, inputs_);
  r.keys = constant(source.keys, spec_.hidden);
  r.steps = {&queries.steps(), &keys.steps()};
  r.reads = reads.data();
  const real* found = nullptr;
  r.weights = &found;
  r.first = carried(context, states.first_h, states.first_c, states.count);
  r.second = carried(context, states.second_h, states.second_c, states.count);
  const Var out = output(context, symbol, r);
  log_p.resize(static_cast<std::size_t>(states.count) * static_cast<std::size_t>(vocabulary_));
  tape::word_log_probabilities(tape, out, table(context), {}, log_p.data());
  states.first_h = numbers_of(r.first.end_h);
  states.second_h = numbers_of(r.second.end_h);
  if (further() > 0) {
    states.first_c = numbers_of(r.first.end_c);
    states.second_c = numbers_of(r.second.end_c);
  }
  if (weights == nullptr) return;
  const auto count = static_cast<std::ptrdiff_t>(states.count) * spec_.heads * source.steps;
  weights->assign(found, found + count);
}

}  // namespace refrain::nn

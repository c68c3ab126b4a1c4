#include "refrain/transduce/network.h"

#include <algorithm>

#include "refrain/base/at.h"
#include "refrain/kernels/product.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/ctc_loss.h"
#include "refrain/tape/linear.h"
#include "refrain/transduce/symbols.h"

namespace refrain::transduce {

using base::at;
using tape::Var;
using tensor::Steps;

namespace {

// Each sample's part of the loss, in the order of the batch.
const real* shares_of(nn::Context& context, double total_weight) {
  const Steps& steps = context.batch.streams.back().table.steps();
  auto* out = context.tape.arena().array<real>(at(steps.B));
  for (int row = 0; row < steps.B; ++row) {
    out[steps.position[row]] = static_cast<real>(steps.length[row] / total_weight);
  }
  return out;
}

// What stands behind each row of the replies: the next symbol, or the mark.
const int* targets_of(nn::Context& context, const data::StreamBatch& reply) {
  const Steps& steps = reply.table.steps();
  int* out = context.tape.arena().array<int>(at(steps.N));
  std::fill_n(out, steps.N, Symbols::kMark);
  for (int n = 0; n < steps.N; ++n) {
    if (steps.before[n] >= 0) out[steps.before[n]] = reply.ids[at(n)];
  }
  return out;
}

}  // namespace

ReplyNetwork::ReplyNetwork(const NetworkForm& form) : form_(form) {
  encoder_ = nn::make_encoder(form.encoder, form.source, std::string(nn::kFirstEncoder), params_);
  const int S = encoder_->step_features();
  if (form.attends) decoder_.emplace(form.decoder, form.symbols, S, "decoder", params_);
  if (!form.has_ctc) return;
  ctc_w_ = params_.add({"ctc.w", {S, form.symbols}, nn::Start::kGlorot});
  ctc_b_ = params_.add({"ctc.b", {form.symbols}, nn::Start::kZero, 1, false});
}

nn::StepStates ReplyNetwork::encode(nn::Context& context) const {
  nn::StepStates out = encoder_->steps(context, context.batch.streams.front());
  if (context.training && form_.encoder.dropout > 0) {
    const auto masks = context.dropout(form_.encoder.dropout, "steps", *out.steps);
    out.states = tape::dropout_variational(context.tape, out.states, masks, *out.steps);
  }
  return out;
}

Var ReplyNetwork::ctc_scores(nn::Context& context, const nn::StepStates& encoded) const {
  return tape::linear(context.tape, encoded.states, context.param(ctc_w_), context.param(ctc_b_));
}

Var ReplyNetwork::decoder_loss(nn::Context& context, const nn::StepStates& encoded,
                               double total_weight) const {
  const auto& reply = context.batch.streams.back();
  nn::Written w;
  w.symbol = reply.ids.data();
  w.target = targets_of(context, reply);
  w.steps = &reply.table.steps();
  w.total_weight = total_weight;
  return decoder_->loss(context, encoded, w);
}

Var ReplyNetwork::ctc_loss(nn::Context& context, const nn::StepStates& encoded,
                           double total_weight) const {
  const auto& reply = context.batch.streams.back();
  const Steps &written = reply.table.steps(), &steps = *encoded.steps;
  auto& arena = context.tape.arena();
  int* row_of = arena.array<int>(at(written.B));  // of each place in the batch
  for (int row = 0; row < written.B; ++row) row_of[written.position[row]] = row;
  int* symbol = arena.array<int>(at(std::max(1, written.N - written.B)));
  int* begin = arena.array<int>(at(steps.B) + 1);
  int count = 0;
  for (int row = 0; row < steps.B; ++row) {
    begin[row] = count;
    const int from = row_of[steps.position[row]];
    for (int t = 1; t < written.length[from]; ++t) {
      symbol[count++] = reply.ids[at(written.row(t, from))];
    }
  }
  begin[steps.B] = count;
  tape::CtcLoss options;
  options.symbol = symbol;
  options.begin = begin;
  options.blank = Symbols::kMark;
  options.total_weight = total_weight;
  return tape::ctc_loss(context.tape, ctc_scores(context, encoded), options, steps);
}

Var ReplyNetwork::loss(nn::Context& context, double total_weight) const {
  context.share = shares_of(context, total_weight);
  const nn::StepStates encoded = encode(context);
  Var out;
  if (!form_.has_ctc) {
    out = decoder_loss(context, encoded, total_weight);
  } else if (!form_.attends) {
    out = ctc_loss(context, encoded, total_weight);
  } else {
    const double share = form_.ctc_weight;
    out = tape::add(context.tape,
                    decoder_loss(context, encoded, total_weight / std::max(1e-9, 1 - share)),
                    ctc_loss(context, encoded, total_weight / std::max(1e-9, share)));
  }
  const Var added = context.activity;
  return added.present() ? tape::add(context.tape, out, added) : out;
}

CtcStream::CtcStream(const ReplyNetwork& network)
    : network_(network), encoder_(network.stream()), before_(Symbols::kMark) {
  const tensor::Tensor w = network.ctc_weights();
  packed_ = arena_.array<real>(kernels::packed_size(w.rows(), w.columns()));
  kernels::pack({w.data, w.rows(), w.columns(), w.columns(), 1}, packed_);
  scores_ = arena_.array<real>(at(w.columns()));
  reset();
}

void CtcStream::reset() {
  encoder_->reset();
  before_ = Symbols::kMark;
}

int CtcStream::step(const real* x) {
  encoder_->step(x);
  const tensor::Tensor w = network_.ctc_weights();
  const int S = w.rows(), K = w.columns();
  kernels::product({encoder_->vector(), S, 1, S, K, packed_, network_.ctc_bias().data, scores_, K});
  const int now = static_cast<int>(std::max_element(scores_, scores_ + K) - scores_);
  const int added = now == before_ ? Symbols::kMark : now;
  before_ = now;
  return added;
}

}  // namespace refrain::transduce

#include "refrain/language/network.h"

#include <algorithm>

#include "refrain/tape/activation.h"
#include "refrain/tape/activity.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/linear.h"

namespace refrain::language {

using tape::Var;

LanguageNetwork::LanguageNetwork(NetworkForm form)
    : form_(std::move(form)), encoder_(encoder_spec(form_.spec)) {
  const std::string name(nn::kFirstEncoder);
  const int V = form_.vocabulary, E = form_.spec.embedding_dim, H = form_.spec.hidden;
  words_ = params_.add({name + ".words", {V, E}, nn::Start::kSmallNormal});
  stacks_.push_back(nn::RecurrentStack::make(encoder_, E, name, params_));
  if (form_.spec.bidirectional) {
    stacks_.push_back(nn::RecurrentStack::make_reversed(encoder_, E, name, params_));
  }
  const int width = form_.tied ? E : H;
  if (width != H) project_ = params_.add({"softmax.project", {H, E}, nn::Start::kGlorot});
  if (!form_.tied) {
    own_words_ = params_.add({"softmax.words", {V, width}, nn::Start::kSmallNormal});
  }
  bias_ = params_.add({"softmax.bias", {V}, nn::Start::kZero, 1, false});
  const int K = static_cast<int>(form_.clusters.size());
  if (K == 0) return;
  clusters_ = params_.add({"softmax.clusters", {K, width}, nn::Start::kSmallNormal});
  clusters_bias_ = params_.add({"softmax.clusters_bias", {K}, nn::Start::kZero, 1, false});
}

tape::WordTable LanguageNetwork::table(const nn::Context& context) const {
  tape::WordTable t;
  t.words = context.param(form_.tied ? words_ : own_words_);
  t.bias = context.param(bias_);
  if (clusters_ < 0) return t;
  t.clusters = context.param(clusters_);
  t.clusters_bias = context.param(clusters_bias_);
  return t;
}

tape::WordLoss LanguageNetwork::clusters() const {
  tape::WordLoss o;
  o.clusters = static_cast<int>(form_.clusters.size());
  std::copy(form_.clusters.begin(), form_.clusters.end(), o.begin);
  return o;
}

Var LanguageNetwork::states(nn::Context& context, const Window& w) const {
  tape::Tape& tape = context.tape;
  const tensor::Steps& steps = *w.steps;
  Var x = tape::embedding(tape, context.param(words_), w.ids, steps.N);
  const auto drops = [&](double p) { return context.training && p > 0; };
  if (drops(encoder_.embedding_dropout)) {
    const auto keys = context.dropout(encoder_.embedding_dropout, "words", steps);
    x = tape::dropout_words(tape, x, w.ids, keys, steps);
  }
  if (drops(encoder_.input_dropout)) {
    const auto keys = context.dropout(encoder_.input_dropout, "input", steps);
    x = tape::dropout_variational(tape, x, keys, steps);
  }
  return stacks_[static_cast<std::size_t>(w.way)].forward(context, x, steps, w.carried);
}

// The states as the softmax sees them.
Var LanguageNetwork::output(nn::Context& context, Var x, const Window& w) const {
  if (context.training && encoder_.dropout > 0) {
    const auto keys = context.dropout(encoder_.dropout, "output", *w.steps);
    x = tape::dropout_variational(context.tape, x, keys, *w.steps);
  }
  return project_ < 0 ? x : tape::linear(context.tape, x, context.param(project_), {});
}

Var LanguageNetwork::loss(nn::Context& context, const Window& w) const {
  tape::Tape& tape = context.tape;
  const Var x = states(context, w);
  tape::WordLoss o = clusters();
  o.target = w.target;
  o.total_weight = w.total_weight;
  o.surprise = w.surprise;
  Var loss = tape::word_loss(tape, output(context, x, w), table(context), o);
  const bool penalised = context.share != nullptr && (encoder_.ar > 0 || encoder_.tar > 0);
  if (penalised) {
    const tape::Activity a{encoder_.ar, encoder_.tar, context.share};
    loss = tape::add(tape, loss, tape::activity(tape, x, a, *w.steps));
  }
  return loss;
}

void LanguageNetwork::next(tape::Tape& tape, int id, const nn::CarriedStates& carried,
                           std::vector<double>& out) const {
  tensor::StepTable one;
  one.assign({1});
  data::Batch batch;
  batch.B = 1;
  batch.key = {0};
  tape.reset(false);
  nn::Context context{tape, params_, nullptr, false, base::Rng(0), batch};
  const Window w{&id, nullptr, &one.steps(), 0, 1, carried, nullptr};
  const Var x = output(context, states(context, w), w);
  out.resize(static_cast<std::size_t>(form_.vocabulary));
  tape::word_log_probabilities(tape, x, table(context), clusters(), out.data());
}

}  // namespace refrain::language

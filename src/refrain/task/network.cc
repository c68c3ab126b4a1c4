#include "refrain/task/network.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/threads.h"
#include "refrain/data/bucket.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/dropout.h"
#include "refrain/tape/pooling.h"
#include "refrain/task/network_file.h"
#include "refrain/train/tuning.h"

namespace refrain::task {
namespace {

using data::EncodedSample;
using tape::Var;

constexpr int kPredictBatch = 32;

// The step that row n of a batch belongs to.
int step_of(const tensor::Steps& steps, int n) {
  return static_cast<int>(std::upper_bound(steps.offset, steps.offset + steps.T, n) -
                          steps.offset) -
         1;
}

}  // namespace

Network::Network(Spec spec, data::Features features, std::shared_ptr<const Goal> goal)
    : spec_(std::move(spec)), features_(std::move(features)), goal_(std::move(goal)) {
  int width = 0;
  for (std::size_t s = 0; s < features_.streams().size(); ++s) {
    const auto& info = features_.streams()[s];
    const nn::StreamShape shape = shape_of(spec_, features_, static_cast<int>(s));
    const std::string first(nn::kFirstEncoder);
    const std::string name = s == 0 ? first : first + "_" + info.name;
    encoders_.push_back(nn::make_encoder(spec_.encoder, shape, name, params_));
    width += encoders_.back()->features();
  }
  if (goal_->of_steps()) {
    require_steps();
    width = encoders_.front()->step_features();
  }
  const int whole = goal_->whole_columns(), tags = goal_->width() - whole;
  head_ = nn::LinearHead::make(width, tags, "head", params_);
  if (goal_->chain_rules() != nullptr) chain_ = nn::ChainHead::make(tags, "head", params_);
  if (whole > 0) whole_head_ = nn::LinearHead::make(2 * width, whole, "head.whole", params_);
  params_.initialise(base::Rng(static_cast<std::uint64_t>(spec_.train.seed)).fork("start"));
  slow_tuned_layers();
  train::freeze(spec_.train.freeze, params_);
}

nn::StreamShape shape_of(const Spec& spec, const data::Features& features, int stream) {
  const auto& info = features.streams()[static_cast<std::size_t>(stream)];
  const bool text = info.kind == data::StreamKind::kText;
  return {info.kind,
          features.inputs(stream),
          features.length(stream),
          info.tuned,
          spec.text_encoder.encoder_dropout,
          text ? features.letters(stream) : 0,
          features.spec().spelling == "recurrent"};
}

void Network::require_steps() const {
  if (encoders_.size() > 1) {
    throw Error(Code::kUnsupported, "steps of several streams cannot be answered",
                "leave --streams out, and all columns of texts but one");
  }
  if (encoders_.front()->stride() == 1) return;
  throw Error(Code::kUsage, "each step is answered, and the network has fewer than the sample",
              "use --segment 1 and --stem-pool 1");
}

void Network::slow_tuned_layers() {
  const double lr = spec_.optim.lr == optim::kAutoRate ? optim::OptimSpec().lr : spec_.optim.lr;
  const std::string tuned = std::string(nn::kFirstEncoder) + std::string(nn::kTunedName) + ".";
  for (std::size_t i = 0; i < params_.params().size(); ++i) {
    nn::Param& p = params_.at(static_cast<int>(i));
    if (p.name.starts_with(tuned)) p.rate = spec_.text_encoder.encoder_lr / lr;
  }
}

std::vector<EncodedSample> Network::encode(const data::Dataset& dataset,
                                           const std::vector<int>& chosen) const {
  std::vector<data::EncodedTarget> truths;
  const bool known = goal_->of_steps() ? dataset.has_tags : dataset.has_labels;
  if (known) truths = goal_->truths({dataset, chosen});
  auto encoded = encode_unlabelled(dataset, chosen);
  for (std::size_t i = 0; i < truths.size(); ++i) {
    truths[i].weight = encoded[i].weight;
    static_cast<data::EncodedTarget&>(encoded[i]) = std::move(truths[i]);
  }
  return encoded;
}

std::vector<EncodedSample> Network::encode_unlabelled(const data::Dataset& dataset,
                                                      const std::vector<int>& chosen) const {
  std::vector<EncodedSample> out(chosen.size());
  base::parallel_for(static_cast<int>(chosen.size()), spec_.train.threads, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    out[at] = features_.encode(dataset.samples[static_cast<std::size_t>(chosen[at])], chosen[at]);
  });
  return out;
}

Var Network::outputs(nn::Context& context) const {
  const int streams = static_cast<int>(encoders_.size());
  Var* parts = context.tape.arena().array<Var>(encoders_.size());
  for (int s = 0; s < streams; ++s) {
    const auto at = static_cast<std::size_t>(s);
    if (context.look != nullptr && streams > 1) {
      context.look->stream = features_.streams()[at].name;
    }
    parts[s] = encoders_[at]->forward(context, context.batch.streams[at]);
  }
  const Var all = streams == 1 ? parts[0] : tape::concatenate(context.tape, parts, streams);
  if (context.look != nullptr) context.look->see("vector", all);
  return head_.forward(context, all);
}

nn::StepStates Network::step_outputs(nn::Context& context, Var& whole) const {
  nn::StepStates out = encoders_.front()->steps(context, context.batch.streams.front());
  if (context.training && spec_.encoder.dropout > 0) {
    out.states = tape::dropout_variational(
        context.tape, out.states, context.dropout(spec_.encoder.dropout, "steps", *out.steps),
        *out.steps);
  }
  if (goal_->whole_columns() > 0) {
    const Var pooled[] = {tape::pool_mean(context.tape, out.states, *out.steps),
                          tape::pool_max(context.tape, out.states, *out.steps)};
    whole = whole_head_.forward(context, tape::concatenate(context.tape, pooled, 2));
  }
  out.states = head_.forward(context, out.states);
  return out;
}

// Sequence b of the batch goes to out[b], a row a step.
void Network::answer_steps(nn::Context& context, const std::vector<double*>& out) const {
  Var whole;
  const nn::StepStates states = step_outputs(context, whole);
  const tensor::Steps& steps = *states.steps;
  const auto* rules = goal_->chain_rules();
  tape::Tape& tape = context.tape;
  const tensor::Tensor p =
      rules == nullptr
          ? tape.value(states.states)
          : tape::chain_marginals(tape, chain_.scores(context, states.states), *rules, steps);
  for (int n = 0; n < steps.N; ++n) {
    const int b = steps.sequence[n];
    const int t = n < steps.B ? 0 : step_of(steps, n);
    double* to = out[static_cast<std::size_t>(steps.position[b])] +
                 static_cast<std::ptrdiff_t>(t) * goal_->width();
    std::copy_n(p.row(n), p.columns(), to);
    if (whole.present()) {
      std::copy_n(tape.value(whole).row(steps.position[b]), goal_->whole_columns(),
                  to + p.columns());
    }
    goal_->finish(to);
  }
}

namespace {

// The parameters that --l2-sp keeps the weights near; empty without it.
std::vector<real> start_of(Network& model) {
  const bool wanted = model.spec().train.l2_sp > 0 && !model.spec().transfer.init.empty();
  return wanted ? model.params().values() : std::vector<real>();
}

// All of it but the hooks.
train::Fit fit_of(Network& model, const std::vector<EncodedSample>& samples, int n_train,
                  const train::Problem& problem) {
  train::Fit f;
  f.samples = &samples;
  for (int i = 0; i < n_train; ++i) f.training.push_back(i);
  f.streams = &model.features().streams();
  f.params = &model.params();
  f.problem = &problem;
  f.train = model.spec().train;
  f.optim = model.spec().optim;
  return f;
}

}  // namespace

train::Outcome Network::fit(const std::vector<EncodedSample>& samples, int n_train,
                            const train::Hooks& hooks, const train::State* resume) {
  const auto problem = goal_->problem(*this, samples, n_train);
  const auto start = start_of(*this);
  train::Fit f = fit_of(*this, samples, n_train, *problem);
  if (!start.empty()) f.start = &start;
  f.hooks = hooks;
  return train::fit(f, resume);
}

train::Outcome Network::fit_again(const std::vector<EncodedSample>& samples,
                                  const train::Outcome& first, const train::Hooks& hooks,
                                  const train::State* resume) {
  const int n = static_cast<int>(samples.size());
  const auto problem = goal_->problem(*this, samples, n);
  const auto start = start_of(*this);
  train::Fit f = fit_of(*this, samples, n, *problem);
  if (!start.empty()) f.start = &start;
  f.hooks = hooks;
  f.updates = first.best_updates;
  f.planned_updates = first.planned_updates;
  f.optim.lr = first.lr;
  return train::fit(f, resume);
}

train::Outcome Network::fit_further(const std::vector<EncodedSample>& samples,
                                    const train::TrainSpec& train, const optim::OptimSpec& optim,
                                    const train::Hooks& hooks) {
  const int n = static_cast<int>(samples.size());
  for (int i = 0; i < static_cast<int>(params_.params().size()); ++i) params_.at(i).frozen = false;
  train::freeze(train.freeze, params_);
  const auto problem = goal_->problem(*this, samples, n);
  const auto start = train.l2_sp > 0 ? params_.values() : std::vector<real>();
  train::Fit f = fit_of(*this, samples, n, *problem);
  if (!start.empty()) f.start = &start;
  f.hooks = hooks;
  f.train = train;
  f.optim = optim;
  return train::fit(f, nullptr);
}

std::vector<double> Network::predict(const std::vector<EncodedSample>& samples, int threads) const {
  const auto width = static_cast<std::size_t>(goal_->width());
  std::vector<int> lengths;
  std::vector<std::size_t> begin = {0};  // of each sample's answer
  for (const auto& s : samples) {
    lengths.push_back(data::length_of(s));
    const auto rows = goal_->of_steps() ? s.streams.front().length : 1;
    begin.push_back(begin.back() + static_cast<std::size_t>(rows) * width);
  }
  std::vector<double> out(begin.back());
  const auto batches = data::ordered_batches(lengths, kPredictBatch);
  const auto run = [&](int i) {
    const auto& chosen = batches[static_cast<std::size_t>(i)];
    thread_local tape::Tape tape;  // keeps its memory from batch to batch
    data::Batch batch;
    data::assemble(samples, chosen.data(), static_cast<int>(chosen.size()), features_.streams(),
                   batch);
    tape.reset(false);
    nn::Context context{tape, params_, nullptr, false, base::Rng(0), batch};
    std::vector<double*> places;
    for (const int sample : chosen) {
      places.push_back(out.data() + begin[static_cast<std::size_t>(sample)]);
    }
    if (goal_->of_steps()) return answer_steps(context, places);
    const tensor::Tensor z = tape.value(outputs(context));
    for (int b = 0; b < batch.B; ++b) {
      double* p = places[static_cast<std::size_t>(b)];
      std::copy_n(z.row(b), width, p);
      goal_->finish(p);
    }
  };
  base::parallel_for(static_cast<int>(batches.size()), threads, run);
  return out;
}

std::vector<double> Network::answer(const data::Subset& samples, int threads) const {
  return predict(encode_unlabelled(samples.dataset, samples.chosen), threads);
}

std::vector<double> Network::self_test(const Form&) const {
  return predict({made_up_input(features_)}, 1);
}

void Network::write(const Form& form, const std::string& prefix, tensor::TensorFile& file,
                    base::Json& entry) const {
  write_network(*this, form, prefix, file, entry);
}

std::unique_ptr<nn::EncoderStream> Network::stream() const {
  if (goal_->of_steps()) {
    throw Error(Code::kUnsupported, "a model that answers each step does so for whole sequences");
  }
  if (encoders_.size() > 1) {
    throw Error(Code::kUnsupported, "a model of several streams cannot answer step by step");
  }
  return encoders_.front()->stream(params_);
}

void Network::decode(const real* vector, double* answer) const {
  const tensor::Tensor w = params_.value(head_.w), b = params_.value(head_.b);
  const int width = b.shape[0];
  for (int c = 0; c < width; ++c) answer[c] = static_cast<double>(b.data[c]);
  for (int f = 0; f < w.rows(); ++f) {
    for (int c = 0; c < width; ++c) {
      answer[c] += static_cast<double>(vector[f]) * static_cast<double>(w.row(f)[c]);
    }
  }
  goal_->finish(answer);
}

}  // namespace refrain::task

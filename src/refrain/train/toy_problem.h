// For tests: a small network on a made-up set of bit sequences, as the trainer wants it. Class 1
// where the first bit is 1 (first-symbol memory) or where the number of ones is odd (parity).
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "refrain/nn/encoder.h"
#include "refrain/nn/head.h"
#include "refrain/nn/targets.h"
#include "refrain/tape/loss.h"
#include "refrain/train/trainer.h"

namespace refrain::train {

enum class Rule { kFirstBit, kParity };

// Sequences of `shortest` to `longest` bits, each bit -1 or 1.
inline std::vector<data::EncodedSample> bit_sequences(int n, int shortest, int longest, Rule rule) {
  std::vector<data::EncodedSample> samples;
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(17).fork(static_cast<std::uint64_t>(i));
    data::EncodedStream stream;
    stream.length =
        shortest + static_cast<int>(rng.below(static_cast<std::uint64_t>(longest - shortest + 1)));
    int ones = 0;
    for (int t = 0; t < stream.length; ++t) {
      const bool bit = rng.uniform() < 0.5;
      ones += bit ? 1 : 0;
      stream.values.push_back(bit ? real{1} : real{-1});
    }
    data::EncodedSample sample;
    sample.target = rule == Rule::kParity ? ones % 2 : stream.values[0] > 0 ? 1 : 0;
    sample.index = i;
    sample.streams.push_back(std::move(stream));
    samples.push_back(std::move(sample));
  }
  return samples;
}

struct Toy : Problem {
  std::vector<data::EncodedSample> samples;
  std::vector<data::StreamInfo> streams = {{"bits", data::StreamKind::kSeries, 1, {}}};
  nn::ParamSet params;
  std::unique_ptr<nn::Encoder> encoder;
  nn::LinearHead head;
  int n_train;
  TrainSpec train;
  optim::OptimSpec optim;
  Hooks hooks;
  std::int64_t updates = 0, planned_updates = 0;
  mutable tape::Tape valid_tape;  // validation keeps its memory
  mutable data::Batch valid_batch;
  std::vector<int> valid;

  // Learns from the first `training` samples, validates on the rest.
  Toy(std::vector<data::EncodedSample> made, int training, const nn::EncoderSpec& spec)
      : samples(std::move(made)), n_train(training) {
    encoder = nn::make_encoder(spec, {data::StreamKind::kSeries, 1}, "encoder", params);
    head = nn::LinearHead::make(encoder->features(), 2, "head", params);
    params.initialise(base::Rng(1));
    for (int i = training; i < static_cast<int>(samples.size()); ++i) valid.push_back(i);
    train.epochs = 4;
    train.batch_size = 32;
    train.patience = 0;
    train.threads = 1;
  }

  static nn::EncoderSpec small() {
    nn::EncoderSpec spec;
    spec.hidden = 8;
    spec.dropout = 0.1;
    spec.recurrent_dropout = 0.1;
    return spec;
  }

  Outcome fit(const State* resume = nullptr) { return train::fit(job(), resume); }

  Fit job() {
    Fit f;
    f.samples = &samples;
    for (int i = 0; i < n_train; ++i) f.training.push_back(i);
    f.streams = &streams;
    f.params = &params;
    f.problem = this;
    f.train = train;
    f.least_shared_work = 0;  // so small, and shared all the same: threads are what tests look at
    f.optim = optim;
    f.hooks = hooks;
    f.updates = updates;
    f.planned_updates = planned_updates;
    return f;
  }

  // Parameters whose names begin so stand still.
  void freeze(const std::string& beginning) {
    for (int i = 0; i < static_cast<int>(params.params().size()); ++i) {
      params.at(i).frozen = params.at(i).frozen || params.at(i).name.starts_with(beginning);
    }
  }

  tape::Var loss(nn::Context& context, double total_weight) const override {
    tape::CrossEntropy options;
    options.target = context.batch.targets.data();
    options.aim = nn::target_shares(context, 2);
    options.total_weight = total_weight;
    return tape::softmax_cross_entropy(context.tape, logits(context), options);
  }
  double weight(const data::EncodedSample&) const override { return 1; }
  bool has_valid() const override { return !valid.empty(); }

  ValidScore validate() const override {
    data::assemble(samples, valid.data(), static_cast<int>(valid.size()), streams, valid_batch);
    valid_tape.reset(false);
    nn::Context context{valid_tape, params, nullptr, false, base::Rng(0), valid_batch};
    const tensor::Tensor z = valid_tape.value(logits(context));
    double right = 0;
    for (int b = 0; b < valid_batch.B; ++b) {
      const int guess = z.row(b)[1] > z.row(b)[0] ? 1 : 0;
      right += guess == valid_batch.targets[static_cast<std::size_t>(b)] ? 1 : 0;
    }
    return {right / valid_batch.B, 0};
  }

  // The mean loss of the validation part.
  double valid_loss() const {
    data::assemble(samples, valid.data(), static_cast<int>(valid.size()), streams, valid_batch);
    valid_tape.reset(false);
    nn::Context context{valid_tape, params, nullptr, false, base::Rng(0), valid_batch};
    const tape::Var mean = loss(context, valid_batch.B);
    return static_cast<double>(valid_tape.value(mean).data[0]);
  }

  tape::Var logits(nn::Context& context) const {
    return head.forward(context, encoder->forward(context, context.batch.streams[0]));
  }
};

}  // namespace refrain::train

#include "refrain/task/tuned.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/threads.h"
#include "refrain/data/bucket.h"
#include "refrain/transformer/pretrained.h"

namespace refrain::task {
namespace {

constexpr int kTexts = 32;           // of a batch
constexpr double kRounding = 1e-12;  // of a variance, relative to the squared mean

// Sums over the states of a batch, [H] each.
struct Sums {
  double rows = 0;
  std::vector<double> of, of_squares;
};

Sums sums_of(const tensor::Tensor& states) {
  const auto H = static_cast<std::size_t>(states.columns());
  Sums out{static_cast<double>(states.rows()), std::vector<double>(H), std::vector<double>(H)};
  for (int r = 0; r < states.rows(); ++r) {
    for (std::size_t h = 0; h < H; ++h) {
      const auto x = static_cast<double>(states.row(r)[h]);
      out.of[h] += x;
      out.of_squares[h] += x * x;
    }
  }
  return out;
}

Sums total(const std::vector<Sums>& parts) {
  Sums out = parts.front();
  for (std::size_t k = 1; k < parts.size(); ++k) {
    out.rows += parts[k].rows;
    for (std::size_t h = 0; h < out.of.size(); ++h) {
      out.of[h] += parts[k].of[h];
      out.of_squares[h] += parts[k].of_squares[h];
    }
  }
  return out;
}

// gain and bias [H] of the last layer normalisation, so that each of its outputs gets the mean 0
// and the deviation 1.
void standardise(const Sums& s, const tensor::Tensor& gain, const tensor::Tensor& bias) {
  for (std::size_t h = 0; h < s.of.size(); ++h) {
    const double mean = s.of[h] / s.rows;
    const double variance = std::max(0.0, s.of_squares[h] / s.rows - mean * mean);
    const bool constant = variance <= kRounding * mean * mean;
    const double deviation = constant ? 1 : std::sqrt(variance);
    gain.data[h] = static_cast<real>(static_cast<double>(gain.data[h]) / deviation);
    bias.data[h] = static_cast<real>((static_cast<double>(bias.data[h]) - mean) / deviation);
  }
}

}  // namespace

bool is_tuned(const Network& network) {
  return network.features().streams().front().tuned.count > 0;
}

TunedStart::TunedStart(const Network& network, const data::Subset& training) {
  const auto& stream = network.features().streams().front();
  const std::string name = std::string(nn::kFirstEncoder) + std::string(nn::kTunedName);
  layers_ = nn::TransformerLayers::make(stream.tuned, stream.channels, name, params_);
  params_.initialise(base::Rng(0));
  take(network.spec());
  if (network.spec().features.normalise == "channel") scale(network, training);
}

void TunedStart::take(const Spec& spec) {
  const auto& t = spec.text_encoder;
  const auto encoder = transformer::Pretrained::open(t.encoder, {t.encoder_layer, t.encoder_tune});
  const auto& numbers = encoder->tuned_numbers();
  const auto copy = [this](int index, const std::vector<real>& values) {
    std::copy(values.begin(), values.end(), params_.value(index).data);
  };
  for (std::size_t i = 0; i < layers_.layers.size(); ++i) {
    const nn::TransformerLayer& to = layers_.layers[i];
    const transformer::LayerNumbers& from = numbers[i];
    copy(to.w_in, from.w_in);
    copy(to.b_in, from.b_in);
    copy(to.w_out, from.w_out);
    copy(to.b_out, from.b_out);
    copy(to.attention_gain, from.attention_gain);
    copy(to.attention_bias, from.attention_bias);
    copy(to.w_wide, from.w_wide);
    copy(to.b_wide, from.b_wide);
    copy(to.w_narrow, from.w_narrow);
    copy(to.b_narrow, from.b_narrow);
    copy(to.gain, from.gain);
    copy(to.bias, from.bias);
  }
}

void TunedStart::scale(const Network& network, const data::Subset& training) {
  const auto samples = network.encode_unlabelled(training.dataset, training.chosen);
  std::vector<int> lengths;
  for (const auto& s : samples) lengths.push_back(data::length_of(s));
  const auto batches = data::ordered_batches(lengths, kTexts);
  std::vector<Sums> sums(batches.size());
  const auto run = [&](int i) {
    const auto& chosen = batches[static_cast<std::size_t>(i)];
    thread_local tape::Tape tape;
    data::Batch batch;
    data::assemble(samples, chosen.data(), static_cast<int>(chosen.size()),
                   network.features().streams(), batch);
    tape.reset(false);
    nn::Context context{tape, params_, nullptr, false, base::Rng(0), batch};
    auto& stream = batch.streams.front();
    const tensor::Steps& steps = stream.table.steps();
    const tape::Var x = tape.constant({{steps.N, stream.features}, stream.values.data()});
    sums[static_cast<std::size_t>(i)] = sums_of(tape.value(layers_.forward(context, x, steps)));
  };
  base::parallel_for(static_cast<int>(batches.size()), network.spec().train.threads, run);
  const nn::TransformerLayer& last = layers_.layers.back();
  standardise(total(sums), params_.value(last.gain), params_.value(last.bias));
}

void TunedStart::put_in(Network& network) const {
  const auto& own = params_.params();
  auto& all = network.params();
  for (std::size_t i = 0; i < own.size(); ++i) {
    for (std::size_t k = 0; k < all.params().size(); ++k) {
      if (all.params()[k].name != own[i].name) continue;
      const tensor::Tensor from = params_.value(static_cast<int>(i));
      std::copy_n(from.data, from.count(), all.value(static_cast<int>(k)).data);
    }
  }
}

}  // namespace refrain::task

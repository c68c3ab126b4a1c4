#include "refrain/train/gradient.h"

#include <algorithm>
#include <functional>

#include "refrain/base/threads.h"
#include "refrain/kernels/elementwise.h"

namespace refrain::train {

BatchGradient::BatchGradient(const Fit& fit, int batch_size)
    : fit_(fit), shards_(static_cast<std::size_t>(shard_count(batch_size))) {
  for (auto& shard : shards_) {
    shard = std::make_unique<Shard>();
    shard->gradient.resize(fit.params->count());
  }
}

void BatchGradient::take(std::span<const int> batch, const base::Rng& rng) {
  const auto number = [&](int place) { return fit_.training[static_cast<std::size_t>(place)]; };
  steps_ = 0;
  for (const int i : batch) {
    steps_ += data::length_of((*fit_.samples)[static_cast<std::size_t>(number(i))]);
  }
  used_ = std::min(static_cast<int>(shards_.size()), static_cast<int>(batch.size()));
  const auto stride = static_cast<std::size_t>(used_);
  for (std::size_t s = 0; s < stride; ++s) {  // every shard gets every used-th sample
    auto& chosen = shards_[s]->chosen;
    chosen.clear();
    for (std::size_t i = s; i < batch.size(); i += stride) chosen.push_back(number(batch[i]));
  }
  if (fit_.hooks.vary) {
    const auto work = [&](int s) { vary(*shards_[static_cast<std::size_t>(s)], rng); };
    base::parallel_for(used_, worth_sharing() ? fit_.train.threads : 1, std::cref(work));
  }
  total_weight_ = 0;
  if (fit_.train.mixup > 0) {
    for (std::size_t s = 0; s < stride; ++s) total_weight_ += pair_up(*shards_[s], rng);
    return;
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Shard& shard = *shards_[i % stride];
    const auto place = static_cast<std::size_t>(shard.chosen[i / stride]);
    total_weight_ += fit_.problem->weight(samples_of(shard)[place]);
  }
}

// Returns the samples that `Shard::chosen` indexes.
const std::vector<data::EncodedSample>& BatchGradient::samples_of(const Shard& shard) const {
  return fit_.hooks.vary ? shard.varied : *fit_.samples;
}

void BatchGradient::vary(Shard& shard, const base::Rng& rng) const {
  auto& chosen = shard.chosen;
  shard.varied.resize(chosen.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    fit_.hooks.vary(chosen[i], rng, shard.varied[i]);
    chosen[i] = static_cast<int>(i);
  }
}

// The weight of the shard's mixes.
double BatchGradient::pair_up(Shard& shard, const base::Rng& rng) const {
  const auto& chosen = shard.chosen;
  const auto& samples = samples_of(shard);
  shard.pairs.draw(samples, chosen.data(), static_cast<int>(chosen.size()), fit_.train.mixup, rng);
  const auto weight = [&](std::size_t place) {
    return fit_.problem->weight(samples[static_cast<std::size_t>(chosen[place])]);
  };
  double sum = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const double own = static_cast<double>(shard.pairs.own()[i]);
    const auto partner = static_cast<std::size_t>(shard.pairs.partner()[i]);
    sum += own * weight(i) + (1 - own) * weight(partner);
  }
  return sum;
}

double BatchGradient::evaluate(const base::Rng& rng, std::int64_t step) {
  const auto work = [&](int s) { run(*shards_[static_cast<std::size_t>(s)], rng, step); };
  base::parallel_for(used_, worth_sharing() ? fit_.train.threads : 1, std::cref(work));
  auto& d = gradient();
  double loss = shards_.front()->loss;
  for (int s = 1; s < used_; ++s) {
    const Shard& shard = *shards_[static_cast<std::size_t>(s)];
    kernels::add(shard.gradient.data(), d.size(), d.data());
    loss += shard.loss;
  }
  return loss;
}

void BatchGradient::run(Shard& shard, const base::Rng& rng, std::int64_t step) {
  data::assemble(samples_of(shard), shard.chosen.data(), static_cast<int>(shard.chosen.size()),
                 *fit_.streams, shard.batch);
  if (fit_.train.mixup > 0) data::mix_in(shard.pairs, shard.batch);
  shard.tape.reset(true);
  std::fill(shard.gradient.begin(), shard.gradient.end(), real{0});
  nn::Context context{shard.tape, *fit_.params, shard.gradient.data(),           true,
                      rng,        shard.batch,  static_cast<std::uint64_t>(step)};
  const tape::Var loss = fit_.problem->loss(context, total_weight_);
  shard.loss = static_cast<double>(shard.tape.value(loss).data[0]);
  shard.tape.backward(loss);
}

bool BatchGradient::worth_sharing() const {
  return steps_ * static_cast<double>(fit_.params->parameter_count()) >= fit_.least_shared_work;
}

int shard_count(int batch_size) { return std::clamp(batch_size / 16, 1, 4); }

std::vector<int> training_lengths(const Fit& fit) {
  std::vector<int> lengths;
  for (const int i : fit.training) {
    lengths.push_back(data::length_of((*fit.samples)[static_cast<std::size_t>(i)]));
  }
  return lengths;
}

}  // namespace refrain::train

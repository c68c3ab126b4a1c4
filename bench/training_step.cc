#include "bench/training_step.h"

#include <algorithm>
#include <functional>

#include "refrain/base/threads.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/tape/loss.h"
#include "refrain/train/gradient.h"

namespace refrain::bench {
namespace {

constexpr int kClasses = 4;

}  // namespace

TrainingStep::TrainingStep(const StepCase& c) : case_(c) {
  make_network();
  if (case_.lengths.empty()) case_.lengths.assign(static_cast<std::size_t>(c.B), c.T);
  if (static_cast<int>(case_.lengths.size()) != c.B) {
    throw Error(Code::kUsage, "a case needs one length for each of its B sequences");
  }
  // On several threads the batch is cut as the trainer cuts it; on one the peers' single batch.
  const int shards = c.threads > 1 ? train::shard_count(c.B) : 1;
  for (int s = 0; s < shards; ++s) {
    shards_.push_back(std::make_unique<Shard>());
    shards_.back()->gradients.resize(params_.count());
    fill(*shards_.back(), s, shards);
  }
}

void TrainingStep::make_network() {
  nn::EncoderSpec spec;
  spec.cell = case_.cell;
  spec.hidden = case_.H;
  spec.bidirectional = case_.bidirectional;
  spec.pooling = "last";
  spec.dropout = 0;
  spec.recurrent_dropout = case_.recurrent_dropout;
  spec.recompute = case_.recompute;
  encoder_ = nn::make_encoder(spec, {data::StreamKind::kSeries, case_.I}, "encoder", params_);
  head_ = nn::LinearHead::make(encoder_->features(), kClasses, "head", params_);
  params_.initialise(rng_.fork("start"));
  adam_ = optim::optimisers().at("adam")(optim::OptimSpec{}, params_.count());
  ranges_ = optim::update_ranges(params_, 0);
}

// Sequences first, first + stride, ... of the case.
void TrainingStep::fill(Shard& shard, int first, int stride) {
  base::Rng rng = rng_.fork("data").fork(static_cast<std::uint64_t>(first));
  std::vector<int> lengths;
  for (int b = first; b < case_.B; b += stride) {
    lengths.push_back(case_.lengths[static_cast<std::size_t>(b)]);
    shard.batch.targets.push_back(static_cast<int>(rng.below(kClasses)));
    shard.batch.key.push_back(static_cast<std::uint64_t>(b));
  }
  shard.batch.B = static_cast<int>(lengths.size());
  shard.batch.streams.resize(1);
  data::StreamBatch& stream = shard.batch.streams.front();
  stream.features = case_.I;
  stream.table.assign(lengths);
  stream.values.resize(static_cast<std::size_t>(stream.table.steps().N) *
                       static_cast<std::size_t>(case_.I));
  for (real& x : stream.values) x = static_cast<real>(rng.normal());
}

void TrainingStep::run_shard(Shard& shard) {
  shard.tape.reset(true);
  std::fill(shard.gradients.begin(), shard.gradients.end(), real{0});
  const base::Rng rng = rng_.fork("step").fork(static_cast<std::uint64_t>(step_));
  nn::Context context{shard.tape, params_, shard.gradients.data(), true, rng, shard.batch};
  tape::CrossEntropy options;
  options.target = shard.batch.targets.data();
  options.total_weight = case_.B;
  const tape::Var state = encoder_->forward(context, shard.batch.streams.front());
  const tape::Var logits = head_.forward(context, state);
  const tape::Var loss = tape::softmax_cross_entropy(shard.tape, logits, options);
  shard.loss = static_cast<double>(shard.tape.value(loss).data[0]);
  shard.tape.backward(loss);
}

double TrainingStep::megabytes() const {
  double bytes = 0;
  for (const auto& shard : shards_) bytes += static_cast<double>(shard->tape.capacity());
  return bytes / 1e6;
}

double TrainingStep::run() {
  const int shards = static_cast<int>(shards_.size());
  const auto work = [this](int s) { run_shard(*shards_[static_cast<std::size_t>(s)]); };
  base::parallel_for(shards, case_.threads, std::cref(work));
  std::vector<real>& d = shards_.front()->gradients;
  double loss = shards_.front()->loss;
  for (int s = 1; s < shards; ++s) {
    const Shard& shard = *shards_[static_cast<std::size_t>(s)];
    kernels::add(shard.gradients.data(), d.size(), d.data());
    loss += shard.loss;
  }
  adam_->update({ranges_, ++step_, 1e-3, d.data(), params_.values().data(), loss});
  return loss;
}

}  // namespace refrain::bench

#include "refrain/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/data/bucket.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/optim/clip.h"
#include "refrain/optim/schedule.h"

namespace refrain::train {
namespace {

// One shard of a batch: its own tape, batch memory and gradient block.
struct Shard {
  tape::Tape tape;
  data::Batch batch;
  std::vector<int> chosen;
  std::vector<real> gradients;
  double loss = 0;
};

std::vector<int> lengths_of(const Fit& f) {
  std::vector<int> lengths;
  for (const int i : f.training) {
    lengths.push_back((*f.samples)[static_cast<std::size_t>(i)].streams.front().length);
  }
  return lengths;
}

class Run {
 public:
  explicit Run(const Fit& f)
      : fit_(f),
        batcher_(lengths_of(f), f.train.batch_size),
        optimiser_(optim::optimisers().at(f.optim.optimiser)(f.optim, f.params->count())),
        schedule_(optim::schedules().at(f.optim.schedule)),
        ranges_(optim::update_ranges(*f.params)),
        shards_(static_cast<std::size_t>(shard_count(f.train.batch_size))) {
    for (auto& shard : shards_) {
      shard = std::make_unique<Shard>();
      shard->gradients.resize(f.params->count());
    }
    state_.history.reserve(static_cast<std::size_t>(f.train.epochs));
  }

  void resume(const State& state) {
    state_ = state;
    fit_.params->values() = state.values;
    optimiser_->slots() = state.slots;
  }

  Outcome run() {
    StopReason reason = StopReason::kEpochs;
    while (state_.epoch < fit_.train.epochs) {
      if (out_of_patience()) {
        reason = StopReason::kPatience;
        break;
      }
      if (!run_epoch()) {
        reason = StopReason::kInterrupted;
        break;
      }
    }
    if (reason != StopReason::kInterrupted && state_.best_epoch > 0) {
      fit_.params->values() = state_.best_values;
    }
    const int best = state_.best_epoch > 0 ? state_.best_epoch : state_.epoch;
    return {reason, state_.epoch, best, fit_.problem->has_valid(), state_.history};
  }

 private:
  bool out_of_patience() const {
    return fit_.train.patience > 0 && state_.best_epoch > 0 &&
           state_.epoch - state_.best_epoch >= fit_.train.patience;
  }

  bool stop_wanted() const {
    return fit_.hooks.stop != nullptr && fit_.hooks.stop->load(std::memory_order_relaxed);
  }

  // False when interrupted; the state is then that after the last complete batch.
  bool run_epoch() {
    const base::Rng rng = base::Rng(static_cast<std::uint64_t>(fit_.train.seed))
                              .fork("epoch")
                              .fork(static_cast<std::uint64_t>(state_.epoch));
    batcher_.begin_epoch(rng.fork("order"));
    std::span<const int> batch;
    for (int skip = 0; skip < state_.batch; ++skip) batcher_.next(batch);
    while (batcher_.next(batch)) {
      if (stop_wanted()) {
        save();
        return false;
      }
      run_batch(batch, rng);
      report(false, nullptr);
    }
    finish_epoch();
    return true;
  }

  void run_batch(std::span<const int> batch, const base::Rng& rng) {
    double total_weight = 0;
    const auto sample = [&](int i) {
      const int number = fit_.training[static_cast<std::size_t>(i)];
      return &(*fit_.samples)[static_cast<std::size_t>(number)];
    };
    double steps = 0;
    for (const int i : batch) {
      total_weight += fit_.problem->weight(sample(i)->target);
      steps += sample(i)->streams.front().length;
    }
    const int shards = std::min(static_cast<int>(shards_.size()), static_cast<int>(batch.size()));
    for (int s = 0; s < shards; ++s) {  // every shard gets every shards-th sample
      auto& chosen = shards_[static_cast<std::size_t>(s)]->chosen;
      chosen.clear();
      for (std::size_t i = static_cast<std::size_t>(s); i < batch.size();
           i += static_cast<std::size_t>(shards)) {
        chosen.push_back(fit_.training[static_cast<std::size_t>(batch[i])]);
      }
    }
    const auto work = [&](int s) {
      run_shard(*shards_[static_cast<std::size_t>(s)], total_weight, rng);
    };
    base::parallel_for(shards, worth_sharing(steps) ? fit_.train.threads : 1, std::cref(work));
    update(shards);
  }

  bool worth_sharing(double steps) const {
    return steps * static_cast<double>(fit_.params->parameter_count()) >= fit_.least_shared_work;
  }

  void run_shard(Shard& shard, double total_weight, const base::Rng& rng) {
    data::assemble(*fit_.samples, shard.chosen.data(), static_cast<int>(shard.chosen.size()),
                   *fit_.streams, shard.batch);
    shard.tape.reset(true);
    std::fill(shard.gradients.begin(), shard.gradients.end(), real{0});
    nn::Context context{shard.tape,
                        *fit_.params,
                        shard.gradients.data(),
                        true,
                        rng,
                        shard.batch,
                        static_cast<std::uint64_t>(state_.step)};
    const tape::Var loss = fit_.problem->loss(context, total_weight);
    shard.loss = static_cast<double>(shard.tape.value(loss).data[0]);
    shard.tape.backward(loss);
  }

  void update(int shards) {
    auto& d = shards_.front()->gradients;
    double loss = shards_.front()->loss;
    for (int s = 1; s < shards; ++s) {
      const Shard& shard = *shards_[static_cast<std::size_t>(s)];
      kernels::add(shard.gradients.data(), d.size(), d.data());
      loss += shard.loss;
    }
    ++state_.step;
    loss += add_penalty({fit_.train.l1, fit_.train.l2}, *fit_.params, d.data());
    optim::clip_by_value(fit_.optim.clip_value, d.size(), d.data());
    const double norm = optim::clip_by_norm(fit_.optim.clip_norm, d.size(), d.data());
    if (!std::isfinite(loss) || !std::isfinite(norm)) throw divergence(loss);
    optimiser_->update(ranges_, state_.step, learning_rate(), d.data(),
                       fit_.params->values().data());
    state_.loss_sum += loss;
    state_.norm_sum += norm;
    ++state_.batch;
  }

  double learning_rate() const {
    const double total = static_cast<double>(fit_.train.epochs) * batcher_.batches();
    return fit_.optim.lr * schedule_(static_cast<double>(state_.step - 1) / total);
  }

  Error divergence(double loss) const {
    std::string where = "the loss";
    const auto& d = shards_.front()->gradients;
    for (const auto& p : fit_.params->params()) {
      const auto begin = d.begin() + static_cast<std::ptrdiff_t>(p.offset);
      const auto end = begin + static_cast<std::ptrdiff_t>(p.shape.count());
      if (std::all_of(begin, end, [](real x) { return std::isfinite(x); })) continue;
      where = "the gradient of " + p.name;
      break;
    }
    return Error(Code::kNumeric,
                 fmt::format("training diverged at step {} (epoch {}): {} is not finite (loss {})",
                             state_.step, state_.epoch + 1, where, loss),
                 "lower --lr, or set --clip-norm 1");
  }

  void finish_epoch() {
    EpochRecord record;
    record.epoch = ++state_.epoch;
    record.loss = state_.loss_sum / batcher_.batches();
    record.gradient_norm = state_.norm_sum / batcher_.batches();
    record.lr = learning_rate();
    if (fit_.problem->has_valid()) {
      record.valid = fit_.problem->validate();
      const bool better =
          record.valid.score > state_.best.score ||
          (record.valid.score == state_.best.score && record.valid.loss < state_.best.loss);
      if (state_.best_epoch == 0 || better) {
        state_.best = record.valid;
        state_.best_epoch = record.epoch;
        state_.best_values = fit_.params->values();
      }
    }
    state_.history.push_back(record);
    report(true, &record);
    state_.batch = 0;
    state_.loss_sum = state_.norm_sum = 0;
    save();
  }

  void report(bool done, const EpochRecord* record) const {
    if (!fit_.hooks.progress) return;
    Progress p;
    p.epoch = done ? state_.epoch : state_.epoch + 1;
    p.epochs = fit_.train.epochs;
    p.batch = state_.batch;
    p.batches = batcher_.batches();
    p.loss = state_.loss_sum / std::max(1, state_.batch);
    p.epoch_done = done;
    p.record = record;
    fit_.hooks.progress(p);
  }

  void save() {
    if (!fit_.hooks.checkpoint) return;
    state_.values = fit_.params->values();
    state_.slots = optimiser_->slots();
    fit_.hooks.checkpoint(state_);
  }

  const Fit& fit_;
  data::Batcher batcher_;
  std::unique_ptr<optim::Optimiser> optimiser_;
  optim::Schedule schedule_;
  std::vector<optim::Range> ranges_;
  std::vector<std::unique_ptr<Shard>> shards_;
  State state_;
};

}  // namespace

base::Fields<TrainSpec> train_fields() {
  using S = TrainSpec;
  return base::Fields<S>()
      .section("Training")
      .field("epochs", &S::epochs, 0, 1'000'000, "passes over the training part; 0 = by its size")
      .field("batch_size", &S::batch_size, 0, 65536, "samples an update; 0 = by their number")
      .field("patience", &S::patience, 0, 1'000'000,
             "epochs without a better validation score before stopping; 0 = never stop early")
      .field("l1", &S::l1, 0, 1e3, "L1 penalty on weights")
      .field("l2", &S::l2, 0, 1e3, "L2 penalty on weights")
      .field("seed", &S::seed, 0, 2147483647, "all randomness follows from it")
      .section("Machine")
      .field("threads", &S::threads, 0, 1024,
             "threads to use; 0 = all cores. The result is the same for any number");
}

std::string to_string(StopReason reason) {
  switch (reason) {
    case StopReason::kEpochs:
      return "epochs";
    case StopReason::kPatience:
      return "patience";
    case StopReason::kInterrupted:
      break;
  }
  return "interrupted";
}

int shard_count(int batch_size) { return std::clamp(batch_size / 16, 1, 4); }

Outcome fit(const Fit& f, const State* resume) {
  Run run(f);
  if (resume != nullptr) run.resume(*resume);
  return run.run();
}

}  // namespace refrain::train

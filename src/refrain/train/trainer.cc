#include "refrain/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "refrain/base/duration.h"
#include "refrain/data/bucket.h"
#include "refrain/optim/schedule.h"
#include "refrain/train/averaging.h"
#include "refrain/train/rate_search.h"
#include "refrain/train/step.h"
#include "refrain/train/stopping.h"

namespace refrain::train {
namespace {

constexpr int kMostReserved = 10'000;  // epochs

// The batches of an epoch: the batcher's of samples, or the numbers of the updates for a rule.
class Batches {
 public:
  Batches(const Fit& f, int batch_size) : count_(f.rule_batches) {
    if (f.rule != nullptr) return;
    batcher_.emplace(training_lengths(f), batch_size);
    count_ = batcher_->batches();
  }
  int count() const { return count_; }

  // Goes on behind the batches of the epoch that the state has done.
  void begin_epoch(const base::Rng& rng, const State& state) {
    left_ = count_ - state.batch;
    update_ = static_cast<int>(state.step) - 1;
    if (!batcher_) return;
    batcher_->begin_epoch(rng);
    std::span<const int> batch;
    for (int skip = 0; skip < state.batch; ++skip) batcher_->next(batch);
  }

  bool next(std::span<const int>& batch) {
    if (batcher_) return batcher_->next(batch);
    if (left_-- <= 0) return false;
    ++update_;
    batch = {&update_, 1};
    return true;
  }

 private:
  std::optional<data::Batcher> batcher_;
  int count_, left_ = 0, update_ = 0;
};

class Run {
 public:
  explicit Run(const Fit& f)
      : fit_(f),
        tuning_(f.train, *f.params),
        stepper_(f, tuning_),
        batches_(f, stepper_.batch_size()),
        epochs_(f.updates > 0 ? static_cast<int>((f.updates - 1) / batches_.count()) + 1
                              : f.train.epochs),
        planned_(f.planned_updates > 0
                     ? f.planned_updates
                     : static_cast<std::int64_t>(f.train.epochs) * batches_.count()),
        averaging_(f.train, planned_),
        stopping_(f.train),
        schedule_(optim::schedules().at(f.optim.schedule)) {
    const std::size_t layers = stepper_.layers().names().size();
    state_.layer_sums.resize(layers);
    const auto epochs = static_cast<std::size_t>(std::min(epochs_, kMostReserved));
    state_.layer_norms.reserve(epochs * layers);
    state_.history.reserve(epochs);
    if (f.train.average == "none") return;
    state_.average.reserve(f.params->count());
    mean_.reserve(f.params->count());
  }

  void resume(const State& state) {
    state_ = state;
    state_.done = false;
    state_.layer_sums.resize(stepper_.layers().names().size());
    fit_.params->values() = state.values;
    thaw(epoch_of(state));
    stepper_.optimiser().slots() = state.slots;
    if (carried() != nullptr) *carried() = state.carried;
  }

  Outcome run() {
    if (state_.lr == optim::kAutoRate) choose_rate();
    if (tuning_.last_thaw(kLastEpoch) >= epochs_) {
      fit_.hooks.log.warning(
          "some layers never begin to learn: there are fewer epochs than layers "
          "times --unfreeze-every, or than --unfreeze-words");
    }
    StopReason reason = StopReason::kEpochs;
    while (state_.epoch < epochs_) {
      if (stopping_.out_of_patience(state_)) {
        reason = StopReason::kPatience;
        break;
      }
      if (!run_epoch()) {
        reason = StopReason::kInterrupted;
        break;
      }
      if (late()) {
        if (state_.epoch < epochs_ || cut_) reason = StopReason::kTime;
        break;
      }
    }
    leave_best();
    tuning_.apply(kLastEpoch, *fit_.params);
    return outcome(reason);
  }

 private:
  std::vector<real>* carried() const {
    return fit_.rule == nullptr ? nullptr : fit_.rule->carried();
  }

  // The layers that learn in an epoch. Once there are more the optimiser begins anew.
  void thaw(int epoch) {
    const int last = tuning_.last_thaw(epoch);
    if (last == thawed_) return;
    thawed_ = last;
    tuning_.apply(epoch, *fit_.params);
    stepper_.begin_anew();
  }

  void choose_rate() {
    state_.lr = fit_.optim.lr;
    if (state_.lr != optim::kAutoRate || epochs_ == 0) return;
    const FoundRate found = find_rate(fit_);
    state_.lr = found.lr;
    fit_.hooks.log.info(found.reason);
  }

  void leave_best() {
    if (state_.best_epoch > 0) {
      fit_.params->values() = state_.best_values;
    } else if (averaging_.has_mean(state_)) {
      take_mean();
      fit_.params->values() = mean_;
    }
  }

  // The mean of the weights; frozen ones as they are, not as a mean of equal numbers is rounded.
  void take_mean() {
    averaging_.mean(state_, mean_);
    const auto& values = fit_.params->values();
    for (const auto& p : fit_.params->params()) {
      if (p.frozen) std::copy_n(&values[p.offset], p.shape.count(), &mean_[p.offset]);
    }
  }

  Outcome outcome(StopReason reason) const {
    Outcome out;
    out.reason = reason;
    out.epochs = state_.epoch;
    out.best_epoch = state_.best_epoch > 0 ? state_.best_epoch : state_.epoch;
    out.best_updates = state_.best_epoch > 0 ? state_.best_step : state_.step;
    out.planned_updates = planned_;
    out.lr = state_.lr;
    out.start_loss = state_.start_loss;
    out.has_valid = fit_.problem->has_valid();
    out.history = state_.history;
    out.layers = stepper_.layers().names();
    out.layer_norms = state_.layer_norms;
    return out;
  }

  bool stop_wanted() const {
    return fit_.hooks.stop != nullptr && fit_.hooks.stop->load(std::memory_order_relaxed);
  }

  bool late() const {
    const auto* enough = fit_.hooks.enough;
    if (enough != nullptr && enough->load(std::memory_order_relaxed)) return true;
    return fit_.hooks.deadline > 0 && base::steady_seconds() > fit_.hooks.deadline;
  }

  // False when interrupted; the state is then that after the last complete batch.
  bool run_epoch() {
    const base::Rng rng = base::Rng(static_cast<std::uint64_t>(fit_.train.seed))
                              .fork("epoch")
                              .fork(static_cast<std::uint64_t>(state_.epoch));
    thaw(state_.epoch);
    batches_.begin_epoch(rng.fork("order"), state_);
    std::span<const int> batch;
    while (!all_updates_done() && batches_.next(batch)) {
      if (stop_wanted()) {
        save();
        return false;
      }
      run_batch(batch, rng);
      report(false, nullptr);
      if (late() && state_.batch < batches_.count()) {
        cut_ = true;
        break;
      }
    }
    finish_epoch();
    return true;
  }

  bool all_updates_done() const { return fit_.updates > 0 && state_.step >= fit_.updates; }

  void run_batch(std::span<const int> batch, const base::Rng& rng) {
    ++state_.step;
    if (fit_.hooks.share) {
      state_.share = std::clamp(fit_.hooks.share(), state_.share, 1.0);
    }
    const std::int64_t before = static_cast<std::int64_t>(thawed_) * batches_.count();
    const Moment now{rng, state_.epoch + 1, state_.step, learning_rate(), state_.step - before};
    const Measured found = stepper_.step(batch, now, state_.layer_sums);
    if (state_.step == 1) state_.start_loss = found.loss;
    averaging_.add(fit_.params->values(), state_);
    state_.loss_sum += found.loss;
    state_.norm_sum += found.norm;
    state_.clipped += found.clipped ? 1 : 0;
    ++state_.batch;
  }

  double learning_rate() const {
    optim::Progress come{static_cast<double>(state_.step - 1), static_cast<double>(planned_)};
    if (fit_.hooks.share) come = {state_.share, 1.0};
    const double factor = optim::factor_at(schedule_, fit_.optim.warmup, come);
    return state_.lr * state_.lr_factor * factor;
  }

  void finish_epoch() {
    EpochRecord record;
    record.epoch = ++state_.epoch;
    record.loss = state_.loss_sum / state_.batch;
    record.gradient_norm = state_.norm_sum / state_.batch;
    record.clip_ratio = static_cast<double>(state_.clipped) / state_.batch;
    record.lr = learning_rate();
    const bool has_valid = fit_.problem->has_valid();
    if (has_valid) validate(record);
    state_.history.push_back(record);
    averaging_.end_epoch(has_valid, state_);
    if (fit_.optim.schedule == "plateau") {
      lower_on_plateau(fit_.optim.plateau_epochs, has_valid, state_);
    }
    report(true, &record);
    begin_sums();
    save();
  }

  void begin_sums() {
    for (double& sum : state_.layer_sums) {
      state_.layer_norms.push_back(sum / state_.batch);
      sum = 0;
    }
    state_.batch = state_.clipped = 0;
    state_.loss_sum = state_.norm_sum = 0;
  }

  // Looks at the weights that count: the mean where there is one.
  void validate(EpochRecord& record) {
    auto& values = fit_.params->values();
    const bool mean = averaging_.has_mean(state_);
    if (mean) {
      take_mean();
      values.swap(mean_);
    }
    record.valid = fit_.problem->validate();
    if (stopping_.judge(record, state_)) state_.best_values = values;
    if (mean) values.swap(mean_);
  }

  void report(bool done, const EpochRecord* record) const {
    if (!fit_.hooks.progress) return;
    Progress p;
    p.epoch = done ? state_.epoch : state_.epoch + 1;
    p.epochs = epochs_;
    if (fit_.hooks.share && state_.share > 0) {
      const double now =
          state_.epoch + (done ? 0.0 : static_cast<double>(state_.batch) / batches_.count());
      p.epochs = std::max(p.epoch, static_cast<int>(std::lround(now / state_.share)));
    }
    p.batch = state_.batch;
    p.batches = batches_.count();
    p.loss = state_.loss_sum / std::max(1, state_.batch);
    p.epoch_done = done;
    p.record = record;
    fit_.hooks.progress(p);
  }

  void save() {
    if (!fit_.hooks.checkpoint) return;
    state_.done = state_.epoch >= epochs_ || stopping_.out_of_patience(state_);
    state_.values = fit_.params->values();
    state_.slots = stepper_.optimiser().slots();
    if (carried() != nullptr) state_.carried = *carried();
    fit_.hooks.checkpoint(state_);
  }

  static constexpr int kLastEpoch = std::numeric_limits<int>::max() - 1;

  const Fit& fit_;
  Tuning tuning_;
  Stepper stepper_;
  Batches batches_;
  int epochs_;
  int thawed_ = 0;        // the last epoch in which a layer began to learn
  std::int64_t planned_;  // updates that the schedule is made for
  Averaging averaging_;
  Stopping stopping_;
  optim::Schedule schedule_;
  std::vector<real> mean_;  // of the weights, while it is looked at
  bool cut_ = false;        // an epoch, by the deadline
  State state_;
};

}  // namespace

std::string to_string(StopReason reason) {
  switch (reason) {
    case StopReason::kEpochs:
      return "epochs";
    case StopReason::kPatience:
      return "patience";
    case StopReason::kTime:
      return "time";
    case StopReason::kInterrupted:
      break;
  }
  return "interrupted";
}

Outcome fit(const Fit& f, const State* resume) {
  Run run(f);
  if (resume != nullptr) run.resume(*resume);
  return run.run();
}

}  // namespace refrain::train

#include "refrain/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "refrain/base/error.h"
#include "refrain/data/bucket.h"
#include "refrain/optim/clip.h"
#include "refrain/optim/noise.h"
#include "refrain/optim/schedule.h"
#include "refrain/optim/units.h"
#include "refrain/train/averaging.h"
#include "refrain/train/gradient.h"
#include "refrain/train/penalty.h"

namespace refrain::train {
namespace {

class Run {
 public:
  explicit Run(const Fit& f)
      : fit_(f),
        optimiser_(optim::optimisers().at(f.optim.optimiser)(f.optim, f.params->count())),
        batcher_(training_lengths(f), batch_size()),
        gradient_(f, batch_size()),
        epochs_(f.updates > 0 ? static_cast<int>((f.updates - 1) / batcher_.batches()) + 1
                              : f.train.epochs),
        planned_(f.planned_updates > 0
                     ? f.planned_updates
                     : static_cast<std::int64_t>(f.train.epochs) * batcher_.batches()),
        averaging_(f.train, planned_),
        schedule_(optim::schedules().at(f.optim.schedule)),
        penalties_(f.train, f.optim.weight_decay, *f.params),
        units_(*f.params) {
    if (penalties_.patterns_decay() && !optimiser_->decays()) {
      throw Error(Code::kUsage, fmt::format("--penalty: {} has no weight decay", f.optim.optimiser),
                  "use l2 instead, or --optimiser adamw");
    }
    state_.history.reserve(static_cast<std::size_t>(epochs_));
    if (f.train.average == "none") return;
    state_.average.reserve(f.params->count());
    mean_.reserve(f.params->count());
  }

  void resume(const State& state) {
    state_ = state;
    fit_.params->values() = state.values;
    optimiser_->slots() = state.slots;
  }

  Outcome run() {
    StopReason reason = StopReason::kEpochs;
    while (state_.epoch < epochs_) {
      if (out_of_patience()) {
        reason = StopReason::kPatience;
        break;
      }
      if (!run_epoch()) {
        reason = StopReason::kInterrupted;
        break;
      }
    }
    if (reason != StopReason::kInterrupted) leave_best();
    return outcome(reason);
  }

 private:
  void leave_best() {
    if (state_.best_epoch > 0) {
      fit_.params->values() = state_.best_values;
    } else if (averaging_.has_mean(state_)) {
      averaging_.mean(state_, fit_.params->values());
    }
  }

  Outcome outcome(StopReason reason) const {
    Outcome out;
    out.reason = reason;
    out.epochs = state_.epoch;
    out.best_epoch = state_.best_epoch > 0 ? state_.best_epoch : state_.epoch;
    out.best_updates = state_.best_epoch > 0 ? state_.best_step : state_.step;
    out.planned_updates = planned_;
    out.has_valid = fit_.problem->has_valid();
    out.history = state_.history;
    return out;
  }

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
    while (!all_updates_done() && batcher_.next(batch)) {
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

  bool all_updates_done() const { return fit_.updates > 0 && state_.step >= fit_.updates; }

  int batch_size() const {
    return optimiser_->takes_all() ? static_cast<int>(fit_.training.size()) : fit_.train.batch_size;
  }

  void run_batch(std::span<const int> batch, const base::Rng& rng) {
    gradient_.take(batch);
    rng_ = &rng;
    ++state_.step;
    const Measured now = measure();
    require_finite(now);
    auto& values = fit_.params->values();
    const double lr = learning_rate();
    optimiser_->update({penalties_.ranges(), state_.step, lr, gradient_.gradient().data(),
                        values.data(), now.loss, &again_});
    penalties_.shrink(lr, values.data());
    units_.limit_norms(fit_.train.max_norm, *fit_.params);
    averaging_.add(values, state_);
    state_.loss_sum += now.loss;
    state_.norm_sum += now.norm;
    ++state_.batch;
  }

  struct Measured {
    double loss, norm;
  };

  // The loss of the batch at the values as they are; its gradient, as an optimiser gets it.
  Measured measure() {
    auto& d = gradient_.gradient();
    double loss = gradient_.evaluate(*rng_, state_.step - 1);
    loss += penalties_.add(fit_.params->values().data(), d.data());
    if (optimiser_->takes_all()) return {loss, optim::clip_by_norm(0, d.size(), d.data())};
    optim::clip_by_value(fit_.optim.clip_value, d.size(), d.data());
    const double norm = optim::clip_by_norm(fit_.optim.clip_norm, d.size(), d.data());
    const base::Rng seed(static_cast<std::uint64_t>(fit_.train.seed));
    optim::add_noise(fit_.train.gradient_noise, seed.fork("gradient noise"),
                     {penalties_.ranges(), state_.step, 0, d.data(), nullptr});
    return {loss, norm};
  }

  // For an optimiser that asks again. One that searches may look where nothing is finite.
  double measure_again() {
    const Measured now = measure();
    if (!optimiser_->takes_all()) require_finite(now);
    return now.loss;
  }

  void require_finite(const Measured& m) {
    if (!std::isfinite(m.loss) || !std::isfinite(m.norm)) throw divergence(m.loss);
  }

  double learning_rate() const {
    const double done = static_cast<double>(state_.step - 1) / static_cast<double>(planned_);
    return fit_.optim.lr * schedule_(std::min(1.0, done));
  }

  Error divergence(double loss) {
    std::string where = "the loss";
    const auto& d = gradient_.gradient();
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
    record.loss = state_.loss_sum / state_.batch;
    record.gradient_norm = state_.norm_sum / state_.batch;
    record.lr = learning_rate();
    if (fit_.problem->has_valid()) validate(record);
    state_.history.push_back(record);
    averaging_.end_epoch(fit_.problem->has_valid(), state_);
    report(true, &record);
    state_.batch = 0;
    state_.loss_sum = state_.norm_sum = 0;
    save();
  }

  // Looks at the weights that count: the mean where there is one.
  void validate(EpochRecord& record) {
    auto& values = fit_.params->values();
    const bool mean = averaging_.has_mean(state_);
    if (mean) {
      averaging_.mean(state_, mean_);
      values.swap(mean_);
    }
    record.valid = fit_.problem->validate();
    const bool better =
        record.valid.score > state_.best.score ||
        (record.valid.score == state_.best.score && record.valid.loss < state_.best.loss);
    if (state_.best_epoch == 0 || better) {
      state_.best = record.valid;
      state_.best_epoch = record.epoch;
      state_.best_step = state_.step;
      state_.best_values = values;
    }
    if (mean) values.swap(mean_);
  }

  void report(bool done, const EpochRecord* record) const {
    if (!fit_.hooks.progress) return;
    Progress p;
    p.epoch = done ? state_.epoch : state_.epoch + 1;
    p.epochs = epochs_;
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
  std::unique_ptr<optim::Optimiser> optimiser_;
  data::Batcher batcher_;
  BatchGradient gradient_;
  int epochs_;
  std::int64_t planned_;  // updates that the schedule is made for
  Averaging averaging_;
  optim::Schedule schedule_;
  Penalties penalties_;
  optim::Units units_;
  const std::function<double()> again_ = [this] { return measure_again(); };
  const base::Rng* rng_ = nullptr;  // of the epoch
  std::vector<real> mean_;          // of the weights, while it is looked at
  State state_;
};

}  // namespace

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

Outcome fit(const Fit& f, const State* resume) {
  Run run(f);
  if (resume != nullptr) run.resume(*resume);
  return run.run();
}

}  // namespace refrain::train

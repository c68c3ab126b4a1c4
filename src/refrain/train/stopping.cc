#include "refrain/train/stopping.h"

#include <algorithm>

namespace refrain::train {

bool Stopping::is_better(const EpochRecord& record, const State& state) const {
  if (record.epoch < spec_.min_epochs) return false;
  if (state.best_epoch == 0) return true;
  if (spec_.smooth_epochs > 1) return state.smoothed < state.best_smoothed;
  const ValidScore &now = record.valid, &best = state.best;
  return now.score > best.score || (now.score == best.score && now.loss < best.loss);
}

bool Stopping::judge(const EpochRecord& record, State& state) const {
  const double share = record.epoch == 1 ? 1 : 2.0 / (std::max(1, spec_.smooth_epochs) + 1);
  state.smoothed += share * (record.valid.loss - state.smoothed);
  if (!is_better(record, state)) return false;
  state.best = record.valid;
  state.best_smoothed = state.smoothed;
  state.best_epoch = record.epoch;
  state.best_step = state.step;
  return true;
}

bool Stopping::out_of_patience(const State& state) const {
  return spec_.patience > 0 && state.best_epoch > 0 &&
         state.epoch - state.best_epoch >= spec_.patience;
}

void lower_on_plateau(int epochs, bool has_valid, State& state) {
  constexpr double kFall = 1e-4, kFactor = 0.5;
  const EpochRecord& now = state.history.back();
  const double loss = has_valid ? now.valid.loss : now.loss;
  if (state.plateau_epoch == 0 || loss < state.plateau_loss * (1 - kFall)) {
    state.plateau_loss = loss;
    state.plateau_epoch = now.epoch;
  } else if (now.epoch - state.plateau_epoch >= epochs) {
    state.lr_factor *= kFactor;
    state.plateau_epoch = now.epoch;
  }
}

}  // namespace refrain::train

// Decides by the validation which epoch is the best, when to stop, and when to lower the learning
// rate. Everything that must be remembered lies in State.
#pragma once

#include "refrain/train/spec.h"
#include "refrain/train/state.h"

namespace refrain::train {

// Early stopping (Prechelt 1998). The better epoch has the better score, at equal scores the
// smaller loss; with `smooth_epochs` it has the smaller exponential mean of the loss. Epochs before
// `min_epochs` are not chosen.
class Stopping {
 public:
  explicit Stopping(const TrainSpec& spec) : spec_(spec) {}

  // True if this epoch is the best so far; it is then recorded as such.
  bool judge(const EpochRecord& record, State& state) const;
  bool out_of_patience(const State& state) const;

 private:
  bool is_better(const EpochRecord& record, const State& state) const;

  TrainSpec spec_;
};

// Schedule `plateau`: halves state.lr_factor where the loss (the validation loss; the training loss
// without a validation part) has not fallen by a ten-thousandth for so many epochs.
void lower_on_plateau(int epochs, bool has_valid, State& state);

}  // namespace refrain::train

// Means of the weights over the training, kept beside them: an exponential mean with its start at
// zero corrected (ema), the mean over the last share of the updates (swa, Izmailov et al. 2018), or
// the mean from the update on at which the validation loss stops falling (nt_asgd, Merity et al.
// 2018). The running mean lies in State, so that a resumed run goes on with the same bits.
#pragma once

#include "refrain/train/spec.h"
#include "refrain/train/state.h"

namespace refrain::train {

class Averaging {
 public:
  // `updates` of the whole training tell where the last share begins.
  Averaging(const TrainSpec& spec, std::int64_t updates);

  // After an update: takes `values` into the mean where it has begun; state.step counts the update.
  void add(const std::vector<real>& values, State& state) const;

  // After an epoch whose record is the last of the history: nt_asgd begins the mean where its loss
  // (the validation loss; the training loss without a validation part) is no better than the best
  // of all but the last `nt_window` epochs before it.
  void end_epoch(bool has_valid, State& state) const;

  bool has_mean(const State& state) const { return state.averaged > 0; }
  // The mean weights [state.average.size()], into `out`.
  void mean(const State& state, std::vector<real>& out) const;

 private:
  bool begun(const State& state) const;

  std::string kind_;
  double decay_;
  std::int64_t from_;  // swa: updates before the first that counts
  int window_;
};

}  // namespace refrain::train

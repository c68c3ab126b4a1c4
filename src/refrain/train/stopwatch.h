// Measures how long the updates of a training take on this machine.
#pragma once

#include "refrain/base/duration.h"
#include "refrain/train/trainer.h"

namespace refrain::train {

// Counts from the end of the first update, which allocates its memory.
class Stopwatch {
 public:
  void note(const Progress& p) {
    if (p.epoch_done) return;
    batches_ = p.batches;
    last_ = base::steady_seconds();
    if (updates_++ == 0) first_ = last_;
  }
  // `start`: when the training began.
  double seconds_an_epoch(double start) const {
    const double each = updates_ > 1 ? (last_ - first_) / (updates_ - 1) : last_ - start;
    return each * batches_;
  }
  double last_update() const { return last_; }

 private:
  int updates_ = 0, batches_ = 1;
  double first_ = 0, last_ = 0;
};

// Seconds that all epochs of a training take with a look at the validation part behind each, by
// what an epoch takes that is cut after about `seconds`. The parameters stay as they are.
double measure_training(Fit fit, double seconds);

}  // namespace refrain::train

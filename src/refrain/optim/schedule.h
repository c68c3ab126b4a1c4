// The learning rate over the training, as a factor of --lr that depends on the progress in [0, 1]
// alone, so that a resumed run continues as if it had never stopped. (The schedule `plateau` is
// constant here: its factor follows the losses, which the trainer knows.)
#pragma once

#include "refrain/base/registry.h"

namespace refrain::optim {

using Schedule = double (*)(double progress);
const base::Registry<Schedule>& schedules();

// How far a training has come.
struct Progress {
  double done, planned;  // updates
};

// The factor for the next update: during the first `warmup` share of the training it rises in a
// straight line to the schedule's start; the schedule has the rest.
double factor_at(Schedule schedule, double warmup, const Progress& progress);

}  // namespace refrain::optim

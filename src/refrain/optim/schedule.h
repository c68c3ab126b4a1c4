// The learning rate over the training, as a factor of --lr that depends on the progress in [0, 1]
// alone, so that a resumed run continues as if it had never stopped.
#pragma once

#include "refrain/base/registry.h"

namespace refrain::optim {

using Schedule = double (*)(double progress);

// constant, cosine, one_cycle (Smith 2018: up over the first 30 %, then down to nearly zero).
const base::Registry<Schedule>& schedules();

}  // namespace refrain::optim

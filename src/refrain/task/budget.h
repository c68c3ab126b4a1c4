// How much training fits into a time limit.
#pragma once

#include "refrain/task/fit.h"

namespace refrain::task {

struct Plan {
  int networks = 1, epochs = 1;
};

// Returns as many networks with all their epochs as fit into `seconds`, with `threads` at a time;
// if not even one round fits, one round with fewer epochs, at least one.
Plan plan_within(double seconds, double seconds_an_epoch, const Plan& wanted, int threads);

// Seconds that an epoch of a network takes where as many are trained at once as there are threads;
// measured on some updates of each, for about `seconds`. `spec` is settled.
double measure_epoch(const Spec& spec, const FitParts& parts, double seconds);

}  // namespace refrain::task

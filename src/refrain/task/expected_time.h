// How long a training will take: said once, as soon as the first network has shown how fast it is.
#pragma once

#include <memory>
#include <string>

#include "refrain/task/fit.h"

namespace refrain::task {

// Trainings that come one after another, counted in trainings of one network.
struct Rounds {
  double networks = 1;    // of the model
  double folds = 0;       // of the inner folds, which follow
  bool may_stop = false;  // early stopping may end each before its last epoch
};

// `networks` trainings on `threads` threads at a time; `folds`: see hold_out.
Rounds rounds_of(const Spec& spec, bool inner_folds);

// "the 4 networks take about 12 s"; empty where it is less than three seconds.
std::string expected_time(const Rounds& rounds, int networks, double seconds_each);

// Hooks that watch as those of `hooks` do, and tell its log the expected time, where it wants that.
FitHooks with_expected_time(const FitHooks& hooks, const Rounds& rounds);

}  // namespace refrain::task

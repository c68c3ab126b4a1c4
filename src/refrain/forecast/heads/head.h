// Heads of forecasts: what the numbers of a network say about a step of the horizon, the loss they
// are trained by and the quantiles they stand for. One more is one file in this folder, one line in
// list.h and one in head.cc.
#pragma once

#include <vector>

#include "refrain/base/registry.h"
#include "refrain/tape/tape.h"

namespace refrain::forecast {

// A quantile that is wanted.
struct WantedLevel {
  double share = 0.5;  // of the values that lie below
  double normal = 0;   // this quantile of the normal distribution with mean 0 and deviation 1
};
std::vector<WantedLevel> levels_of(const std::vector<double>& shares);

// The targets of a batch in the form that the losses of tape/number_loss.h read.
struct HeadTargets {
  const real* target = nullptr;  // [B, steps * targets]
  const real* weight = nullptr;  // [B] or null
  const real* unit = nullptr;    // [B] the spread of each window
  const real* level = nullptr;   // [steps * levels]
  double total_weight = 0;
};

struct Head {
  int (*width)(int levels) = nullptr;    // numbers of a network a step
  int (*targets)(int levels) = nullptr;  // how often a step's target stands in HeadTargets
  tape::Var (*loss)(tape::Tape& tape, tape::Var y, const HeadTargets& targets) = nullptr;
  // The quantiles [levels] of one step, in the window's scale, whose spread is `unit`.
  void (*quantiles)(const real* numbers, const std::vector<WantedLevel>& levels, double unit,
                    double* out) = nullptr;
  // Returns the value to feed back as the next input of a forecast; null: the median.
  double (*middle)(const real* numbers, double unit) = nullptr;
  bool tells_spread = true;  // false: all quantiles are the forecast
  bool likelihood = false;   // windows weigh alike
  bool counts = false;       // of whole numbers that are not negative
};

// quantile, point, gaussian, student_t, negative_binomial.
const base::Registry<Head>& heads();

}  // namespace refrain::forecast

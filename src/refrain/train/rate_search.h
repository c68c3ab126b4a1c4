// --lr auto: the learning-rate range test (Smith 2017). From the start values the rate grows by the
// same factor at each update until the loss explodes; the rate at which the loss falls fastest is
// taken. The parameters are then as they were.
#pragma once

#include <string>
#include <vector>

#include "refrain/train/trainer.h"

namespace refrain::train {

struct FoundRate {
  double lr = 0;
  std::string reason;  // a sentence
};

// Throws usage for an optimiser that searches its steps itself.
FoundRate find_rate(const Fit& fit);

// The choice itself: losses of updates whose rates grow geometrically from `first` to that of the
// last loss by `factor` each.
FoundRate fastest_fall(const std::vector<double>& losses, double first, double factor);

}  // namespace refrain::train

// L1 and L2 penalties on weights (not on biases, gains or frozen parameters):
//   l1 * sum |w| + l2 / 2 * sum w^2
#pragma once

#include "refrain/nn/param_set.h"

namespace refrain::train {

struct Penalty {
  double l1 = 0, l2 = 0;
};

// Adds the penalty's gradient (sign(0) = 0) to the block `d` and returns its value.
double add_penalty(const Penalty& penalty, const nn::ParamSet& params, real* d);

}  // namespace refrain::train

// Layer normalisation (Ba, Kiros and Hinton 2016): each row to mean 0 and variance 1, then gain and
// bias.
#pragma once

#include "refrain/tape/tape.h"

namespace refrain::tape {

// x [N,F], gain [F], bias [F] -> [N,F]. Variance is the biased one, epsilon under the root.
Var layer_norm(Tape& tape, Var x, Var gain, Var bias, real epsilon = static_cast<real>(1e-5));

}  // namespace refrain::tape

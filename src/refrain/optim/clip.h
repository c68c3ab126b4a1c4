// Gradient clipping, before the optimiser's step.
#pragma once

#include <cstddef>

#include "refrain/base/real.h"

namespace refrain::optim {

// Scales d [n] so that its Euclidean norm is at most `most` (Pascanu et al. 2013); returns the norm
// it had. 0 = measure only.
double clip_by_norm(double most, std::size_t n, real* d);

// Cuts each element to [-most, most]; 0 = nothing. True where one was outside.
bool clip_by_value(double most, std::size_t n, real* d);

}  // namespace refrain::optim

// Where in a sequence something happened: means over equal parts of it, side by side (temporal
// pyramid; Lazebnik et al. 2006 for images).
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// x [N,F] -> [B,parts*F] in batch order: part p of a sequence of T steps is [T p / parts, T (p + 1)
// / parts), rounded down, at least one step. `parts` 1 or more.
Var pool_parts(Tape& tape, Var x, int parts, const tensor::Steps& steps);

}  // namespace refrain::tape

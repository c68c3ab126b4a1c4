// Affine map of every row: y = x W + b.
#pragma once

#include "refrain/tape/tape.h"

namespace refrain::tape {

// x [N,I], w [I,O], b [O] or absent -> [N,O].
Var linear(Tape& tape, Var x, Var w, Var b);

}  // namespace refrain::tape

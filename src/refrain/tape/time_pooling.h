// Shorter sequences: each window of consecutive steps becomes one step.
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// The steps of sequences of which each has ceil(length / window) steps left, in the same rows and
// batch order. Lives in the tape's arena. `window` 1 or more.
const tensor::Steps& shortened(Tape& tape, const tensor::Steps& steps, int window);

// x [N,F] -> [shorter.N,F]: the mean of each window; the last one averages the steps there are.
// `shorter` is what shortened() gave for the same window.
Var average_pool(Tape& tape, Var x, int window, const tensor::Steps& steps,
                 const tensor::Steps& shorter);

// x [N,F] -> [shorter.N,window*F]: the steps of each window side by side, the last ones repeated
// where a sequence ends within its window (segments, or patches: Nie et al. 2023).
Var side_by_side(Tape& tape, Var x, int window, const tensor::Steps& steps,
                 const tensor::Steps& shorter);

}  // namespace refrain::tape

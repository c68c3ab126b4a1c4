// Exponential smoothing of windows whose coefficients are learned (Holt 1957; Winters 1960; with a
// network: Smyl 2020). Of logarithms it is the multiplicative form.
//   level   L_t = a (x_t - S_t) + (1 - a) L_{t-1}
//   season  S_{t+m} = g (x_t - L_t) + (1 - g) S_t
// A missing value leaves both as they are. The season starts as the mean shape of the first two
// seasons; where a window has not as many steps, or m is 1, there is none.
#pragma once

#include "refrain/tape/tape.h"

namespace refrain::tape {

struct Smoothing {
  const real* values = nullptr;  // [B,window], NaN: missing, as before the first value
  int window = 1, horizon = 1, season = 1;
};

// Numbers [B,2], whose sigmoids are a and g -> [B, window + horizon]: the last level plus the
// season at each step of the window, and at each of the horizon.
Var smooth(Tape& tape, Var numbers, const Smoothing& options);

// x plus `factor` times the number of `from` at index[i], nothing where that is below 0. `index`
// [as x] must live until the tape has run back.
Var add_chosen(Tape& tape, Var x, Var from, const int* index, real factor);

}  // namespace refrain::tape

// Convolution over the steps of ragged sequences, stride 1: a step sees itself and its neighbours
// of the same sequence, zeros beyond its two ends, so that the length stays ("same"). A filter of
// width K looks at the steps t + (k - (K - 1) / 2) * dilation, k < K. A sequence gives the same
// bits in any batch. (Time-delay networks, Waibel et al. 1989; dilation, van den Oord et al. 2016.)
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// Filters of one width. Full: w [K*C,O], rows (tap, input channel), b [O]. Depthwise: w [K,C],
// b [C]. b may be absent.
struct Filters {
  Var w, b;
  int width = 1;  // K
  int dilation = 1;
};

constexpr int kMostFilters = 8;  // groups side by side

// x [N,C] -> [N, sum of O]: the results of `count` groups side by side. Throws shape where weights
// do not fit x or there are no or too many groups.
Var convolution(Tape& tape, Var x, const Filters* filters, int count, const tensor::Steps& steps);

// x [N,C] -> [N, count * C]: each channel with filters of its own (Chollet 2017).
Var depthwise_convolution(Tape& tape, Var x, const Filters* filters, int count,
                          const tensor::Steps& steps);

}  // namespace refrain::tape

// Depthwise convolution of rows that lie one after the other: each channel (column) has a filter of
// its own. The results' rows may lie anywhere. Nothing here allocates or throws. Results do not
// depend on how many rows are given at once.
#pragma once

#include <cstddef>

#include "refrain/base/real.h"

namespace refrain::kernels {

// y[index[r] * y_stride + c] = bias[c] + sum over k < taps of w[k * w_stride + c] * x[(r + k) * C +
// c], for r < rows and c < C. A negative w_stride takes the taps in reverse.
struct Depthwise {
  const real* x;  // [rows + taps - 1, C]
  int rows, taps, C;
  const real* w;
  std::ptrdiff_t w_stride;
  const real* bias;  // [C] or null
  real* y;
  std::ptrdiff_t y_stride;
  const int* index;         // [rows]
  bool accumulate = false;  // y += instead
};
void depthwise(const Depthwise& p);

// d_w[k * C + c] += sum over r of x[(r + k) * C + c] * d_y[r * C + c].
struct DepthwiseGradient {
  const real* x;  // [rows + taps - 1, C]
  int rows, taps, C;
  const real* d_y;  // [rows, C]
  real* d_w;        // [taps, C]
};
void depthwise_gradient(const DepthwiseGradient& p);

}  // namespace refrain::kernels

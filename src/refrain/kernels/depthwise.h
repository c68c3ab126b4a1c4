// Depthwise convolution over rows: each channel (column) has a filter of its own. The taps are rows
// that lie anywhere, so that the caller decides what "one step earlier" means. Nothing here
// allocates or throws. Results do not depend on how many rows are given at once.
#pragma once

#include <cstddef>

#include "refrain/base/real.h"

namespace refrain::kernels {

// y[r][c] = bias[c] + sum over k of w[k][c] * x[k][r * x_stride + c], for r < rows and c < C.
struct Depthwise {
  const real* const* x;  // [taps] where tap k's row 0 stands
  const real* const* w;  // [taps] of [C]
  int taps, rows, C;
  std::ptrdiff_t x_stride;
  const real* bias;  // [C] or null
  real* y;
  std::ptrdiff_t y_stride;
  bool accumulate = false;  // y += instead
};
void depthwise(const Depthwise& p);

// d_w[k][c] += sum over r of x[k][r * x_stride + c] * d_y[r * y_stride + c].
struct DepthwiseGradient {
  const real* const* x;  // [taps]
  real* const* d_w;      // [taps] of [C]
  int taps, rows, C;
  std::ptrdiff_t x_stride;
  const real* d_y;
  std::ptrdiff_t y_stride;
};
void depthwise_gradient(const DepthwiseGradient& p);

}  // namespace refrain::kernels

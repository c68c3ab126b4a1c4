// Layer normalisation of rows: forward and backward. Nothing here allocates or throws.
#pragma once

#include <cstddef>

#include "refrain/base/real.h"

namespace refrain::kernels {

// normal[F] = (x - mean) / sqrt(variance + epsilon) of one row; returns 1 / sqrt(variance +
// epsilon). `normal` may be x.
real normalise_row(const real* x, std::size_t F, real* normal,
                   real epsilon = static_cast<real>(1e-5));

// y[F] = normal * gain + bias
void scale_and_shift(const real* normal, const real* gain, const real* bias, std::size_t F,
                     real* y);

// One row's gradients: adds to d_x, d_gain, d_bias (each may be null). `normal` and `inverse` are
// what normalise_row gave.
struct NormaliseBackward {
  const real *d_y, *normal, *gain;
  real inverse;
  std::size_t F;
  real *d_x, *d_gain, *d_bias;
};
void normalise_row_backward(const NormaliseBackward& b);

}  // namespace refrain::kernels

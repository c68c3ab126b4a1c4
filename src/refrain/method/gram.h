// Products of tall matrices for the ridge classifier, on the float kernels but summed in double
// over runs of 256 columns, so that the small eigenvalues survive.
#pragma once

#include <vector>

#include "refrain/base/real.h"

namespace refrain::method {

// Rows of D values that lie one after another.
struct RowsOf {
  const real* x;
  int rows, columns;
};

// x x^T, [n,n].
std::vector<double> inner_products(const RowsOf& x, int threads);

// x w [n,C] of w [D,C].
std::vector<real> times(const RowsOf& x, const std::vector<real>& w, int C, int threads);

// x^T r [D,C] of r [n,C].
std::vector<real> transposed_times(const RowsOf& x, const std::vector<real>& r, int C, int threads);

}  // namespace refrain::method

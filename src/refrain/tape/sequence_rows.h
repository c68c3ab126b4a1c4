// For attention: the rows of one sequence as a matrix of their own, and products of such matrices.
#pragma once

#include <algorithm>

#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/product.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// Copies `columns` columns of a sequence's rows from a batch matrix [N,stride] to [L,columns],
// puts them there, or adds them.
struct Slice {
  real* matrix;
  int stride, column, columns;

  void gather(const tensor::Steps& s, int b, real* out) const {
    for (int t = 0; t < s.length[b]; ++t, out += columns) {
      std::copy_n(matrix + static_cast<std::ptrdiff_t>(s.row(t, b)) * stride + column, columns,
                  out);
    }
  }
  void put(const tensor::Steps& s, int b, const real* in) const {
    for (int t = 0; t < s.length[b]; ++t, in += columns) {
      std::copy_n(in, columns, matrix + static_cast<std::ptrdiff_t>(s.row(t, b)) * stride + column);
    }
  }
  void add_back(const tensor::Steps& s, int b, const real* in) const {
    for (int t = 0; t < s.length[b]; ++t, in += columns) {
      real* out = matrix + static_cast<std::ptrdiff_t>(s.row(t, b)) * stride + column;
      kernels::add(in, static_cast<std::size_t>(columns), out);
    }
  }
};

// c[M,N] = a[M,K] * b, with b [K,N] or, transposed, [N,K].
struct SmallProduct {
  real* packed;
  void run(const real* a, int M, int K, const real* b, int N, bool transposed, real* c) const {
    kernels::pack({b, K, N, transposed ? 1 : N, transposed ? K : 1}, packed);
    kernels::product({a, K, M, K, N, packed, nullptr, c, N});
  }
};

}  // namespace refrain::tape

// Matrix products of the sizes that recurrent networks need, on the micro-kernel of tile-inl.h.
// All matrices row-major; a stride is the distance of two rows in elements. Nothing here allocates
// or throws. Results do not depend on how many rows are given at once.
#pragma once

#include <cstddef>

#include "refrain/base/real.h"

namespace refrain::kernels {

// A weight matrix as the products want it: element (k, n) lies at data[k * k_stride + n *
// n_stride], so that a transposed matrix is packed by swapping the strides.
struct Weights {
  const real* data;
  int K, N;
  std::ptrdiff_t k_stride, n_stride;
};

std::size_t packed_size(int K, int N);            // elements of `packed`
void pack(const Weights& weights, real* packed);  // `packed` aligned to 64 bytes

// c[rows,N] = a[rows,K] * packed[K,N] (+ bias[N]) (+ c where accumulate).
struct Product {
  const real* a;
  std::ptrdiff_t a_stride;
  int rows, K, N;
  const real* packed;
  const real* bias;  // [N] or null
  real* c;
  std::ptrdiff_t c_stride;
  bool accumulate = false;
};
void product(const Product& p);

// c[Ka,Nb] += sum over m < rows of a[m]^T b[m]: the gradient of a weight matrix. Row m of a is
// a + (a_index[m] - index_base) * a_stride (a + m * a_stride where the index is null); the same for
// b.
struct OuterProduct {
  const real* a;
  std::ptrdiff_t a_stride;
  const int* a_index;
  const real* b;
  std::ptrdiff_t b_stride;
  const int* b_index;
  int rows, Ka, Nb;
  real* c;
  std::ptrdiff_t c_stride;
  std::ptrdiff_t index_base = 0;
};
void outer_product(const OuterProduct& p);

// sum[n] += sum over rows of a[row][n]
void add_column_sums(const real* a, std::ptrdiff_t stride, int rows, int N, real* sum);

}  // namespace refrain::kernels

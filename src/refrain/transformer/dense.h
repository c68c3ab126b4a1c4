// A dense layer y = x W + b with its weights packed for the products of kernels/product.h, in
// blocks of columns that threads can share. The bits of a row do not depend on the other rows nor
// on the number of threads.
#pragma once

#include <cstddef>
#include <vector>

#include "refrain/tensor/arena.h"

namespace refrain::transformer {

// Weights [N,K] as PyTorch has them, and N biases, several such side by side.
struct DensePart {
  const real* weight;
  const real* bias;
  int N;
};

class Dense {
 public:
  Dense() = default;
  // Packs the parts into the arena, whose memory must outlive the layer.
  Dense(const std::vector<DensePart>& parts, int K, tensor::Arena& arena);

  // out [rows,N] = in [rows,K] W + b
  void apply(const real* in, int rows, real* out, int threads) const;

  int inputs() const { return K_; }
  int outputs() const { return N_; }

 private:
  struct Block {
    const real* packed;
    int first, count;  // columns
  };
  int K_ = 0, N_ = 0;
  std::vector<Block> blocks_;
  const real* bias_ = nullptr;  // [N]
};

}  // namespace refrain::transformer

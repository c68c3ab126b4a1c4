#include "refrain/transformer/dense.h"

#include <algorithm>

#include "refrain/base/threads.h"
#include "refrain/kernels/product.h"

namespace refrain::transformer {
namespace {

constexpr int kBlock = 64;  // columns; a multiple of every panel's width

}  // namespace

Dense::Dense(const std::vector<DensePart>& parts, int K, tensor::Arena& arena) : K_(K) {
  for (const auto& part : parts) N_ += part.N;
  real* bias = arena.array<real>(static_cast<std::size_t>(N_));
  bias_ = bias;
  int column = 0;
  for (const auto& part : parts) {
    std::copy_n(part.bias, part.N, bias + column);
    for (int first = 0; first < part.N; first += kBlock) {
      const int count = std::min(kBlock, part.N - first);
      real* packed = arena.array<real>(kernels::packed_size(K, count));
      kernels::pack({part.weight + static_cast<std::ptrdiff_t>(first) * K, K, count, 1, K}, packed);
      blocks_.push_back({packed, column + first, count});
    }
    column += part.N;
  }
}

void Dense::apply(const real* in, int rows, real* out, int threads) const {
  const int count = static_cast<int>(blocks_.size()), shares = std::min(threads, count);
  base::parallel_for(shares, threads, [&](int share) {
    for (int i = count * share / shares; i < count * (share + 1) / shares; ++i) {
      const Block& block = blocks_[static_cast<std::size_t>(i)];
      kernels::product({.a = in,
                        .a_stride = K_,
                        .rows = rows,
                        .K = K_,
                        .N = block.count,
                        .packed = block.packed,
                        .bias = bias_ + block.first,
                        .c = out + block.first,
                        .c_stride = N_});
    }
  });
}

}  // namespace refrain::transformer

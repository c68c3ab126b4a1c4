#include "refrain/nn/targets.h"

#include <algorithm>

namespace refrain::nn {

const real* target_shares(const Context& context, int classes) {
  const data::Batch& batch = context.batch;
  if (!batch.mixed()) return nullptr;
  const tensor::Tensor shares = context.tape.arena().tensor({batch.B, classes});
  std::fill_n(shares.data, shares.count(), real{0});
  for (int b = 0; b < batch.B; ++b) {
    const auto at = static_cast<std::size_t>(b),
               partner = static_cast<std::size_t>(batch.partner[at]);
    shares.row(b)[batch.targets[at]] += batch.own[at];
    shares.row(b)[batch.targets[partner]] += real{1} - batch.own[at];
  }
  return shares.data;
}

}  // namespace refrain::nn

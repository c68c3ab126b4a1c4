#include "refrain/nn/targets.h"

#include <algorithm>
#include <span>

namespace refrain::nn {

namespace {

// out [C] += factor times the target at this place of the batch.
void add_target(const data::Batch& batch, int place, real factor, std::span<real> out) {
  const auto at = static_cast<std::size_t>(place);
  if (batch.shares.empty()) {
    out[static_cast<std::size_t>(batch.targets[at])] += factor;
    return;
  }
  const real* shares = batch.shares.data() + at * out.size();
  for (std::size_t c = 0; c < out.size(); ++c) out[c] += factor * shares[c];
}

}  // namespace

const real* target_shares(const Context& context, int classes) {
  const data::Batch& batch = context.batch;
  if (!batch.mixed()) return batch.shares.empty() ? nullptr : batch.shares.data();
  const tensor::Tensor all = context.tape.arena().tensor({batch.B, classes});
  std::fill_n(all.data, all.count(), real{0});
  for (int b = 0; b < batch.B; ++b) {
    const auto at = static_cast<std::size_t>(b);
    const std::span<real> row(all.row(b), static_cast<std::size_t>(classes));
    add_target(batch, b, batch.own[at], row);
    add_target(batch, batch.partner[at], real{1} - batch.own[at], row);
  }
  return all.data;
}

}  // namespace refrain::nn

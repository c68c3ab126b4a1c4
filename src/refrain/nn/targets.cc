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

real weight_at(const data::Batch& batch, int place) {
  return batch.weights.empty() ? real{1} : batch.weights[static_cast<std::size_t>(place)];
}

// Returns the weight of the pair at this place.
real pair_weight(const data::Batch& batch, int b) {
  const auto at = static_cast<std::size_t>(b);
  return batch.own[at] * weight_at(batch, b) +
         (real{1} - batch.own[at]) * weight_at(batch, batch.partner[at]);
}

}  // namespace

const real* target_weights(const Context& context) {
  const data::Batch& batch = context.batch;
  if (batch.weights.empty() || !batch.mixed()) {
    return batch.weights.empty() ? nullptr : batch.weights.data();
  }
  auto* out = context.tape.arena().array<real>(static_cast<std::size_t>(batch.B));
  for (int b = 0; b < batch.B; ++b) out[b] = pair_weight(batch, b);
  return out;
}

namespace {

// The part of a pair's target that comes from the sample at this place itself.
real own_part(const data::Batch& batch, int b) {
  const auto at = static_cast<std::size_t>(b);
  const real pair = pair_weight(batch, b);
  return pair > 0 ? batch.own[at] * weight_at(batch, b) / pair : batch.own[at];
}

}  // namespace

const real* target_values(const Context& context, int width) {
  const data::Batch& batch = context.batch;
  if (!batch.mixed()) return batch.values.data();
  const tensor::Tensor all = context.tape.arena().tensor({batch.B, width});
  for (int b = 0; b < batch.B; ++b) {
    const real own = own_part(batch, b);
    const auto first = static_cast<std::size_t>(b * width);
    const auto second =
        static_cast<std::size_t>(batch.partner[static_cast<std::size_t>(b)] * width);
    for (std::size_t k = 0; k < static_cast<std::size_t>(width); ++k) {
      all.row(b)[k] = own * batch.values[first + k] + (real{1} - own) * batch.values[second + k];
    }
  }
  return all.data;
}

const real* target_shares(const Context& context, int classes) {
  const data::Batch& batch = context.batch;
  if (!batch.mixed()) return batch.shares.empty() ? nullptr : batch.shares.data();
  const tensor::Tensor all = context.tape.arena().tensor({batch.B, classes});
  std::fill_n(all.data, all.count(), real{0});
  for (int b = 0; b < batch.B; ++b) {
    const auto at = static_cast<std::size_t>(b);
    const std::span<real> row(all.row(b), static_cast<std::size_t>(classes));
    const real own = own_part(batch, b);
    add_target(batch, b, own, row);
    add_target(batch, batch.partner[at], real{1} - own, row);
  }
  return all.data;
}

}  // namespace refrain::nn

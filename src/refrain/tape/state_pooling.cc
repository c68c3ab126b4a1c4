#include "refrain/tape/state_pooling.h"

#include <algorithm>

#include "refrain/kernels/elementwise.h"

namespace refrain::tape {

void StatePooling::prepare(tensor::Arena& arena) {
  const auto count = static_cast<std::size_t>(steps->B) * static_cast<std::size_t>(units);
  if (max != nullptr) winner = arena.array<real>(count);
}

void StatePooling::gather(int t, kernels::Block h) const {
  const auto H = static_cast<std::size_t>(units);
  for (int b = 0; b < steps->live[t]; ++b) {
    const real* state = h.data + b * h.stride;
    const std::ptrdiff_t out = steps->position[b] * stride;
    if (last != nullptr && ends(t, b)) std::copy_n(state, H, last + out);
    if (mean != nullptr) {
      if (starts(t, b)) std::fill_n(mean + out, H, real{0});
      kernels::add(state, H, mean + out);
    }
    if (max == nullptr) continue;
    real* won = winner + static_cast<std::ptrdiff_t>(b) * units;
    if (starts(t, b)) {
      std::copy_n(state, H, max + out);
      std::fill_n(won, H, static_cast<real>(t));
    } else {
      kernels::keep_largest({state, static_cast<real>(t), reverse}, H, max + out, won);
    }
  }
}

void StatePooling::finish() const {
  if (mean == nullptr) return;
  for (int b = 0; b < steps->B; ++b) {
    kernels::scale(1 / static_cast<real>(steps->length[b]), static_cast<std::size_t>(units),
                   mean + steps->position[b] * stride);
  }
}

void StatePooling::gradient(int t, kernels::MutableBlock d_h) const {
  const auto H = static_cast<std::size_t>(units);
  for (int b = 0; b < steps->live[t]; ++b) {
    real* d = d_h.data + b * d_h.stride;
    const std::ptrdiff_t in = steps->position[b] * stride;
    if (max != nullptr) {
      const real* won = winner + static_cast<std::ptrdiff_t>(b) * units;
      kernels::select_place(d_max + in, won, static_cast<real>(t), H, d);
    } else {
      std::fill_n(d, H, real{0});
    }
    if (mean != nullptr) {
      kernels::add_scaled(d_mean + in, 1 / static_cast<real>(steps->length[b]), H, d);
    }
    if (last != nullptr && ends(t, b)) kernels::add(d_last + in, H, d);
  }
}

}  // namespace refrain::tape

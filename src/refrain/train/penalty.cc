#include "refrain/train/penalty.h"

#include <cmath>

namespace refrain::train {

double add_penalty(const Penalty& penalty, const nn::ParamSet& params, real* d) {
  if (penalty.l1 == 0 && penalty.l2 == 0) return 0;
  const real l1 = static_cast<real>(penalty.l1), l2 = static_cast<real>(penalty.l2);
  double absolute = 0, square = 0;
  for (const auto& p : params.params()) {
    if (!p.weight || p.frozen) continue;
    const real* w = params.values().data() + p.offset;
    real* dw = d + p.offset;
    for (std::size_t i = 0; i < p.shape.count(); ++i) {
      absolute += std::abs(static_cast<double>(w[i]));
      square += static_cast<double>(w[i]) * static_cast<double>(w[i]);
      dw[i] += l2 * w[i] + (w[i] > 0 ? l1 : w[i] < 0 ? -l1 : real{0});
    }
  }
  return penalty.l1 * absolute + penalty.l2 / 2 * square;
}

}  // namespace refrain::train

#include "refrain/optim/clip.h"

#include <algorithm>
#include <cmath>

#include "refrain/kernels/elementwise.h"

namespace refrain::optim {

double clip_by_norm(double most, std::size_t n, real* d) {
  const double norm = std::sqrt(kernels::sum_of_squares(d, n));
  if (most > 0 && norm > most) kernels::scale(static_cast<real>(most / (norm + 1e-6)), n, d);
  return norm;
}

bool clip_by_value(double most, std::size_t n, real* d) {
  if (most <= 0) return false;
  const real limit = static_cast<real>(most);
  bool any = false;
  for (std::size_t i = 0; i < n; ++i) {
    any = any || d[i] > limit || d[i] < -limit;
    d[i] = std::clamp(d[i], -limit, limit);
  }
  return any;
}

}  // namespace refrain::optim

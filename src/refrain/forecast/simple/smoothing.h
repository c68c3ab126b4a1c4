// Simple exponential smoothing: l_t = l_{t-1} + alpha (y_t - l_{t-1}), whose last level is the
// forecast of all that follows.
#pragma once

#include <span>

namespace refrain::forecast {

struct Smoothing {
  double alpha = 0.9999;
  double first_level = 0;
  double last_level = 0;
};

// alpha in [0.0001, 0.9999] and the first level of least squared one-step error within `values`.
Smoothing smooth_best(std::span<const double> values);

}  // namespace refrain::forecast

// Histories for the tests of this layer.
#pragma once

#include <cmath>

#include "refrain/base/rng.h"
#include "refrain/data/history/history.h"

namespace refrain::forecast {

// `count` series with a season of 12 steps, a trend and noise.
inline data::Histories seasonal_histories(int count, int steps, double noise = 0.3) {
  data::Histories out;
  out.path = "made up";
  for (int s = 0; s < count; ++s) {
    data::History h;
    h.id = "s" + std::to_string(s);
    h.start = 1;
    base::Rng rng(static_cast<std::uint64_t>(s) + 1);
    const double level = 20 + 3 * s, size = 4 + 0.5 * s;
    for (int t = 0; t < steps; ++t) {
      const double season = size * std::sin(2 * 3.14159265358979 * (t + s) / 12.0);
      h.value.push_back(level + 0.05 * t + season + noise * rng.normal());
    }
    out.series.push_back(std::move(h));
  }
  return out;
}

}  // namespace refrain::forecast

// Simple methods of forecasting, each of one history by itself: what a network must beat. One more
// is one file and one line in simple.cc.
#pragma once

#include <span>
#include <vector>

#include "refrain/base/registry.h"

namespace refrain::forecast {

struct Wanted {
  int horizon = 1;
  std::vector<int> seasons;  // steps after which the series may repeat itself, shortest first

  int season() const { return seasons.empty() ? 1 : seasons.front(); }
};

struct SimpleMethod {
  // The next `horizon` values after `past`, whose values are all finite, at least one. A past that
  // is too short for the method gets what the nearest simpler one gives; every answer is finite.
  std::vector<double> (*forecast)(std::span<const double> past, const Wanted& wanted) = nullptr;
};

// naive, seasonal_naive, drift, mean, naive2, theta, ets, seasonal_ar.
const base::Registry<SimpleMethod>& simple_methods();

// Missing values (NaN) put in: between two values by the line, before the first and behind the last
// by the nearest one. At least one value must be there.
std::vector<double> without_gaps(std::span<const double> values);

}  // namespace refrain::forecast

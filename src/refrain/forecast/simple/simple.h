// Simple methods of forecasting: what a network must beat. Each continues one history by itself;
// some can learn from all histories together first. One more is one file and one line in simple.cc.
#pragma once

#include <span>
#include <vector>

#include "refrain/base/real.h"
#include "refrain/base/registry.h"

namespace refrain::forecast {

struct Wanted {
  int horizon = 1;
  std::vector<int> seasons;  // steps after which the series may repeat itself, shortest first

  int season() const { return seasons.empty() ? 1 : seasons.front(); }
};

// Histories that are learned from together. Values are finite, at least one of each series.
struct Lesson {
  struct Series {
    std::vector<double> values;
    int train = 0;              // values before this one are learned from
    std::vector<int> held_out;  // origins, not before `train`, whose errors choose the form
  };
  std::vector<Series> series;
  int window = 0;  // steps that are read; 0 = the held-out windows choose
  int threads = 1;
};

// The learned parameters, which a model file keeps. `real`, so that the file keeps every bit.
struct SharedFit {
  int window = 0;    // steps that are read
  double ridge = 0;  // with which the weights were found
  std::vector<real>
      weights;  // [window, horizon], oldest step first; empty: nothing could be learned
};

struct SimpleMethod {
  // The next `horizon` values after `past`, whose values are all finite, at least one. A past that
  // is too short for the method gets what the nearest simpler one gives; every answer is finite.
  std::vector<double> (*forecast)(std::span<const double> past, const Wanted& wanted) = nullptr;
  // Null for a method that looks at one history alone. `chosen`: the form (window, ridge) that is
  // kept; null = the held-out windows choose it.
  SharedFit (*learn)(const Lesson& lesson, const Wanted& wanted, const SharedFit* chosen) = nullptr;
  // Forecasts as `forecast` does, with the learned parameters.
  std::vector<double> (*forecast_learned)(std::span<const double> past, const Wanted& wanted,
                                          const SharedFit& fit) = nullptr;
  // For a method with a long search: forecasts from several origins, ascending, none beyond the end
  // of `values`. The search runs at the first origin; later ones keep its result and read the new
  // values. The first answer equals that of `forecast`. Null: the method has no such function.
  std::vector<std::vector<double>> (*along)(std::span<const double> values,
                                            std::span<const size_t> origins,
                                            const Wanted& wanted) = nullptr;
};

// naive, seasonal_naive, drift, mean, naive2, theta, ets, seasonal_ar, linear_window.
const base::Registry<SimpleMethod>& simple_methods();

// Missing values (NaN) put in: between two values by the line, before the first and behind the last
// by the nearest one. At least one value must be there.
std::vector<double> without_gaps(std::span<const double> values);

}  // namespace refrain::forecast

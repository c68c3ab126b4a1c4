// Functions that the operations on series share: choosing the stream, values between steps, smooth
// random curves. A missing value stays missing and a present value stays present: between a present
// and a missing value the nearer one counts.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "refrain/augment/operation.h"
#include "refrain/augment/pool.h"

namespace refrain::augment {

// The stream of the sample that this series is.
std::size_t stream_of(const data::Series& series, const data::Sample& sample);

// The channel's usual deviation (Pool::deviation) in this series' stream.
double deviation(const data::Series& series, const data::Sample& sample, const Draw& draw,
                 int channel);

// Between two steps: how much of the way to the second one. Of a place in [0, steps - 1].
struct Place {
  int left = 0, right = 0;
  float part = 0;
};
inline Place place_in(const data::Series& series, float place) {
  const int left = std::clamp(static_cast<int>(place), 0, series.steps - 1);
  const float part = place - static_cast<float>(left);
  if (part <= 0 || left + 1 >= series.steps) return {left, left, 0};
  return {left, left + 1, part};
}

// The value of a channel there; NaN where it is missing.
inline float value_at(const data::Series& series, const Place& place, int channel) {
  const float* values = series.values.data() + channel;
  const float a = values[static_cast<std::ptrdiff_t>(place.left) * series.channels];
  const float b = values[static_cast<std::ptrdiff_t>(place.right) * series.channels];
  if (std::isfinite(a) && std::isfinite(b)) return a * (1 - place.part) + b * place.part;
  return place.part < 0.5F ? a : b;
}

// Resamples the series at these places, each in [0, steps - 1], and the sample's tags where the
// series is its first stream; the new series has one step for each place. Values are interpolated
// linearly between neighbours; tags are those of the nearest step.
void take_at(const std::vector<float>& places, data::Series& series, data::Sample& sample);

// `count` places that divide [first, last] evenly.
std::vector<float> even_places(double first, double last, int count);

// A smooth curve [steps] through `knots` inner points and both ends, each of a normal distribution:
// the cubic of Catmull and Rom (1974).
std::vector<float> smooth_curve(base::Rng& rng, int knots, int steps, double mean, double sigma);

// The mean of a channel's present values; 0 where there is none.
double mean_of(const data::Series& series, int channel);

// A window of round(share * steps) steps, at least 1, at most all.
struct Window {
  int begin = 0, end = 0;
};
Window draw_window(base::Rng& rng, int steps, double share);

}  // namespace refrain::augment

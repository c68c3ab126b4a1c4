// Series as the simple methods want them: one run of values per channel, without gaps. Missing
// (or infinite) values are interpolated linearly between their neighbours, at the ends repeated; a
// channel of which nothing is known is zero, a series of no steps one step of zeros. All series
// streams of a sample together; one that is shorter than the first repeats its last step.
#pragma once

#include <vector>

#include "refrain/method/method.h"

namespace refrain::method {

struct Channels {
  int channels = 0, steps = 0;
  std::vector<float> values;  // [C,T]

  const float* operator[](int channel) const {
    return values.data() + static_cast<std::ptrdiff_t>(channel) * steps;
  }
  float* operator[](int channel) {
    return values.data() + static_cast<std::ptrdiff_t>(channel) * steps;
  }
};

// Throws data where there are no samples or where they differ in the number of channels.
std::vector<Channels> channels_of(const data::Subset& view, int threads);

int median_steps(const std::vector<Channels>& series);

// The series at `steps` equidistant places, by linear interpolation.
Channels resampled(const Channels& series, int steps);

// Each channel brought to mean 0 and deviation 1; one that is constant becomes 0.
Channels standardised(Channels series);

// x[t + 1] - x[t]; a series of one step stays.
Channels differences(const Channels& series);

}  // namespace refrain::method

// Recordings and series at another rate, by band-limited interpolation (Smith and Gossett 1984).
#pragma once

#include "refrain/data/sample.h"

namespace refrain::data {

// `ratio` > 0 times as many samples, the sound as it was: round(ratio * n), at least 1 where n
// >= 1. Throws usage for ratios beyond 1/256 and 256.
std::vector<float> resample(const std::vector<float>& samples, double ratio);

// The recording at `rate` samples a second; as it is where that is its rate.
Sound at_rate(const Sound& sound, int rate);

// The series with `ratio` times as many steps. Each channel is resampled as its difference from the
// straight line between its ends, so that a level or a trend makes no edges; missing values are
// bridged for that and are missing afterwards.
Series at_ratio(const Series& series, double ratio);

}  // namespace refrain::data

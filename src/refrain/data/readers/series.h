// What several readers of series do with the values they have read.
#pragma once

#include <vector>

#include "refrain/data/sample.h"

namespace refrain::data {

// A series as its cells stand in the file, [T,F] in double precision: `levels` are subtracted
// before the values become single precision.
struct RawSeries {
  int steps = 0;
  int channels = 0;
  std::vector<double> values;
};

// Takes off the steps at the end that hold no value in any channel. With `keeps_gaps` a series
// without any value stays as long as it is.
void cut_padding(RawSeries& series, bool keeps_gaps = false);

// What to subtract of each channel so that single precision keeps its changes, [F]: the median
// where it is large and the changes are small, else 0; empty where it is 0 in all channels. The
// series have the same channels.
std::vector<double> levels(const std::vector<RawSeries>& series);

// In single precision, less the levels (none where they are empty).
Series less_levels(const RawSeries& series, const std::vector<double>& levels);

}  // namespace refrain::data

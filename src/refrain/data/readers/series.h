// Shared by the readers of series: checks and converts the values that they have read.
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

// Returns a level [F] for each channel, which is subtracted so that single precision keeps the
// changes: the median where it is large and the changes are small, else 0; empty if all are 0. The
// series have the same channels.
std::vector<double> levels(const std::vector<RawSeries>& series);

// Converts to single precision after subtracting the levels (none if empty).
Series less_levels(const RawSeries& series, const std::vector<double>& levels);

}  // namespace refrain::data

// The season of one series: does it have one, and how high does each of its steps lie? As in the
// benchmarks of the M4 competition (Makridakis, Spiliotis, Assimakopoulos 2020). Values are finite.
#pragma once

#include <span>
#include <vector>

namespace refrain::forecast {

// The autocorrelation at lag `season` exceeds 1.645 sqrt((1 + 2 r_1^2 + ... + 2 r_{season-1}^2) /
// n). False for a series shorter than three seasons, for a constant one and for season < 2.
bool is_seasonal(std::span<const double> values, int season);

struct SeasonalIndices {
  bool multiplicative = true;  // all values are positive; else the indices are added
  // The index of step t is at t % size, t counted from the first value; the mean is 1 (added: 0).
  // Empty: no season.
  std::vector<double> of_step;

  double of(size_t t) const;
  double without(double value, size_t t) const;  // value / index or value - index
  double with(double value, size_t t) const;     // its inverse
};

// Classical decomposition: the values against their moving average centred on them, averaged for
// each step of the season. Empty where fewer than two seasons of values are there.
SeasonalIndices seasonal_indices(std::span<const double> values, int season);
// Added indices even where all values are positive.
SeasonalIndices added_indices(std::span<const double> values, int season);

// seasonal_indices where is_seasonal holds, else none.
SeasonalIndices tested_indices(std::span<const double> values, int season);

std::vector<double> without_season(std::span<const double> values, const SeasonalIndices& indices);

// The mean of |y_t - y_{t-season}| within the series, the scale of MASE; lag 1 where the series is
// not longer than `season`. 0 for a constant series and for a single value. Always finite.
double seasonal_naive_error(std::span<const double> past, int season);

}  // namespace refrain::forecast

// Naive2 and the theta method as the benchmarks of the M4 competition had them (Assimakopoulos,
// Nikolopoulos 2000; Makridakis, Spiliotis, Assimakopoulos 2020).
#include <algorithm>

#include "refrain/forecast/simple/methods.h"
#include "refrain/forecast/simple/season.h"
#include "refrain/forecast/simple/smoothing.h"
#include "refrain/forecast/simple/time_line.h"

namespace refrain::forecast {
namespace {

// Half theta line 0, the line of time, half theta line 2, smoothed: it bends twice as far from the
// line as the series does.
std::vector<double> theta_lines(std::span<const double> values, int horizon) {
  const TimeLine line = time_line(values);
  std::vector<double> bent;
  for (size_t t = 0; t < values.size(); ++t) bent.push_back(2 * values[t] - line.at(double(t)));
  const double level = smooth_best(bent).last_level;
  std::vector<double> out;
  for (int h = 0; h < horizon; ++h) out.push_back((level + line.at(double(values.size()) + h)) / 2);
  return out;
}

}  // namespace

std::vector<double> naive2_forecast(std::span<const double> past, const Wanted& wanted) {
  const SeasonalIndices indices = tested_indices(past, wanted.season());
  const size_t n = past.size();
  const double last = indices.without(past.back(), n - 1);
  std::vector<double> out;
  for (size_t h = 0; h < size_t(wanted.horizon); ++h) out.push_back(indices.with(last, n + h));
  return out;
}

std::vector<double> theta_forecast(std::span<const double> past, const Wanted& wanted) {
  const SeasonalIndices indices = tested_indices(past, wanted.season());
  std::vector<double> out = theta_lines(without_season(past, indices), wanted.horizon);
  // As in the competition, forecasts of a series without negative values are not negative.
  const bool never_negative =
      std::all_of(past.begin(), past.end(), [](double v) { return v >= 0; });
  for (size_t h = 0; h < out.size(); ++h) {
    if (never_negative) out[h] = std::max(out[h], 0.0);
    out[h] = indices.with(out[h], past.size() + h);
    if (never_negative) out[h] = std::max(out[h], 0.0);
  }
  return out;
}

}  // namespace refrain::forecast

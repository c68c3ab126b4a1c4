#include "refrain/data/readers/series.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace refrain::data {
namespace {

constexpr std::size_t kSampled = 10'000;  // values that tell a channel's level
constexpr double kFine = 1e-3;  // of a channel's deviation: float32 must be finer than that

// At most about kSampled finite values of a channel, evenly taken.
std::vector<double> values_of(const std::vector<RawSeries>& series, std::size_t channel) {
  std::size_t steps = 0;
  for (const auto& one : series) steps += static_cast<std::size_t>(one.steps);
  const std::size_t stride = 1 + steps / kSampled;
  std::vector<double> out;
  std::size_t step = 0;
  for (const auto& one : series) {
    const auto width = static_cast<std::size_t>(one.channels);
    for (std::size_t t = channel; t < one.values.size(); t += width) {
      if (step++ % stride == 0 && std::isfinite(one.values[t])) out.push_back(one.values[t]);
    }
  }
  return out;
}

// The value below which this share of the values lies; it changes their order.
double quantile(std::vector<double>& values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

double level_of(std::vector<double> values) {
  if (values.empty()) return 0;
  const double middle = quantile(values, 0.5);
  const double quarters = quantile(values, 0.75) - quantile(values, 0.25);
  double square = 0;
  for (const double value : values) square += (value - middle) * (value - middle);
  double spread = std::sqrt(square / static_cast<double>(values.size()));
  if (spread == 0) return 0;
  if (quarters > 0) spread = std::min(spread, quarters / 1.35);  // a few far values are no changes
  const auto single = static_cast<float>(std::fabs(middle));
  const double coarse = std::nextafter(single, std::numeric_limits<float>::infinity()) - single;
  return std::isfinite(coarse) && coarse > kFine * spread ? middle : 0;
}

}  // namespace

void cut_padding(RawSeries& series, bool keeps_gaps) {
  const auto last = std::find_if(series.values.rbegin(), series.values.rend(),
                                 [](double value) { return !std::isnan(value); });
  const bool kept = keeps_gaps && last == series.values.rend();
  const auto used = static_cast<int>(kept ? series.values.rend() - series.values.rbegin()
                                          : series.values.rend() - last);
  series.steps = series.channels == 0 ? 0 : (used + series.channels - 1) / series.channels;
  series.values.resize(static_cast<std::size_t>(series.steps) *
                       static_cast<std::size_t>(series.channels));
}

std::vector<double> levels(const std::vector<RawSeries>& series) {
  const int channels = series.empty() ? 0 : series.front().channels;
  std::vector<double> out;
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
    out.push_back(level_of(values_of(series, c)));
  }
  const bool none = std::all_of(out.begin(), out.end(), [](double level) { return level == 0; });
  return none ? std::vector<double>() : out;
}

Series less_levels(const RawSeries& series, const std::vector<double>& levels) {
  Series out{series.steps, series.channels, {}};
  out.values.reserve(series.values.size());
  const auto width = static_cast<std::size_t>(series.channels);
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const double level = levels.empty() ? 0 : levels[i % width];
    out.values.push_back(static_cast<float>(series.values[i] - level));
  }
  return out;
}

}  // namespace refrain::data

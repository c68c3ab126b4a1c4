#include "refrain/data/resample.h"

#include <fmt/format.h>
#include <samplerate.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"

namespace refrain::data {

std::vector<float> resample(const std::vector<float>& samples, double ratio) {
  if (src_is_valid_ratio(ratio) == 0) {
    throw Error(Code::kUsage, fmt::format("cannot make {:.3g} times as many samples", ratio),
                "keep sample rates within a factor of 256");
  }
  if (samples.empty()) return {};
  const double wanted = std::max(1.0, std::round(ratio * static_cast<double>(samples.size())));
  std::vector<float> out(static_cast<std::size_t>(wanted));
  SRC_DATA data{};
  data.data_in = samples.data();
  data.data_out = out.data();
  data.input_frames = static_cast<long>(samples.size());
  data.output_frames = static_cast<long>(out.size());
  data.src_ratio = ratio;
  const int error = src_simple(&data, SRC_SINC_MEDIUM_QUALITY, 1);
  if (error != 0) throw Error(Code::kInternal, src_strerror(error));
  return out;  // the end, which the filter does not reach, stays 0
}

Sound at_rate(const Sound& sound, int rate) {
  if (sound.rate == rate) return sound;
  return {rate, resample(sound.samples, static_cast<double>(rate) / sound.rate)};
}

namespace {

// One channel without gaps: a missing value becomes the one before it, or the first known one.
// Returns which were missing.
std::vector<bool> bridge(std::vector<float>& values) {
  std::vector<bool> missing;
  missing.reserve(values.size());
  for (const float v : values) missing.push_back(std::isnan(v));
  const auto first = std::find(missing.begin(), missing.end(), false);
  float known =
      first == missing.end() ? 0.0F : values[static_cast<std::size_t>(first - missing.begin())];
  for (std::size_t t = 0; t < values.size(); ++t) {
    if (missing[t]) values[t] = known;
    known = values[t];
  }
  return missing;
}

std::vector<float> channel_at_ratio(std::vector<float> values, double ratio) {
  const std::vector<bool> missing = bridge(values);
  const std::size_t n = values.size();
  const double from = values.front();
  const double rise = n > 1 ? (values.back() - from) / static_cast<double>(n - 1) : 0;
  for (std::size_t t = 0; t < n; ++t) {
    values[t] = static_cast<float>(values[t] - from - rise * static_cast<double>(t));
  }
  std::vector<float> out = resample(values, ratio);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / ratio;
    out[i] = static_cast<float>(out[i] + from + rise * t);
    if (missing[std::min(n - 1, static_cast<std::size_t>(std::lround(t)))]) out[i] = std::nanf("");
  }
  return out;
}

}  // namespace

Series at_ratio(const Series& series, double ratio) {
  if (ratio == 1 || series.steps == 0) return series;
  Series out{0, series.channels, {}};
  const auto C = static_cast<std::size_t>(series.channels);
  for (std::size_t c = 0; c < C; ++c) {
    std::vector<float> values;
    for (std::size_t i = c; i < series.values.size(); i += C) values.push_back(series.values[i]);
    const auto resampled = channel_at_ratio(std::move(values), ratio);
    out.steps = static_cast<int>(resampled.size());
    out.values.resize(resampled.size() * C);
    for (std::size_t t = 0; t < resampled.size(); ++t) out.values[t * C + c] = resampled[t];
  }
  return out;
}

}  // namespace refrain::data

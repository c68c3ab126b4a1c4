#include "refrain/method/channel_scale.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace refrain::method {
namespace {

using Size = std::size_t;
constexpr int kMostChannels = 9;

}  // namespace

void ChannelScale::fit(const std::vector<Channels>& training) {
  const auto channels = static_cast<Size>(training.front().channels);
  mean_.assign(channels, 0);
  scale_.assign(channels, 1);
  for (Size c = 0; c < channels; ++c) {
    double sum = 0, squares = 0, count = 0;
    for (const auto& series : training) {
      const float* x = series[static_cast<int>(c)];
      for (int t = 0; t < series.steps; ++t) {
        sum += static_cast<double>(x[t]);
        squares += static_cast<double>(x[t]) * static_cast<double>(x[t]);
      }
      count += series.steps;
    }
    const double mean = sum / count, variance = squares / count - mean * mean;
    mean_[c] = static_cast<float>(mean);
    if (variance > 1e-12 * (1 + mean * mean))
      scale_[c] = static_cast<float>(1 / std::sqrt(variance));
  }
}

Channels ChannelScale::of(const Channels& series) const {
  Channels out = series;
  for (int c = 0; c < out.channels; ++c) {
    const float mean = mean_[static_cast<Size>(c)], scale = scale_[static_cast<Size>(c)];
    for (int t = 0; t < out.steps; ++t) out[c][t] = (out[c][t] - mean) * scale;
  }
  return out;
}

void ChannelScale::archive(Archive& file) {
  file.list("channel_mean", mean_);
  file.list("channel_scale", scale_);
  file.require(!mean_.empty() && mean_.size() == scale_.size());
}

std::vector<int> some_channels(int channels, base::Rng rng) {
  const double most = std::log2(std::min(channels, kMostChannels) + 1.0);
  const int count = std::clamp(static_cast<int>(std::exp2(rng.uniform(0, most))), 1, channels);
  std::vector<int> list(static_cast<Size>(channels));
  std::iota(list.begin(), list.end(), 0);
  rng.shuffle(list);
  list.resize(static_cast<Size>(count));
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace refrain::method

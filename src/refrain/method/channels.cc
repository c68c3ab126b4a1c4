#include "refrain/method/channels.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/threads.h"

namespace refrain::method {
namespace {

// Steps after `last` up to `next`, both known.
void fill_between(float* x, int last, int next) {
  for (int t = last + 1; t < next; ++t) {
    const float share = static_cast<float>(t - last) / static_cast<float>(next - last);
    x[t] = x[last] + share * (x[next] - x[last]);
  }
}

void fill_gaps(float* x, int steps) {
  int last = -1;
  for (int t = 0; t < steps; ++t) {
    if (!std::isfinite(x[t])) continue;
    if (last < 0) {
      std::fill(x, x + t, x[t]);
    } else {
      fill_between(x, last, t);
    }
    last = t;
  }
  std::fill(x + last + 1, x + steps, last < 0 ? 0.0F : x[last]);
}

Channels from_sample(const data::Sample& sample) {
  Channels out;
  for (const auto& stream : sample.streams) {
    const auto* series = std::get_if<data::Series>(&stream);
    if (series == nullptr) continue;
    if (out.channels == 0) out.steps = std::max(1, series->steps);
    out.channels += series->channels;
    for (int c = 0; c < series->channels; ++c) {
      for (int t = 0; t < out.steps; ++t) {
        const auto at = static_cast<std::size_t>(std::min(t, series->steps - 1)) *
                        static_cast<std::size_t>(series->channels);
        out.values.push_back(series->steps == 0 ? 0.0F
                                                : series->values[at + static_cast<std::size_t>(c)]);
      }
    }
  }
  for (int c = 0; c < out.channels; ++c) fill_gaps(out[c], out.steps);
  return out;
}

}  // namespace

std::vector<Channels> channels_of(const data::Subset& view, int threads) {
  if (view.chosen.empty()) throw Error(Code::kData, "no samples");
  std::vector<Channels> out(view.chosen.size());
  base::parallel_for(view.size(), threads,
                     [&](int i) { out[static_cast<std::size_t>(i)] = from_sample(view[i]); });
  for (const auto& series : out) {
    if (series.channels == out.front().channels && series.channels > 0) continue;
    throw Error(Code::kData, "samples differ in the number of channels: " +
                                 std::to_string(out.front().channels) + " and " +
                                 std::to_string(series.channels));
  }
  return out;
}

int median_steps(const std::vector<Channels>& series) {
  std::vector<int> steps;
  for (const auto& s : series) steps.push_back(s.steps);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

Channels resampled(const Channels& series, int steps) {
  if (series.steps == steps) return series;
  Channels out{series.channels, steps, {}};
  out.values.resize(static_cast<std::size_t>(series.channels) * static_cast<std::size_t>(steps));
  const double stride = steps > 1 ? static_cast<double>(series.steps - 1) / (steps - 1) : 0.0;
  for (int c = 0; c < series.channels; ++c) {
    for (int t = 0; t < steps; ++t) {
      const double place = t * stride;
      const int left = std::min(static_cast<int>(place), series.steps - 1);
      const int right = std::min(left + 1, series.steps - 1);
      const auto share = static_cast<float>(place - left);
      out[c][t] = series[c][left] + share * (series[c][right] - series[c][left]);
    }
  }
  return out;
}

Channels differences(const Channels& series) {
  if (series.steps < 2) return series;
  Channels out{series.channels, series.steps - 1, {}};
  for (int c = 0; c < series.channels; ++c) {
    for (int t = 1; t < series.steps; ++t) out.values.push_back(series[c][t] - series[c][t - 1]);
  }
  return out;
}

Channels standardised(Channels series) {
  for (int c = 0; c < series.channels; ++c) {
    double mean = 0, squares = 0;
    for (int t = 0; t < series.steps; ++t) mean += static_cast<double>(series[c][t]) / series.steps;
    for (int t = 0; t < series.steps; ++t) {
      squares += std::pow(static_cast<double>(series[c][t]) - mean, 2);
    }
    const double deviation = std::sqrt(squares / series.steps);
    const double factor = deviation > 1e-6 * (1 + std::abs(mean)) ? 1 / deviation : 0;
    for (int t = 0; t < series.steps; ++t) {
      series[c][t] = static_cast<float>(factor * (static_cast<double>(series[c][t]) - mean));
    }
  }
  return series;
}

}  // namespace refrain::method

#include "refrain/augment/series/steps.h"

#include <algorithm>
#include <cmath>

namespace refrain::augment {

using data::Sample;
using data::Series;

std::size_t stream_of(const Series& series, const Sample& sample) {
  for (std::size_t s = 0; s < sample.streams.size(); ++s) {
    if (std::get_if<Series>(&sample.streams[s]) == &series) return s;
  }
  return 0;
}

double deviation(const Series& series, const Sample& sample, const Draw& draw, int channel) {
  const auto& list = draw.pool.deviation(stream_of(series, sample));
  const auto at = static_cast<std::size_t>(channel);
  return at < list.size() ? list[at] : 1;
}

void take_at(const std::vector<float>& places, Series& series, Sample& sample) {
  Series out{static_cast<int>(places.size()), series.channels, {}};
  out.values.resize(places.size() * static_cast<std::size_t>(series.channels));
  float* to = out.values.data();
  for (const float place : places) {
    const Place from = place_in(series, place);
    for (int c = 0; c < series.channels; ++c) *to++ = value_at(series, from, c);
  }
  const bool tagged = !sample.tags.empty() && stream_of(series, sample) == 0 &&
                      sample.tags.size() == static_cast<std::size_t>(series.steps);
  if (tagged) {
    std::vector<std::string> tags;
    for (const float place : places) {
      const int nearest = std::clamp(static_cast<int>(place + 0.5F), 0, series.steps - 1);
      tags.push_back(sample.tags[static_cast<std::size_t>(nearest)]);
    }
    sample.tags = std::move(tags);
  }
  series = std::move(out);
}

std::vector<float> even_places(double first, double last, int count) {
  std::vector<float> places;
  places.reserve(static_cast<std::size_t>(count));
  const double by = count > 1 ? (last - first) / (count - 1) : 0;
  for (int i = 0; i < count; ++i) {
    places.push_back(static_cast<float>(std::min(first + by * i, last)));
  }
  return places;
}

std::vector<float> smooth_curve(base::Rng& rng, int knots, int steps, double mean, double sigma) {
  std::vector<double> points;
  for (int i = 0; i < knots + 2; ++i) points.push_back(mean + sigma * rng.normal());
  const int last = knots + 1;
  const auto point = [&](int i) {
    return points[static_cast<std::size_t>(std::clamp(i, 0, last))];
  };
  std::vector<float> curve;
  curve.reserve(static_cast<std::size_t>(steps));
  const double scale = steps > 1 ? static_cast<double>(last) / (steps - 1) : 0;
  for (int t = 0; t < steps; ++t) {
    const int i = std::min(static_cast<int>(t * scale), last - 1);
    const double u = t * scale - i;
    const double a = point(i - 1), b = point(i), c = point(i + 1), d = point(i + 2);
    curve.push_back(static_cast<float>(
        b + u / 2 * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)))));
  }
  return curve;
}

double mean_of(const Series& series, int channel) {
  double sum = 0, count = 0;
  for (auto at = static_cast<std::size_t>(channel); at < series.values.size();
       at += static_cast<std::size_t>(series.channels)) {
    if (!std::isfinite(series.values[at])) continue;
    sum += static_cast<double>(series.values[at]);
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

Window draw_window(base::Rng& rng, int steps, double share) {
  const int length = std::clamp(static_cast<int>(std::lround(share * steps)), 1, steps);
  const int begin = static_cast<int>(rng.below(static_cast<std::uint64_t>(steps - length) + 1));
  return {begin, begin + length};
}

}  // namespace refrain::augment

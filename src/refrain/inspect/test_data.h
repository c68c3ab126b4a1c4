// Small data sets for the tests of this layer.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/inspect/finding.h"
#include "refrain/inspect/profile.h"

namespace refrain::inspect {

// Noisy waves of `channels` channels around 10 times the channel's number, two classes.
inline data::Dataset waves(const std::string& path, int samples, int channels, int seed) {
  data::Dataset d;
  d.path = path, d.format = "memory", d.has_labels = true;
  data::StreamInfo info{"series", data::StreamKind::kSeries, channels, {}};
  for (int c = 0; c < channels; ++c)
    info.channel_names.push_back(std::string(1, static_cast<char>('a' + c)));
  d.streams.push_back(info);
  for (int i = 0; i < samples; ++i) {
    base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork(std::to_string(i));
    data::Sample s;
    s.id = std::to_string(i + 1), s.line = i + 1, s.label = i % 2 == 0 ? "x" : "y";
    data::Series series{40, channels, {}};
    const double phase = rng.uniform(0, 6);
    for (int t = 0; t < 40; ++t) {
      for (int c = 0; c < channels; ++c) {
        series.values.push_back(
            static_cast<float>(10 * c + (c + 1) * std::sin(0.3 * t + phase) + 0.3 * rng.normal()));
      }
    }
    s.streams.emplace_back(std::move(series));
    d.samples.push_back(std::move(s));
  }
  return d;
}

inline data::Series& series_of(data::Dataset& d, int sample) {
  return std::get<data::Series>(d.samples[static_cast<std::size_t>(sample)].streams[0]);
}

// Changes every value of a channel.
template <class Change>
void change_channel(data::Dataset& d, int channel, const Change& change) {
  for (std::size_t i = 0; i < d.samples.size(); ++i) {
    data::Series& s = series_of(d, static_cast<int>(i));
    for (int t = 0; t < s.steps; ++t) {
      float& x = s.values[static_cast<std::size_t>(t * s.channels + channel)];
      x = change(x);
    }
  }
}

inline data::Dataset texts(const std::string& path, const std::vector<std::string>& lines) {
  data::Dataset d;
  d.path = path, d.format = "memory", d.has_labels = true;
  d.streams.push_back({"text", data::StreamKind::kText, 0, {}});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    data::Sample s;
    s.id = std::to_string(i + 1), s.line = static_cast<std::int64_t>(i + 1);
    s.label = i % 2 == 0 ? "x" : "y";
    s.streams.emplace_back(lines[i]);
    d.samples.push_back(std::move(s));
  }
  return d;
}

inline Profile profile_of(const data::Dataset& d) {
  Profile out;
  out.add(d);
  return out;
}

// The checks that were found, in their order.
inline std::vector<std::string> checks_of(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const auto& f : findings) out.push_back(f.check);
  return out;
}

}  // namespace refrain::inspect

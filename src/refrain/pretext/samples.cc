#include "refrain/pretext/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "refrain/base/error.h"
#include "refrain/data/front_end.h"
#include "refrain/data/reader.h"
#include "refrain/data/resample.h"
#include "refrain/data/streams.h"

namespace refrain::pretext {
namespace {

using data::Dataset;
using data::Sample;
using data::Series;
using data::StreamInfo;

void require_series(const Dataset& d) {
  if (d.samples.empty()) throw Error(Code::kData, d.path + " has no samples", "name another file");
  if (d.streams.size() != 1) {
    throw Error(Code::kData,
                fmt::format("{} has {} streams, and a source reads one", d.path, d.streams.size()),
                "leave --streams out");
  }
  if (d.streams.front().kind == data::StreamKind::kSeries) return;
  throw Error(Code::kData, d.path + " has texts, no series",
              "a language model is trained on plain text: leave --objective out");
}

bool are_named(const std::vector<Dataset>& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [](const Dataset& d) { return !d.streams.front().channel_names.empty(); });
}

// The names of all parts, in the order in which they come.
std::vector<std::string> union_of_names(const std::vector<Dataset>& parts) {
  std::vector<std::string> names;
  for (const Dataset& d : parts) {
    for (const auto& name : d.streams.front().channel_names) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

// Values [T,C] with each channel at its place among all; what a file lacks is missing.
void spread_channels(Series& series, const std::vector<int>& place, int channels) {
  std::vector<float> out(
      static_cast<std::size_t>(series.steps) * static_cast<std::size_t>(channels),
      std::numeric_limits<float>::quiet_NaN());
  for (int t = 0; t < series.steps; ++t) {
    for (int c = 0; c < series.channels; ++c) {
      out[static_cast<std::size_t>(t) * static_cast<std::size_t>(channels) +
          static_cast<std::size_t>(place[static_cast<std::size_t>(c)])] =
          series.values[static_cast<std::size_t>(t) * static_cast<std::size_t>(series.channels) +
                        static_cast<std::size_t>(c)];
    }
  }
  series.values = std::move(out);
  series.channels = channels;
}

void join_by_names(std::vector<Dataset>& parts, StreamInfo& form) {
  form.channel_names = union_of_names(parts);
  form.channels = static_cast<int>(form.channel_names.size());
  for (Dataset& d : parts) {
    std::vector<int> place;
    for (const auto& name : d.streams.front().channel_names) {
      const auto at = std::find(form.channel_names.begin(), form.channel_names.end(), name);
      place.push_back(static_cast<int>(at - form.channel_names.begin()));
    }
    for (Sample& s : d.samples) {
      spread_channels(std::get<Series>(s.streams.front()), place, form.channels);
    }
  }
}

void require_equal_channels(const std::vector<Dataset>& parts) {
  const Dataset& first = parts.front();
  for (const Dataset& d : parts) {
    if (d.streams.front().channels == first.streams.front().channels) continue;
    throw Error(Code::kData,
                fmt::format("{} has {} channels and {} has {}, not all with names", first.path,
                            first.streams.front().channels, d.path, d.streams.front().channels),
                "take each channel as a series of its own: --channels apart");
  }
}

// Each channel of a sample as a sample; they share a group.
std::vector<Sample> channels_of(const Sample& sample) {
  const auto& all = std::get<Series>(sample.streams.front());
  std::vector<Sample> out;
  for (int c = 0; c < all.channels; ++c) {
    Sample one = sample;
    one.recording = nullptr;
    Series series{all.steps, 1, {}};
    for (int t = 0; t < all.steps; ++t) {
      series.values.push_back(
          all.values[static_cast<std::size_t>(t) * static_cast<std::size_t>(all.channels) +
                     static_cast<std::size_t>(c)]);
    }
    one.streams = {std::move(series)};
    if (all.channels > 1) one.id += fmt::format("/{}", c + 1);
    out.push_back(std::move(one));
  }
  return out;
}

void take_labels(Collected& out) {
  std::map<std::string, int> known;
  for (const Sample& s : out.dataset.samples) known.emplace(s.label, 0);
  int next = 0;
  for (auto& [label, number] : known) {
    number = next++;
    out.classes.push_back(label);
  }
  for (const Sample& s : out.dataset.samples) out.label.push_back(known.at(s.label));
  if (out.classes.size() > 1) return;
  throw Error(Code::kData, "all samples have one label", "choose another --objective");
}

}  // namespace

Collected join(std::vector<Dataset> parts, bool apart, bool labels) {
  Collected out;
  out.apart = apart;
  for (const Dataset& d : parts) require_series(d);
  StreamInfo form = parts.front().streams.front();
  const bool several = parts.size() > 1;
  if (apart) {
    form.channels = 1;
    form.channel_names.clear();
    form.places.clear();
  } else if (several && are_named(parts)) {
    join_by_names(parts, form);
  } else if (several) {
    require_equal_channels(parts);
  }
  Dataset& all = out.dataset;
  all.path = parts.front().path;
  all.streams = {form};
  all.has_labels = labels;
  if (!several) all.offset = parts.front().offset;
  if (apart) all.offset.clear();
  for (Dataset& d : parts) {
    for (Sample& sample : d.samples) {
      Sample s = std::move(sample);
      if (s.group.empty()) s.group = s.id;
      if (several) {
        s.group = d.path + ": " + s.group;
        s.label = d.path + ": " + s.label;
      }
      s.source = -1;
      if (apart) {
        auto channels = channels_of(s);
        std::move(channels.begin(), channels.end(), std::back_inserter(all.samples));
      } else {
        all.samples.push_back(std::move(s));
      }
    }
  }
  if (labels) take_labels(out);
  return out;
}

std::vector<double> parse_rates(const std::string& list, std::size_t files) {
  std::vector<double> rates;
  for (std::size_t begin = 0; begin <= list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    double rate = 0;
    const auto [stop, code] = std::from_chars(list.data() + begin, list.data() + end, rate);
    if (code != std::errc() || stop != list.data() + end || !(rate > 0) || !std::isfinite(rate)) {
      throw Error(Code::kUsage,
                  fmt::format("--rates: '{}' is no rate", list.substr(begin, end - begin)),
                  "write a positive number for each file, with commas between: 500,250");
    }
    rates.push_back(rate);
    begin = end + 1;
  }
  if (rates.size() == files) return rates;
  throw Error(Code::kUsage,
              fmt::format("--rates lists {}, and the files are {}", rates.size(), files),
              "write one for each file, in their order");
}

void settle_rates(std::vector<Dataset>& parts, const std::vector<double>& rates) {
  const double lowest = *std::min_element(rates.begin(), rates.end());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    require_series(parts[i]);
    for (Sample& sample : parts[i].samples) {
      auto& series = std::get<Series>(sample.streams.front());
      series = data::at_ratio(series, lowest / rates[i]);
    }
  }
}

Collected collect(const std::vector<std::string>& paths, PretextSpec& spec, bool labels,
                  const base::Log& log) {
  std::vector<Dataset> parts;
  std::vector<double> rates;
  if (!spec.objective.rates.empty()) rates = parse_rates(spec.objective.rates, paths.size());
  for (const auto& path : paths) {
    parts.push_back(labels ? data::read_labelled(path, spec.read, log)
                           : data::read(path, spec.read, log));
    if (labels) data::require_labels(parts.back());
    if (!rates.empty() && data::has_any(parts.back().streams, data::StreamKind::kSound)) {
      throw Error(Code::kUsage, path + " holds recordings, which tell their rates themselves",
                  "leave --rates out");
    }
    data::hear(parts.back(), spec.features.sound, false);
  }
  if (!rates.empty()) settle_rates(parts, rates);
  return join(std::move(parts), spec.objective.channels == "apart", labels);
}

}  // namespace refrain::pretext

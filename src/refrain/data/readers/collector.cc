#include "refrain/data/readers/collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "refrain/base/error.h"
#include "refrain/data/streams.h"

namespace refrain::data {

Collector::Collector(const Source& source, StreamKind kind)
    : path_(source.path),
      needs_labels_(source.expected == nullptr || source.expected->labelled),
      problems_(source.path),
      expected_(source.expected) {
  dataset_.streams.push_back({kind == StreamKind::kText ? "text" : "series", kind, 0, {}});
}

void Collector::add(Sample sample) {
  if (sample.id.empty()) sample.id = std::to_string(dataset_.samples.size() + 1);
  if (sample.label == "?" || sample.label == "NaN") sample.label.clear();
  dataset_.samples.push_back(std::move(sample));
}

void Collector::add(Sample sample, std::string text) {
  sample.streams.emplace_back(std::move(text));
  add(std::move(sample));
}

void Collector::add(Sample sample, RawSeries series) {
  series_.push_back(std::move(series));
  add(std::move(sample));
}

void Collector::name_source(const std::string& id) {
  if (!id.empty()) sources_.emplace_back(dataset_.samples.size() - 1, id);
}

void Collector::name_channels(std::vector<std::string> names) {
  dataset_.streams[0].channel_names = std::move(names);
}

namespace {

RawSeries turned(const RawSeries& s) {
  RawSeries out{s.channels, s.steps, {}};
  for (int c = 0; c < s.channels; ++c) {
    for (int t = 0; t < s.steps; ++t) {
      out.values.push_back(s.values[static_cast<std::size_t>(t * s.channels + c)]);
    }
  }
  return out;
}

// Whether the outer lists have one size in all samples and are the more likely channels.
bool channels_first(const std::vector<RawSeries>& samples) {
  const RawSeries& first = samples.front();
  bool same_outer = true, same_inner = true;
  for (const auto& series : samples) {
    same_outer = same_outer && series.steps == first.steps;
    same_inner = same_inner && series.channels == first.channels;
  }
  return same_outer && (!same_inner || first.steps < first.channels);
}

}  // namespace

void Collector::settle_layout(const std::string& layout) {
  if (series_.empty()) return;
  const bool turn = layout == "channels" || (layout == "auto" && channels_first(series_));
  dataset_.series_layout = turn ? "channels" : "steps";
  if (!turn) return;
  for (auto& series : series_) series = turned(series);
}

void Collector::check_labels() {
  const auto& samples = dataset_.samples;
  const auto labelled = [](const Sample& sample) { return !sample.label.empty(); };
  dataset_.has_labels = std::any_of(samples.begin(), samples.end(), labelled);
  if (!dataset_.has_labels || !needs_labels_) return;
  for (const auto& sample : samples) {
    if (!labelled(sample)) problems_.add(sample.line, 0, "no label, though other rows have one");
  }
}

void Collector::check_series() {
  int& channels = dataset_.streams[0].channels;
  std::int64_t first_line = 0;
  for (std::size_t i = 0; i < series_.size(); ++i) {
    const RawSeries& series = series_[i];
    const std::int64_t line = dataset_.samples[i].line;
    if (series.steps == 0) {
      problems_.add(line, 0, "empty series");
    } else if (channels == 0) {
      channels = series.channels;
      first_line = line;
    } else if (series.channels != channels) {
      problems_.add(
          line, 0,
          fmt::format("{} channels, but line {} has {}", series.channels, first_line, channels));
    }
  }
}

void Collector::find_sources() {
  if (sources_.empty()) return;
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < dataset_.samples.size(); ++i) {
    places.emplace(dataset_.samples[i].id, i);
  }
  for (const auto& [sample, id] : sources_) {
    const auto found = places.find(id);
    if (found == places.end() || found->second == sample) continue;
    dataset_.samples[sample].source = static_cast<std::int64_t>(found->second);
  }
}

// A later file is read as the training file was.
void Collector::settle_precision() {
  if (series_.empty()) return;
  const bool trained = expected_ != nullptr && !expected_->streams.empty();
  auto& offset = dataset_.offset;
  offset = trained ? offset_like(expected_->streams, expected_->offset, dataset_.streams[0])
                   : levels(series_);
  if (static_cast<int>(offset.size()) != dataset_.streams[0].channels) offset.clear();
  for (std::size_t i = 0; i < series_.size(); ++i) {
    dataset_.samples[i].streams.emplace_back(less_levels(series_[i], offset));
    series_[i] = {};
  }
}

Dataset Collector::finish(const std::string& hint) {
  check_labels();
  check_series();
  problems_.throw_if_any(hint);
  if (dataset_.samples.empty()) {
    throw Error(Code::kData, fmt::format("{}: no data after the header", path_),
                "give a file with at least one sample");
  }
  find_sources();
  settle_precision();
  return std::move(dataset_);
}

}  // namespace refrain::data

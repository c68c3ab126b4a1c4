#include "refrain/data/readers/collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "refrain/base/error.h"
#include "refrain/data/streams.h"

namespace refrain::data {

void remark_on_blanks(std::int64_t words, Dataset& dataset) {
  if (words == 0) return;
  dataset.remarks.push_back(
      fmt::format("{}: {} word{} held blanks, which were read as no-break spaces (U+00A0)",
                  dataset.path, words, words == 1 ? "" : "s"));
}

Collector::Collector(const Source& source, StreamKind kind)
    : Collector(source, {{kind == StreamKind::kText ? "text" : "series", kind, 0, {}}}) {}

Collector::Collector(const Source& source, std::vector<StreamInfo> streams)
    : path_(source.path),
      needs_labels_(source.expected == nullptr || source.expected->labelled),
      problems_(source.path),
      series_(streams.size()),
      expected_(source.expected) {
  dataset_.streams = std::move(streams);
  dataset_.path = path_;
}

void Collector::add(Sample sample) {
  if (sample.id.empty()) sample.id = std::to_string(dataset_.samples.size() + 1);
  if (sample.label == "?" || sample.label == "NaN") sample.label.clear();
  dataset_.samples.push_back(std::move(sample));
}

void Collector::set_streams(std::vector<StreamInfo> streams) {
  series_.resize(streams.size());
  dataset_.streams = std::move(streams);
}

void Collector::add(Sample sample, std::string text) {
  sample.streams.emplace_back(std::move(text));
  add(std::move(sample));
}

void Collector::add(Sample sample, RawSeries series) {
  sample.streams.emplace_back(Series{});  // until finish()
  series_[0].push_back(std::move(series));
  add(std::move(sample));
}

void Collector::add(Sample sample, std::vector<RawValue> streams) {
  for (std::size_t s = 0; s < streams.size(); ++s) {
    if (auto* series = std::get_if<RawSeries>(&streams[s])) {
      sample.streams.emplace_back(Series{});
      series_[s].push_back(std::move(*series));
    } else {
      sample.streams.emplace_back(std::move(std::get<std::string>(streams[s])));
    }
  }
  add(std::move(sample));
}

void Collector::name_source(const std::string& id) {
  if (!id.empty()) sources_.emplace_back(dataset_.samples.size() - 1, id);
}

void Collector::place_tags(std::vector<std::int64_t> lines) {
  tags_.lines.resize(dataset_.samples.size());
  tags_.lines.back() = std::move(lines);
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

// True if the outer lists have one size in all samples and are the more likely channels.
bool channels_first(const std::vector<RawSeries>& samples) {
  const RawSeries& first = samples.front();
  bool same_outer = true, same_inner = true;
  for (const auto& series : samples) {
    same_outer = same_outer && series.steps == first.steps;
    same_inner = same_inner && series.channels == first.channels;
  }
  return same_outer && (!same_inner || first.steps < first.channels);
}

// True if some series has as many tags as each of its outer lists has values, and another number of
// outer lists.
bool tags_run_inside(const std::vector<Sample>& samples, const std::vector<RawSeries>& series) {
  for (std::size_t i = 0; i < series.size(); ++i) {
    const auto tags = static_cast<int>(samples[i].tags.size());
    if (tags > 0 && tags != series[i].steps) return tags > 1 && tags == series[i].channels;
  }
  return false;
}

// Some series has as many tags as outer lists.
bool tags_run_outside(const std::vector<Sample>& samples, const std::vector<RawSeries>& series) {
  for (std::size_t i = 0; i < series.size(); ++i) {
    const auto tags = static_cast<int>(samples[i].tags.size());
    if (tags > 0 && tags != series[i].channels) return tags == series[i].steps;
  }
  return false;
}

}  // namespace

void Collector::settle_layout(const std::string& layout) {
  std::vector<std::vector<RawSeries>*> turnable;
  for (auto& list : series_) {
    const auto is_one = [](const RawSeries& series) { return series.channels <= 1; };
    const bool line = series_.size() > 1 && std::all_of(list.begin(), list.end(), is_one);
    if (!list.empty() && !line) turnable.push_back(&list);
  }
  if (turnable.empty()) return;
  const auto likely = [&](const std::vector<RawSeries>* list) {
    if (tags_run_outside(dataset_.samples, *list)) return false;
    return tags_run_inside(dataset_.samples, *list) || channels_first(*list);
  };
  const bool turn = layout == "channels" ||
                    (layout == "auto" && std::all_of(turnable.begin(), turnable.end(), likely));
  dataset_.series_layout = turn ? "channels" : "steps";
  if (!turn) return;
  for (auto* list : turnable) {
    for (auto& series : *list) series = turned(series);
  }
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

// The steps of the first stream, or its words, which stand with one blank between.
std::size_t Collector::places(std::size_t sample) const {
  if (!series_[0].empty()) return static_cast<std::size_t>(series_[0][sample].steps);
  const auto& text = std::get<std::string>(dataset_.samples[sample].streams[0]);
  const auto blanks = static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));
  return text.empty() ? 0 : blanks + 1;
}

void Collector::check_tags() {
  const auto& samples = dataset_.samples;
  const auto tagged = [](const Sample& sample) { return !sample.tags.empty(); };
  if (std::none_of(samples.begin(), samples.end(), tagged)) return;
  dataset_.has_tags = true;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::size_t tags = samples[i].tags.size(), wanted = places(i);
    if (tags == wanted) continue;
    dataset_.has_tags = false;
    if (tags > 0) {
      problems_.add(samples[i].line, 0,
                    fmt::format("{} tag{} for {} {}", tags, tags == 1 ? "" : "s", wanted,
                                series_[0].empty() ? "words" : "steps"));
    } else if (needs_labels_ && !dataset_.has_labels) {
      problems_.add(samples[i].line, 0, "no tags, though other rows have them");
    }
  }
}

void Collector::check_series(std::size_t stream) {
  int& channels = dataset_.streams[stream].channels;
  const std::string of =
      series_.size() > 1 ? fmt::format("stream '{}': ", dataset_.streams[stream].name) : "";
  std::int64_t first_line = 0;
  for (std::size_t i = 0; i < series_[stream].size(); ++i) {
    const RawSeries& series = series_[stream][i];
    const std::int64_t line = dataset_.samples[i].line;
    if (series.steps == 0) {
      problems_.add(line, 0, of + "empty series");
    } else if (channels == 0) {
      channels = series.channels;
      first_line = line;
    } else if (series.channels != channels) {
      problems_.add(line, 0,
                    fmt::format("{}{} channels, but line {} has {}", of, series.channels,
                                first_line, channels));
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

// Returns the offsets that are subtracted from the channels of all streams, side by side; empty if
// there are none.
std::vector<double> Collector::offsets() const {
  const auto& streams = dataset_.streams;
  if (expected_ != nullptr && !expected_->streams.empty()) {
    if (streams.size() == 1) {
      return offset_like(expected_->streams, expected_->offset, streams.front());
    }
    const bool fits = static_cast<int>(expected_->offset.size()) == channels_of(streams);
    return fits ? expected_->offset : std::vector<double>();
  }
  std::vector<double> out;
  bool any = false;
  for (std::size_t s = 0; s < streams.size(); ++s) {
    if (series_[s].empty()) continue;
    auto own = levels(series_[s]);
    any = any || !own.empty();
    own.resize(static_cast<std::size_t>(streams[s].channels));
    out.insert(out.end(), own.begin(), own.end());
  }
  return any ? out : std::vector<double>();
}

// A later file is read as the training file was.
void Collector::settle_precision() {
  dataset_.offset = offsets();
  const auto& offset = dataset_.offset;
  auto first = offset.begin();
  for (std::size_t s = 0; s < series_.size(); ++s) {
    if (series_[s].empty()) continue;
    std::vector<double> own;
    if (!offset.empty()) {
      own.assign(first, first + dataset_.streams[s].channels);
      first += dataset_.streams[s].channels;
    }
    for (std::size_t i = 0; i < series_[s].size(); ++i) {
      dataset_.samples[i].streams[s] = less_levels(series_[s][i], own);
      series_[s][i] = {};
    }
  }
}

Dataset Collector::finish(const std::string& hint) {
  check_labels();
  for (std::size_t s = 0; s < series_.size(); ++s) check_series(s);
  check_tags();
  problems_.throw_if_any(hint);
  if (dataset_.samples.empty()) {
    throw Error(Code::kData, fmt::format("{}: no data after the header", path_),
                "give a file with at least one sample");
  }
  find_sources();
  settle_tags(tags_, dataset_);
  settle_precision();
  return std::move(dataset_);
}

}  // namespace refrain::data

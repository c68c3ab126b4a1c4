#include "refrain/data/matching.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/data/readers/trained_columns.h"
#include "refrain/data/streams.h"

namespace refrain::data {
namespace {

Series with_channels(const Series& series, const std::vector<int>& places) {
  Series out{series.steps, static_cast<int>(places.size()), {}};
  out.values.reserve(static_cast<std::size_t>(series.steps) * places.size());
  for (int t = 0; t < series.steps; ++t) {
    for (const int c : places) {
      out.values.push_back(series.values[static_cast<std::size_t>(t * series.channels + c)]);
    }
  }
  return out;
}

// Only where both have names for all of their channels.
void match_channels(const Expected& expected, Dataset& dataset) {
  if (divided(expected.streams)) return divide_like(expected.streams, dataset);
  if (expected.streams.size() != 1 || dataset.streams.size() != 1) return;
  const StreamInfo& trained = expected.streams.front();
  StreamInfo& now = dataset.streams.front();
  if (trained.kind != StreamKind::kSeries || now.kind != StreamKind::kSeries) return;
  if (trained.channel_names.empty() || now.channel_names.empty()) return;
  const std::vector<std::string> names = now.channel_names;
  if (names == trained.channel_names) return;
  const auto places = channel_places(trained.channel_names, dataset);
  for (auto& sample : dataset.samples) {
    auto& series = std::get<Series>(sample.streams.front());
    series = with_channels(series, places);
  }
  now.channels = static_cast<int>(places.size());
  now.channel_names = trained.channel_names;
  if (!dataset.offset.empty()) dataset.offset = expected.offset;
  std::vector<std::string> fresh;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::find(places.begin(), places.end(), static_cast<int>(i)) == places.end()) {
      fresh.push_back(names[i]);
    }
  }
  if (fresh.empty()) return;
  dataset.remarks.push_back(fmt::format("{} {} {} not there in training: left out",
                                        fresh.size() == 1 ? "channel" : "channels",
                                        list_columns(fresh), fresh.size() == 1 ? "was" : "were"));
}

// True if no stream of the sample holds anything.
bool holds_nothing(const Sample& sample) {
  return std::all_of(sample.streams.begin(), sample.streams.end(), [](const Value& value) {
    const auto* series = std::get_if<Series>(&value);
    return series != nullptr && std::all_of(series->values.begin(), series->values.end(),
                                            [](float x) { return std::isnan(x); });
  });
}

void remark_on_gaps(Dataset& dataset) {
  std::vector<std::int64_t> lines;
  for (const auto& sample : dataset.samples) {
    if (holds_nothing(sample)) lines.push_back(sample.line);
  }
  if (lines.empty()) return;
  constexpr std::size_t kNamed = 10;
  const std::string more = lines.size() > kNamed ? ", ..." : "";
  const std::size_t count = lines.size();
  lines.resize(std::min(count, kNamed));
  dataset.remarks.push_back(
      fmt::format("{} of {} samples hold{} no value (line{} {}{}): what is said of {} rests on the "
                  "gaps alone",
                  count, dataset.samples.size(), count == 1 ? "s" : "", count == 1 ? "" : "s",
                  fmt::join(lines, ", "), more, count == 1 ? "it" : "them"));
}

// A label that was looked for by usual names may be another column than in training.
void remark_on_label(const Expected& expected, Dataset& dataset) {
  const std::string& now = dataset.columns.label;
  const std::string& before = expected.columns.label;
  if (now.empty() || before.empty() || lower(now) == lower(before)) return;
  dataset.remarks.push_back(fmt::format("labels are read from {}; in training they were in {}",
                                        shown(now), shown(before)));
}

}  // namespace

void match(const Expected& expected, const ReadSpec& spec, Dataset& dataset) {
  match_channels(expected, dataset);
  remark_on_new_columns(expected, dataset);
  if (expected.labelled && spec.target.empty()) remark_on_label(expected, dataset);
  remark_on_gaps(dataset);
}

}  // namespace refrain::data

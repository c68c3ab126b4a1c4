#include "refrain/data/matching.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/data/readers/trained_columns.h"

namespace refrain::data {
namespace {

// The channels of `trained` among those that are there, by name.
std::vector<int> channel_places(const std::vector<std::string>& trained, const Dataset& dataset) {
  const auto& names = dataset.streams.front().channel_names;
  std::vector<int> places;
  std::vector<std::string> lacking, fresh;
  for (const auto& name : trained) {
    auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      found = std::find_if(names.begin(), names.end(),
                           [&](const std::string& n) { return lower(n) == lower(name); });
    }
    places.push_back(static_cast<int>(found - names.begin()));
    if (found == names.end()) lacking.push_back(name);
  }
  if (lacking.empty()) return places;
  for (const auto& name : names) {
    if (std::find(trained.begin(), trained.end(), name) == trained.end()) fresh.push_back(name);
  }
  throw Error(
      Code::kData,
      fmt::format("{}: {} of the training data {} not there: {}{}", dataset.path,
                  lacking.size() == 1 ? "a channel" : "channels",
                  lacking.size() == 1 ? "is" : "are", list_columns(lacking),
                  fresh.empty() ? ""
                                : fmt::format("; new {} {}", fresh.size() == 1 ? "is" : "are",
                                              list_columns(fresh))),
      "name the channels as in training, in any order");
}

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

bool holds_nothing(const Sample& sample) {
  const auto* series = std::get_if<Series>(&sample.streams.front());
  return series != nullptr && std::all_of(series->values.begin(), series->values.end(),
                                          [](float value) { return std::isnan(value); });
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

#include "refrain/data/streams.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <numeric>

#include "refrain/base/error.h"
#include "refrain/base/nearest.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr const char* kExample =
    "write for example --streams 'accelerometer=ax,ay,az; gyroscope=4-6'";

bool matches_pattern(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, from = 0;
  while (n < name.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n]) && pattern[p] != '*') {
      ++p, ++n;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool read_number(std::string_view text, int& out) {
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  return code == std::errc() && stop == text.data() + text.size() && !text.empty();
}

// The place of a channel by its name, or else without regard to case; -1 where there is none.
int place_by_name(const std::vector<std::string>& names, const std::string& name) {
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    found = std::find_if(names.begin(), names.end(),
                         [&](const std::string& n) { return lower(n) == lower(name); });
  }
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

// Reads --streams for a series of these channels.
class Division {
 public:
  explicit Division(const Dataset& dataset)
      : path_(dataset.path),
        names_(dataset.streams.front().channel_names),
        channels_(dataset.streams.front().channels) {}

  std::vector<StreamInfo> read(const std::string& text) {
    std::string_view rest = text;
    while (!rest.empty()) {
      const auto part = trim(take_until(rest, ';'));
      if (!part.empty()) add(part);
    }
    if (out_.empty()) refuse("--streams names no stream", kExample);
    return std::move(out_);
  }

 private:
  [[noreturn]] static void refuse(const std::string& what, const std::string& hint) {
    throw Error(Code::kUsage, what, hint);
  }

  void add(std::string_view part) {
    if (part.find('=') == std::string_view::npos) {
      refuse(fmt::format("--streams: {} has no name", shown(part)), kExample);
    }
    StreamInfo info;
    info.name = trim(take_until(part, '='));
    if (!is_stream_name(info.name)) {
      refuse(fmt::format("--streams: {} is no name of a stream", shown(info.name)),
             "a name is letters, digits and _, and begins with a letter");
    }
    for (const auto& earlier : out_) {
      if (lower(earlier.name) != lower(info.name)) continue;
      refuse(fmt::format("--streams: two streams are called '{}'", info.name),
             "give each its own name");
    }
    name_ = info.name;
    while (!part.empty()) add_channels(trim(take_until(part, ',')), info);
    if (info.places.empty()) {
      refuse(fmt::format("--streams: the stream '{}' has no channels", info.name), kExample);
    }
    info.channels = static_cast<int>(info.places.size());
    out_.push_back(std::move(info));
  }

  void add_channels(std::string_view word, StreamInfo& info) {
    if (word.empty()) return;
    const int named = place_by_name(names_, std::string(word));
    if (named >= 0) return add_channel(named + 1, info);
    int first = 0, last = 0;
    if (read_number(word, first)) return add_channel(first, info);
    const std::size_t dash = word.find('-');
    if (dash != std::string_view::npos && read_number(trim(word.substr(0, dash)), first) &&
        read_number(trim(word.substr(dash + 1)), last)) {
      return add_range(word, first, last, info);
    }
    bool any = false;
    for (std::size_t c = 0; word.find_first_of("*?") != word.npos && c < names_.size(); ++c) {
      if (!matches_pattern(word, names_[c])) continue;
      any = true;
      add_channel(static_cast<int>(c) + 1, info);
    }
    if (!any) refuse_unknown(word);
  }

  void add_range(std::string_view word, int first, int last, StreamInfo& info) {
    if (last < first) {
      refuse(fmt::format("--streams: the range {} runs backwards", shown(word)),
             "write the smaller number first");
    }
    for (const int end : {first, last}) check_number(end);
    for (int c = first; c <= last; ++c) add_channel(c, info);
  }

  void check_number(int number) const {
    if (number >= 1 && number <= channels_) return;
    refuse(fmt::format("--streams: {} has no channel {}: they are numbered from 1 to {}", path_,
                       number, channels_),
           names_.empty() ? kExample : "its channels are " + list_columns(names_));
  }

  void add_channel(int number, StreamInfo& info) {
    check_number(number);
    const std::string name = names_.empty() ? std::to_string(number)
                                            : shown(names_[static_cast<std::size_t>(number - 1)]);
    if (std::find(info.places.begin(), info.places.end(), number) != info.places.end()) {
      refuse(fmt::format("--streams: the stream '{}' has channel {} twice", info.name, name),
             "name each channel once");
    }
    for (const auto& earlier : out_) {
      const auto& places = earlier.places;
      if (std::find(places.begin(), places.end(), number) == places.end()) continue;
      refuse(fmt::format("--streams: channel {} is in two streams, '{}' and '{}'", name,
                         earlier.name, info.name),
             "name each channel once");
    }
    info.places.push_back(number);
    if (!names_.empty()) info.channel_names.push_back(names_[static_cast<std::size_t>(number - 1)]);
  }

  [[noreturn]] void refuse_unknown(std::string_view word) const {
    if (names_.empty()) {
      refuse(fmt::format("--streams: the channels of {} have no names, so {} is none of them",
                         path_, shown(word)),
             fmt::format("name them by their numbers, 1 to {}", channels_));
    }
    const std::string best = base::nearest(word, names_);
    refuse(fmt::format("--streams: {} has no channel {} (stream '{}'); its channels are {}", path_,
                       shown(word), name_, list_columns(names_)),
           best.empty() ? "name them as they are in the file, or by their numbers from 1"
                        : fmt::format("did you mean '{}'?", best));
  }

  const std::string& path_;
  const std::vector<std::string>& names_;
  int channels_;
  std::string name_;
  std::vector<StreamInfo> out_;
};

Series channels_at(const Series& series, const std::vector<int>& places) {
  Series out{series.steps, static_cast<int>(places.size()), {}};
  out.values.reserve(static_cast<std::size_t>(series.steps) * places.size());
  for (int t = 0; t < series.steps; ++t) {
    const auto* row = series.values.data() + static_cast<std::ptrdiff_t>(t) * series.channels;
    for (const int place : places) out.values.push_back(row[place - 1]);
  }
  return out;
}

// Keeps only the columns that are read, for a table with one column per channel: a later file needs
// no others.
void keep_columns(const std::vector<StreamInfo>& streams, Dataset& dataset) {
  auto& values = dataset.columns.values;
  if (values.empty() || values != dataset.streams.front().channel_names) return;
  std::vector<std::string> kept;
  for (const auto& stream : streams) {
    for (const int place : stream.places) {
      kept.push_back(values[static_cast<std::size_t>(place - 1)]);
    }
  }
  values = std::move(kept);
}

// Cuts the series into streams by StreamInfo::places, which lie within the channels.
void cut(const std::vector<StreamInfo>& streams, Dataset& dataset) {
  std::vector<double> offset;
  for (const auto& stream : streams) {
    for (const int place : stream.places) {
      if (!dataset.offset.empty())
        offset.push_back(dataset.offset[static_cast<std::size_t>(place - 1)]);
    }
  }
  dataset.offset = std::move(offset);
  keep_columns(streams, dataset);
  for (auto& sample : dataset.samples) {
    const Series whole = std::get<Series>(std::move(sample.streams.front()));
    sample.streams.clear();
    for (const auto& stream : streams) {
      sample.streams.emplace_back(channels_at(whole, stream.places));
    }
  }
  dataset.streams = streams;
}

std::string channel_list(const StreamInfo& stream) {
  if (!stream.channel_names.empty()) return list_columns(stream.channel_names);
  return fmt::format("{}", fmt::join(stream.places, ", "));
}

void remark_on_division(const StreamInfo& whole, Dataset& dataset) {
  std::vector<char> used(static_cast<std::size_t>(whole.channels));
  std::string list;
  for (const auto& stream : dataset.streams) {
    list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", stream.name, channel_list(stream));
    for (const int place : stream.places) used[static_cast<std::size_t>(place - 1)] = 1;
  }
  StreamInfo rest;
  for (std::size_t c = 0; c < used.size(); ++c) {
    if (used[c] != 0) continue;
    rest.places.push_back(static_cast<int>(c) + 1);
    if (!whole.channel_names.empty()) rest.channel_names.push_back(whole.channel_names[c]);
  }
  dataset.remarks.push_back(fmt::format(
      "streams: {}{}", list, rest.places.empty() ? "" : "; left out: " + channel_list(rest)));
}

void require_series(const Dataset& dataset) {
  if (dataset.streams.size() > 1) {
    throw Error(Code::kUsage,
                fmt::format("{}: its samples have several streams already, which --streams cannot "
                            "divide",
                            dataset.path),
                "leave --streams out");
  }
  if (dataset.streams.front().kind == StreamKind::kSeries) return;
  const bool text = dataset.streams.front().kind == StreamKind::kText;
  throw Error(Code::kUsage,
              fmt::format("{}: --streams divides the channels of series, and these are {}",
                          dataset.path, text ? "texts" : "recordings"),
              text ? "leave --streams out; several columns of text are --text-column title,body"
                   : "leave --streams out");
}

bool named(const std::vector<StreamInfo>& streams) {
  return std::all_of(streams.begin(), streams.end(),
                     [](const StreamInfo& s) { return !s.channel_names.empty(); });
}

// Where in a file the channels of training stand, counted from 1, 0 where one is not there: by
// name, else by number.
std::vector<int> trained_places(const std::vector<StreamInfo>& trained, const StreamInfo& now) {
  const bool by_name = named(trained) && !now.channel_names.empty();
  std::vector<int> out;
  for (const auto& stream : trained) {
    for (int c = 0; c < stream.channels; ++c) {
      const auto at = static_cast<std::size_t>(c);
      const int number = stream.places.empty() ? c + 1 : stream.places[at];
      out.push_back(by_name ? place_by_name(now.channel_names, stream.channel_names[at]) + 1
                            : (number <= now.channels ? number : 0));
    }
  }
  return out;
}

}  // namespace

bool is_stream_name(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), fits);
}

void divide(const std::string& text, Dataset& dataset) {
  require_series(dataset);
  const StreamInfo whole = dataset.streams.front();
  const auto streams = Division(dataset).read(text);
  cut(streams, dataset);
  remark_on_division(whole, dataset);
}

bool divided(const std::vector<StreamInfo>& streams) {
  return !streams.empty() && std::all_of(streams.begin(), streams.end(),
                                         [](const StreamInfo& s) { return !s.places.empty(); });
}

std::vector<int> channel_places(const std::vector<std::string>& trained, const Dataset& dataset) {
  const auto& names = dataset.streams.front().channel_names;
  std::vector<int> places;
  std::vector<std::string> lacking, fresh;
  for (const auto& name : trained) {
    const int place = place_by_name(names, name);
    places.push_back(place);
    if (place < 0) lacking.push_back(name);
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

void divide_like(const std::vector<StreamInfo>& trained, Dataset& dataset) {
  if (dataset.streams.size() != 1 || dataset.streams.front().kind != StreamKind::kSeries) return;
  const StreamInfo& now = dataset.streams.front();
  if (named(trained) && !now.channel_names.empty()) {
    std::vector<std::string> names;
    for (const auto& stream : trained) {
      names.insert(names.end(), stream.channel_names.begin(), stream.channel_names.end());
    }
    channel_places(names, dataset);  // throws
  }
  const auto places = trained_places(trained, now);
  if (std::find(places.begin(), places.end(), 0) != places.end()) {
    int highest = 0;
    for (const auto& stream : trained) {
      highest = std::max(highest, *std::max_element(stream.places.begin(), stream.places.end()));
    }
    throw Error(Code::kData,
                fmt::format("{}: channel {} was read in training, and these series have {}",
                            dataset.path, highest, now.channels),
                "give series with the channels of the training data");
  }
  std::vector<StreamInfo> streams = trained;
  auto next = places.begin();
  for (auto& stream : streams) {
    stream.places.assign(next, next + stream.channels);
    next += stream.channels;
  }
  cut(streams, dataset);
  dataset.streams = trained;
}

std::vector<double> offset_like(const std::vector<StreamInfo>& trained,
                                const std::vector<double>& offset, const StreamInfo& now) {
  if (offset.empty() || now.kind != StreamKind::kSeries) return {};
  std::vector<double> out(static_cast<std::size_t>(now.channels));
  const auto places = trained_places(trained, now);
  for (std::size_t c = 0; c < std::min(places.size(), offset.size()); ++c) {
    if (places[c] > 0) out[static_cast<std::size_t>(places[c] - 1)] = offset[c];
  }
  return out;
}

bool are_all(const std::vector<StreamInfo>& streams, StreamKind kind) {
  return std::all_of(streams.begin(), streams.end(),
                     [kind](const StreamInfo& stream) { return stream.kind == kind; });
}

bool has_any(const std::vector<StreamInfo>& streams, StreamKind kind) {
  return std::any_of(streams.begin(), streams.end(),
                     [kind](const StreamInfo& stream) { return stream.kind == kind; });
}

bool is_mixed(const std::vector<StreamInfo>& streams) {
  return !streams.empty() && !are_all(streams, streams.front().kind);
}

const Series* first_series(const Sample& sample) {
  for (const auto& value : sample.streams) {
    if (const auto* series = std::get_if<Series>(&value)) return series;
  }
  return nullptr;
}

int channels_of(const std::vector<StreamInfo>& streams) {
  return std::accumulate(streams.begin(), streams.end(), 0, [](int sum, const StreamInfo& s) {
    return sum + (s.kind == StreamKind::kSeries ? s.channels : 0);
  });
}

}  // namespace refrain::data

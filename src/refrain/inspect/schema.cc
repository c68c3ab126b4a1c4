#include "refrain/inspect/schema.h"

#include <algorithm>
#include <cmath>

namespace refrain::inspect {
namespace {

constexpr double kRoom = 0.5;  // of a channel's range, above and below
constexpr std::size_t kFrequent = 20, kMostClasses = 1000;

const char* kind_name(data::StreamKind kind) {
  return kind == data::StreamKind::kSeries ? "series"
         : kind == data::StreamKind::kText ? "text"
                                           : "sound";
}

// Equal sizes stay so; others have room for twice as large and half as small ones.
std::optional<Range> sizes_of(const Reservoir& sizes) {
  const auto values = sizes.sorted();
  if (values.empty()) return std::nullopt;
  const double low = values.front(), high = values.back();
  if (low == high) return Range{low, high};
  return Range{std::floor(low / 2), std::ceil(high * 2)};
}

ChannelSchema schema_of_channel(const Channel& c) {
  ChannelSchema out;
  out.name = c.name;
  out.moves = c.values > 0 && !c.constant();
  if (c.values > 0) {
    const double room = kRoom * (c.high - c.low);
    out.range = Range{c.low - room, c.high + room};
    if (c.whole) out.range = Range{std::floor(c.low - room), std::ceil(c.high + room)};
  }
  const double all = static_cast<double>(c.values + c.missing);
  const double share = static_cast<double>(c.missing) / std::max(1.0, all);
  out.most_missing = share == 0 ? 0 : std::min(1.0, std::ceil(200 * share + 1) / 100);
  return out;
}

std::vector<std::string> frequent_words(const Texts& texts) {
  std::vector<std::pair<std::int64_t, std::string>> words;
  for (const auto& [word, count] : texts.vocabulary) words.emplace_back(-count, word);
  std::sort(words.begin(), words.end());
  std::vector<std::string> out;
  for (const auto& [count, word] : words) {
    if (out.size() == kFrequent) break;
    out.push_back(word);
  }
  return out;
}

StreamSchema schema_of_stream(const Stream& s) {
  StreamSchema out;
  out.name = s.name;
  out.kind = kind_name(s.kind);
  out.steps = sizes_of(s.steps);
  for (const auto& channel : s.channels) out.channels.push_back(schema_of_channel(channel));
  if (s.kind == data::StreamKind::kText) {
    out.characters = sizes_of(s.texts.characters);
    out.letters = s.texts.language();
    out.frequent_words = frequent_words(s.texts);
  }
  if (s.kind != data::StreamKind::kSound) return out;
  out.seconds = sizes_of(s.sounds.seconds);
  out.rates.emplace();
  for (const auto& [rate, count] : s.sounds.rates) out.rates->push_back(rate);
  return out;
}

}  // namespace

Schema schema_of(const Profile& p) {
  Schema out;
  out.encoding = p.encoding;
  for (const auto& stream : p.streams) out.streams.push_back(schema_of_stream(stream));
  out.groups = p.samples > 0 && p.without_group == 0;
  if (p.tagged) {
    out.tags.emplace();
    for (const auto& [tag, count] : p.tags) out.tags->push_back(tag);
  }
  if (!p.labelled) return out;
  if (p.number_labels) {
    const auto values = p.target.sorted();
    if (values.empty()) return out;
    const double room = kRoom * (values.back() - values.front());
    out.target = Range{values.front() - room, values.back() + room};
  } else if (p.label_names.size() <= kMostClasses) {
    out.classes = p.label_names;
    std::sort(out.classes->begin(), out.classes->end());
  }
  return out;
}

}  // namespace refrain::inspect

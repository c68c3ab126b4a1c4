#include "refrain/inspect/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "refrain/data/content.h"
#include "refrain/data/near_copies.h"
#include "refrain/data/spellings.h"
#include "refrain/data/target_numbers.h"

namespace refrain::inspect {
namespace {

constexpr std::size_t kMostLabels = 20000, kMostTags = 5000;
constexpr double kFullScale = 0.999;  // a recording's values at its end of scale
constexpr double kQuiet = 1e-3;       // 60 dB below full scale

// FNV-1a: the same on every machine.
std::uint64_t text_key(const std::string& text) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return h == 0 ? 1 : h;
}

Stream stream_of(const data::StreamInfo& info) {
  Stream out;
  out.name = info.name;
  out.kind = info.kind;
  if (info.kind != data::StreamKind::kSeries) return out;
  for (int c = 0; c < info.channels; ++c) {
    Channel channel;
    const auto place = static_cast<std::size_t>(c);
    channel.name =
        place < info.channel_names.size() ? info.channel_names[place] : std::to_string(c + 1);
    out.channels.push_back(std::move(channel));
  }
  return out;
}

void add_value(const data::Value& value, std::int64_t number, std::int64_t line, Stream& out) {
  if (const auto* series = std::get_if<data::Series>(&value)) {
    out.steps.add(series->steps, number);
    if (series->steps <= 1) out.one_step.add(line);
    const auto channels = std::min(out.channels.size(), static_cast<std::size_t>(series->channels));
    for (std::size_t c = 0; c < channels; ++c) {
      out.channels[c].add(*series, static_cast<int>(c), number, line);
    }
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    out.texts.add(*text, number, line);
  } else {
    out.sounds.add(std::get<data::Sound>(value), number, line);
  }
}

std::uint64_t bare_key(const data::Sample& sample) {
  if (!data::is_text(sample)) return 0;
  const std::string bare = data::bare_texts(sample);
  return bare.find_first_not_of('\n') == std::string::npos ? 0 : text_key(bare);
}

void add_target(const data::Sample& sample, std::int64_t number, Profile& out) {
  if (sample.label.empty()) {
    ++out.unlabelled;
    return;
  }
  const auto numbers = data::numbers_of(sample.label);
  if (numbers.size() == 1 && std::isfinite(numbers[0])) out.target.add(numbers[0], number);
}

std::int32_t add_label(const std::string& label, Profile& out) {
  const auto known = out.label_number.find(label);
  if (known != out.label_number.end()) {
    ++out.label_count[static_cast<std::size_t>(known->second)];
    return known->second;
  }
  if (out.label_names.size() >= kMostLabels) return -1;
  const auto number = static_cast<std::int32_t>(out.label_names.size());
  out.label_number[label] = number;
  out.label_names.push_back(label);
  out.label_count.push_back(1);
  return number;
}

Mark mark_of(const data::Sample& sample, std::int64_t number, Profile& out) {
  Mark mark;
  mark.content = data::written_hash(sample);
  mark.bare = bare_key(sample);
  mark.line = sample.line > 0 ? sample.line : number + 1;
  mark.label = add_label(sample.label, out);
  if (sample.group.empty()) {
    ++out.without_group;
  } else {
    const std::string key = data::spelling_key(sample.group);
    mark.group = text_key(key);
    out.groups.try_emplace(mark.group, sample.group);
  }
  return mark;
}

}  // namespace

void Sounds::add(const data::Sound& sound, std::int64_t number, std::int64_t line) {
  ++rates[sound.rate];
  const auto n = static_cast<double>(std::max<std::size_t>(1, sound.samples.size()));
  seconds.add(static_cast<double>(sound.samples.size()) / std::max(1, sound.rate), number);
  double squares = 0, piece = 0;
  std::size_t full = 0, quiet = 0, pieces = 0;
  const auto length = static_cast<std::size_t>(std::max(1, sound.rate / 50));
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    const double x = std::abs(static_cast<double>(sound.samples[i]));
    squares += x * x, piece += x * x;
    if (x >= kFullScale) ++full;
    if ((i + 1) % length != 0) continue;
    if (piece / static_cast<double>(length) < kQuiet * kQuiet) ++quiet;
    ++pieces;
    piece = 0;
  }
  loudness.add(10 * std::log10(std::max(1e-12, squares / n)), number);
  silence.add(static_cast<double>(quiet) / static_cast<double>(std::max<std::size_t>(1, pieces)),
              number);
  if (static_cast<double>(full) >= std::max(3.0, 1e-3 * n)) clipped.add(line);
  if (squares / n < kQuiet * kQuiet * 1e-2) silent.add(line);
}

void Profile::add(const data::Dataset& piece) {
  if (streams.empty()) {
    path = piece.path, format = piece.format;
    if (name.empty()) name = path;
    for (const auto& info : piece.streams) streams.push_back(stream_of(info));
  }
  labelled = labelled || piece.has_labels;
  tagged = tagged || piece.has_tags;
  lives = lives || piece.lives;
  if (!piece.likely_group.empty()) likely_group = piece.likely_group;
  for (const auto& sample : piece.samples) {
    const std::int64_t number = samples++;
    Mark mark = mark_of(sample, number, *this);
    const std::size_t count = std::min(streams.size(), sample.streams.size());
    for (std::size_t s = 0; s < count; ++s) {
      add_value(sample.streams[s], number, mark.line, streams[s]);
    }
    if (piece.has_labels) add_target(sample, number, *this);
    for (const auto& tag : sample.tags) {
      if (tags.size() < kMostTags || tags.contains(tag)) ++tags[tag];
    }
    if (!marks.empty() && marks.back().label != mark.label) ++label_changes;
    marks.push_back(mark);
  }
}

}  // namespace refrain::inspect

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "refrain/api/inside/preview.h"
#include "refrain/augment/derive.h"
#include "refrain/data/sound_file.h"

namespace refrain::api {
namespace {

using data::Sample;
using data::Series;

constexpr int kSamples = 12, kVariants = 3, kMostChannels = 4;
constexpr double kWidth = 240, kHeight = 90, kEdge = 4;
constexpr std::array kColours = {"#1b6ca8", "#c1440e", "#3c7a3c", "#7a4a8c"};

constexpr const char* kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Augmentation</title>
<style>
body{font:14px/1.5 sans-serif;margin:2em;color:#222}
table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:6px;vertical-align:top;text-align:left}
th:first-child{max-width:12em;overflow-wrap:anywhere}
code{background:#f2f2f2;padding:1px 4px}svg{display:block;background:#fafafa}
</style></head><body>
<h1>Augmentation</h1>
)";

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

struct Scale {
  double low = 0, high = 1;
};

// Of each channel, over the source and its variants, so that they can be compared.
std::vector<Scale> scales_of(const std::vector<Sample>& samples, std::size_t stream) {
  std::vector<Scale> scales;
  for (const auto& sample : samples) {
    const auto* found = std::get_if<Series>(&sample.streams[stream]);
    if (found == nullptr) return {};
    const Series& series = *found;
    for (std::size_t i = 0; i < series.values.size(); ++i) {
      const std::size_t c = i % static_cast<std::size_t>(series.channels);
      const auto value = static_cast<double>(series.values[i]);
      if (c >= scales.size()) scales.push_back({HUGE_VAL, -HUGE_VAL});
      if (!std::isfinite(value)) continue;
      scales[c].low = std::min(scales[c].low, value);
      scales[c].high = std::max(scales[c].high, value);
    }
  }
  return scales;
}

// A channel as lines; a missing value is a gap.
std::string path_of(const Series& series, int channel, const Scale& scale) {
  std::string path;
  bool drawing = false;
  const double by = series.steps > 1 ? (kWidth - 2 * kEdge) / (series.steps - 1) : 0;
  const double range = scale.high > scale.low ? scale.high - scale.low : 1;
  for (int t = 0; t < series.steps; ++t) {
    const auto value =
        static_cast<double>(series.values[static_cast<std::size_t>(t * series.channels + channel)]);
    if (!std::isfinite(value)) {
      drawing = false;
      continue;
    }
    const double y = kHeight - kEdge - (value - scale.low) / range * (kHeight - 2 * kEdge);
    path += fmt::format("{}{:.1f} {:.1f}", drawing ? 'L' : 'M', kEdge + by * t, y);
    drawing = true;
  }
  return path;
}

std::string plot(const Series& series, const std::vector<Scale>& scales, const std::string& below) {
  std::string out =
      fmt::format("<svg width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">", kWidth, kHeight);
  const int shown = std::min(series.channels, kMostChannels);
  for (int c = 0; c < shown; ++c) {
    const auto at = static_cast<std::size_t>(c);
    out += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\"/>",
                       path_of(series, c, scales[at]), kColours[at]);
  }
  out += "</svg>" + below;
  if (shown < series.channels) out += fmt::format(", {} of {} channels", shown, series.channels);
  return out;
}

// Letters that any page may hold (RFC 4648).
std::string base64(const std::string& bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      three = three << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= count ? kDigits[three >> (18 - 6 * k) & 63] : '=';
    }
  }
  return out;
}

// The lowest and the highest value of each piece of a recording, in turn: what a plot shows.
Series outline(const data::Sound& sound) {
  constexpr std::size_t kPieces = 240;
  Series out{0, 1, {}};
  const auto& x = sound.samples;
  const std::size_t pieces = std::min(kPieces, x.size());
  for (std::size_t p = 0; p < pieces; ++p) {
    const auto from = x.begin() + static_cast<std::ptrdiff_t>(p * x.size() / pieces);
    const auto to = x.begin() + static_cast<std::ptrdiff_t>((p + 1) * x.size() / pieces);
    const auto [low, high] = std::minmax_element(from, to);
    out.values.insert(out.values.end(), {*low, *high});
  }
  out.steps = static_cast<int>(out.values.size());
  return out;
}

// A plot and a player.
std::string player(const data::Sound& sound) {
  return plot(outline(sound), {{-1, 1}}, "") +
         fmt::format(
             "{:.2f} s<br><audio controls preload=\"none\" style=\"width:{}px\" "
             "src=\"data:audio/wav;base64,{}\"></audio>",
             static_cast<double>(sound.samples.size()) / sound.rate, kWidth,
             base64(data::wav_bytes(sound)));
}

std::string label_text(const Sample& sample) {
  if (sample.shares.empty()) return escaped(sample.label);
  std::string out;
  for (const auto& [label, share] : sample.shares) {
    out += fmt::format("{}{} {:.2f}", out.empty() ? "" : ", ", escaped(label), share);
  }
  return out;
}

std::string shown(const data::Value& value, const std::vector<Scale>& scales) {
  if (const auto* text = std::get_if<std::string>(&value)) return escaped(*text);
  if (const auto* sound = std::get_if<data::Sound>(&value)) return player(*sound);
  const auto& series = std::get<Series>(value);
  return plot(series, scales, fmt::format("{} steps", series.steps));
}

std::string row(const augment::Pipeline& pipeline, const augment::Pool& pool, int place,
                std::int64_t seed) {
  std::vector<Sample> samples = {pool[place]};
  for (int k = 0; k < kVariants; ++k) {
    samples.push_back(augment::derive(pipeline, pool, place, augment::epoch_rng(seed, k)));
  }
  const auto& streams = pool.dataset().streams;
  std::vector<std::vector<Scale>> scales;
  for (std::size_t s = 0; s < streams.size(); ++s) scales.push_back(scales_of(samples, s));
  std::string out = "<tr><th>" + escaped(samples.front().id) + "</th>";
  for (const auto& sample : samples) {
    out += "<td>";
    for (std::size_t s = 0; s < streams.size(); ++s) {
      if (s > 0) out += "<br>";
      if (streams.size() > 1) out += "<b>" + escaped(streams[s].name) + "</b><br>";
      out += shown(sample.streams[s], scales[s]);
    }
    out += "<br><small>" + label_text(sample) + "</small></td>";
  }
  return out + "</tr>\n";
}

// The first ones of each label, evenly.
std::vector<int> shown_places(const augment::Pool& pool) {
  std::map<std::string, std::vector<int>> by_label;
  for (int i = 0; i < pool.size(); ++i) by_label[pool[i].label].push_back(i);
  std::vector<int> places;
  for (std::size_t k = 0; k < static_cast<std::size_t>(kSamples); ++k) {
    for (const auto& [label, list] : by_label) {
      if (k < list.size() && places.size() < static_cast<std::size_t>(kSamples)) {
        places.push_back(list[k]);
      }
    }
  }
  return places;
}

}  // namespace

std::string preview_page(const augment::Pipeline& pipeline, const augment::Pool& pool,
                         std::int64_t seed) {
  std::string out = kHead;
  out +=
      "<p><code>" + escaped(pipeline.text()) + "</code></p>\n<table>\n<tr><th></th><th>before</th>";
  for (int k = 1; k <= kVariants; ++k) out += fmt::format("<th>after, copy {}</th>", k);
  out += "</tr>\n";
  for (const int place : shown_places(pool)) out += row(pipeline, pool, place, seed);
  return out + "</table>\n</body></html>\n";
}

}  // namespace refrain::api

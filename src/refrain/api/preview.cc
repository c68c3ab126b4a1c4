#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "refrain/api/inside/preview.h"
#include "refrain/augment/derive.h"
#include "refrain/data/sound_file.h"
#include "refrain/report/escape.h"
#include "refrain/report/page.h"

namespace refrain::api {
namespace {

using data::Sample;
using data::Series;
using report::escaped;
using report::Words;

constexpr int kSamples = 12, kVariants = 3, kMostChannels = 4;
constexpr double kWidth = 240, kHeight = 90, kEdge = 4;
constexpr std::size_t kMostPreviewText = 2000;

struct Scale {
  double low = 0, high = 1;
};

// Computes the scale of each channel over the source and its variants, so that they can be
// compared.
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
std::string channel_path(const Series& series, int channel, const Scale& scale) {
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
      fmt::format("<svg class=\"plot small-plot\" viewBox=\"0 0 {} {}\" aria-hidden=\"true\">",
                  kWidth, kHeight);
  const int shown = std::min(series.channels, kMostChannels);
  for (int c = 0; c < shown; ++c) {
    const auto at = static_cast<std::size_t>(c);
    out += fmt::format("<path class=\"line{}\" d=\"{}\"/>", c, channel_path(series, c, scales[at]));
  }
  out += "</svg>" + below;
  if (shown < series.channels) out += fmt::format(", {} of {} channels", shown, series.channels);
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
             "{:.2f} s<br><audio class=\"audio\" controls preload=\"none\" "
             "src=\"data:audio/wav;base64,{}\"></audio>",
             static_cast<double>(sound.samples.size()) / sound.rate,
             report::base64(data::wav_bytes(sound)));
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
  if (const auto* text = std::get_if<std::string>(&value)) {
    return "<bdi>" + escaped(*text, kMostPreviewText) + "</bdi>";
  }
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
  std::string out = "<tr><th scope=\"row\">" + escaped(samples.front().id) + "</th>";
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
  const Words title{"Augmentation", "数据增强"};
  report::Page page(title, report::Language::kEnglish);
  page.may_play_sound();
  page.head("<h1>" + both(title) + "</h1>\n<pre><code>" + escaped(pipeline.text()) +
            "</code></pre>\n");
  std::string out =
      "<div class=\"wide\" tabindex=\"0\" role=\"group\" "
      "data-label-en=\"Samples\" data-label-zh=\"样本\" aria-label=\"Samples\"><table "
      "class=\"preview\">\n"
      "<thead><tr><td></td><th scope=\"col\">" +
      both(Words{"before", "之前"}) + "</th>";
  for (int k = 1; k <= kVariants; ++k) {
    out += "<th scope=\"col\">" +
           both(Words{fmt::format("after, copy {}", k), fmt::format("之后，第 {} 份", k)}) +
           "</th>";
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const int place : shown_places(pool)) out += row(pipeline, pool, place, seed);
  page.add("samples", {"Samples before and after", "增强前后的样本"},
           out + "</tbody></table></div>\n");
  return page.html();
}

}  // namespace refrain::api

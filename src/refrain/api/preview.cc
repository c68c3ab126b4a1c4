#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/preview.h"
#include "refrain/api/inside/text_changes.h"
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
constexpr std::size_t kMostPreviewText = 2000, kMostLabel = 60;

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

// A channel as lines, where so many steps are as wide as the plot; a missing value is a gap.
std::string channel_path(const Series& series, int channel, int steps, const Scale& scale) {
  std::string path;
  bool drawing = false;
  const double by = steps > 1 ? (kWidth - 2 * kEdge) / (steps - 1) : 0;
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

// The channels of a series; under them, in grey, those of its source.
std::string plot(const Series& series, const Series* source, const std::vector<Scale>& scales) {
  std::string out =
      fmt::format("<svg class=\"plot small-plot\" viewBox=\"0 0 {} {}\" aria-hidden=\"true\">",
                  kWidth, kHeight);
  const int shown = std::min(series.channels, kMostChannels);
  const int steps = std::max(series.steps, source == nullptr ? 0 : source->steps);
  for (const Series* drawn : {source, &series}) {
    for (int c = 0; drawn != nullptr && c < shown; ++c) {
      const std::string kind = drawn == source ? "before" : fmt::format("line{}", c);
      out += fmt::format("<path class=\"{}\" d=\"{}\"/>", kind,
                         channel_path(*drawn, c, steps, scales[static_cast<std::size_t>(c)]));
    }
  }
  return out + "</svg>";
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
std::string player(const data::Sound& sound, const data::Sound* source) {
  const Series before = source == nullptr ? Series{} : outline(*source);
  return plot(outline(sound), source == nullptr ? nullptr : &before, {{-1, 1}}) +
         fmt::format(
             "<audio class=\"audio\" controls preload=\"none\" "
             "src=\"data:audio/wav;base64,{}\"></audio>",
             report::base64(data::wav_bytes(sound)));
}

std::string label_text(const Sample& sample) {
  if (sample.shares.empty()) return escaped(sample.label, kMostLabel);
  std::string out;
  for (const auto& [label, share] : sample.shares) {
    out += fmt::format("{}{} {:.2f}", out.empty() ? "" : ", ", escaped(label, kMostLabel), share);
  }
  return out;
}

std::string text_markup(const std::string& text, const std::string* source) {
  if (source == nullptr) return "<bdi>" + escaped(text, kMostPreviewText) + "</bdi>";
  std::string out = "<bdi>";
  std::size_t left = kMostPreviewText;
  for (const auto& part : text_changes(*source, text)) {
    const char* mark = part.kind == TextPart::Kind::kNew    ? "ins"
                       : part.kind == TextPart::Kind::kGone ? "del"
                                                            : "span";
    out += fmt::format("<{0}>{1}</{0}>", mark, escaped(part.text, left));
    left -= std::min(left, part.text.size());
    if (left == 0) break;
  }
  return out + "</bdi>";
}

// One value; `source`: what it was before, null for the source itself.
std::string value_markup(const data::Value& value, const data::Value* source,
                         const std::vector<Scale>& scales) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return text_markup(*text, source == nullptr ? nullptr : std::get_if<std::string>(source));
  }
  if (const auto* sound = std::get_if<data::Sound>(&value)) {
    return player(*sound, source == nullptr ? nullptr : std::get_if<data::Sound>(source));
  }
  const auto& series = std::get<Series>(value);
  return plot(series, source == nullptr ? nullptr : std::get_if<Series>(source), scales);
}

// Root of the mean squared difference, in deviations of the source; NaN where lengths differ.
template <class Values>
double distance_of(const Values& before, const Values& after) {
  if (before.size() != after.size()) return std::nan("");
  double sum = 0, squares = 0, difference = 0, n = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto x = static_cast<double>(before[i]), y = static_cast<double>(after[i]);
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    sum += x;
    squares += x * x;
    difference += (y - x) * (y - x);
    n += 1;
  }
  const double variance = n > 0 ? squares / n - sum / n * (sum / n) : 0;
  return variance > 0 ? std::sqrt(difference / n / variance) : std::nan("");
}

Words distance_words(double distance) {
  if (std::isnan(distance)) return {};
  return {fmt::format("differs by {:.2f} deviations of the source (root mean square)", distance),
          fmt::format("与原样本相差 {:.2f} 个标准差（均方根）", distance)};
}

// How far a value is from its source.
Words change_words(const data::Value& before, const data::Value& after) {
  if (const auto* text = std::get_if<std::string>(&after)) {
    const int n = changed_tokens(text_changes(std::get<std::string>(before), *text));
    return {fmt::format("{} token{} new or gone", n, n == 1 ? "" : "s"),
            fmt::format("{} 个词或字被加入或去掉", n)};
  }
  if (const auto* sound = std::get_if<data::Sound>(&after)) {
    const auto& own = std::get<data::Sound>(before);
    const double from = static_cast<double>(own.samples.size()) / own.rate;
    const double to = static_cast<double>(sound->samples.size()) / sound->rate;
    if (own.samples.size() == sound->samples.size()) {
      return distance_words(distance_of(own.samples, sound->samples));
    }
    return {fmt::format("{:.2f} s became {:.2f} s", from, to),
            fmt::format("{:.2f} 秒变为 {:.2f} 秒", from, to)};
  }
  const auto &from = std::get<Series>(before), &to = std::get<Series>(after);
  if (from.steps == to.steps) return distance_words(distance_of(from.values, to.values));
  return {fmt::format("{} steps became {}", from.steps, to.steps),
          fmt::format("{} 步变为 {} 步", from.steps, to.steps)};
}

std::string steps_markup(const std::vector<augment::Done>& steps) {
  std::string out;
  for (const auto& step : steps) {
    std::string options;
    for (const auto& [name, value] : step.options) {
      options += (options.empty() ? "" : ", ") + name + "=" + value;
    }
    out += "<li><code>" + escaped(step.name) + "</code> <small>" + escaped(options, 200) +
           "</small></li>";
  }
  return out.empty() ? "" : "<ol class=\"steps\">" + out + "</ol>";
}

// A sample and its variants.
class Card {
 public:
  Card(const augment::Pipeline& pipeline, const augment::Pool& pool, int place, std::int64_t seed)
      : pool_(pool) {
    samples_ = {pool[place]};
    steps_.emplace_back();
    for (int k = 0; k < kVariants; ++k) {
      const auto epoch = augment::epoch_rng(seed, k);
      samples_.push_back(augment::derive(pipeline, pool, place, epoch));
      steps_.push_back(
          pipeline.done({augment::sample_rng(epoch, pool.number(place)), pool, place}));
    }
    for (std::size_t s = 0; s < streams().size(); ++s) scales_.push_back(scales_of(samples_, s));
  }

  std::string markup() const {
    std::string out = "<section class=\"card\"><h3>" + both(Words{"class ", "类别 "}) + "<bdi>" +
                      label_text(samples_.front()) + "</bdi> · id <bdi>" +
                      escaped(samples_.front().id, kMostLabel) + "</bdi></h3>\n" +
                      "<div class=\"variants\">\n";
    for (std::size_t k = 0; k < samples_.size(); ++k) out += figure_of(k);
    return out + "</div></section>\n";
  }

 private:
  const std::vector<data::StreamInfo>& streams() const { return pool_.dataset().streams; }

  bool is_unchanged(std::size_t k) const {
    return augment::plain_digest(samples_[k]) == augment::plain_digest(samples_.front());
  }

  std::string caption(std::size_t k) const {
    if (k == 0) return "<b>" + both(Words{"before", "之前"}) + "</b>";
    std::string out =
        "<b>" + both(Words{fmt::format("copy {}", k), fmt::format("第 {} 份", k)}) + "</b>";
    if (is_unchanged(k)) {
      return out + " <span class=\"badge\">" + both(Words{"unchanged", "没有变化"}) + "</span>";
    }
    if (!samples_[k].shares.empty()) out += " <bdi>" + label_text(samples_[k]) + "</bdi>";
    return out;
  }

  std::string figure_of(std::size_t k) const {
    std::string out = "<figure><figcaption>" + caption(k) + "</figcaption>";
    for (std::size_t s = 0; s < streams().size(); ++s) {
      const auto& value = samples_[k].streams[s];
      const auto& before = samples_.front().streams[s];
      if (streams().size() > 1) out += "<small>" + escaped(streams()[s].name) + "</small>";
      out += value_markup(value, k == 0 ? nullptr : &before, scales_[s]);
      if (k == 0 || is_unchanged(k)) continue;
      const Words words = change_words(before, value);
      if (!words.en.empty()) out += "<small class=\"quiet\">" + both(words) + "</small>";
    }
    return out + steps_markup(steps_[k]) + "</figure>\n";
  }

  const augment::Pool& pool_;
  std::vector<Sample> samples_;
  std::vector<std::vector<augment::Done>> steps_;
  std::vector<std::vector<Scale>> scales_;
};

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

std::string shell_word(const std::string& text) {
  const bool plain = text.find_first_of(" \t\n\\'\"|()&;<>$`*?!#[]{}~") == std::string::npos;
  if (plain && !text.empty()) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// The options that say how the data are read, as they were given.
std::string reading_options(const task::Spec& spec) {
  std::string out;
  const auto fields = task::spec_fields();
  for (const auto& field : fields.list()) {
    if (field.section != "Data" || !spec.given.contains(field.name)) continue;
    const base::Json value = field.get(&spec);
    out += " --" + base::option_name(field.name) + " " +
           shell_word(value.is_string() ? value.get<std::string>() : value.dump());
  }
  return out;
}

std::string command_of(const augment::Pipeline& pipeline, const AugmentJob& job,
                       std::int64_t seed) {
  std::string out =
      "refrain augment " + shell_word(job.data) + reading_options(job.options.impl().spec);
  out += job.replay.empty() ? " --augment " + shell_word(pipeline.text())
                            : " --replay " + shell_word(job.replay);
  if (job.copies != 1) out += fmt::format(" --copies {}", job.copies);
  if (seed != 0) out += fmt::format(" --seed {}", seed);
  if (!job.out.empty()) out += " --out " + shell_word(job.out);
  return out + " --preview " + shell_word(job.preview);
}

std::string header(const augment::Pipeline& pipeline, const AugmentJob& job,
                   const Augmented& found) {
  const std::int64_t seed = job.options.impl().spec.train.seed;
  const std::string file = std::filesystem::path(job.data).filename().string();
  Words counts{fmt::format("{} samples, {} variants derived", found.sources, found.derived),
               fmt::format("{} 个样本，得到 {} 个变体", found.sources, found.derived)};
  if (found.unchanged > 0) {
    counts = counts + Words{fmt::format(", {} left out as unchanged", found.unchanged),
                            fmt::format("，{} 个没有变化而未保留", found.unchanged)};
  }
  if (found.duplicates > 0) {
    counts = counts + Words{fmt::format(", {} as duplicates", found.duplicates),
                            fmt::format("，{} 个重复而未保留", found.duplicates)};
  }
  counts = counts + Words{fmt::format("; seed {}", seed), fmt::format("；随机种子 {}", seed)};
  return "<h1>" + both(Words{"Augmentation", "数据增强"}) + " · <bdi>" + escaped(file, 80) +
         "</bdi></h1>\n<p class=\"quiet\">" + both(counts) + "</p>\n" +
         report::paragraph({"Each sample stands before its first three variants. Under a curve the "
                            "source is drawn in grey; in a text what is new or gone is marked.",
                            "每个样本后面是它的前三个变体。曲线下方的灰线是原样本；文本中标出了"
                            "加入和去掉的部分。"}) +
         "<pre><code>" + escaped(pipeline.text()) + "</code></pre>\n" + "<pre><code>" +
         escaped(command_of(pipeline, job, seed)) + "</code></pre>\n";
}

}  // namespace

std::string preview_page(const augment::Pipeline& pipeline, const augment::Pool& pool,
                         const AugmentJob& job, const Augmented& found) {
  report::Page page({"Augmentation", "数据增强"}, report::Language::kEnglish);
  page.may_play_sound();
  page.head(header(pipeline, job, found));
  std::string out;
  for (const int place : shown_places(pool)) {
    out += Card(pipeline, pool, place, job.options.impl().spec.train.seed).markup();
  }
  page.add("samples", {"Samples before and after", "增强前后的样本"}, out);
  return page.html();
}

}  // namespace refrain::api

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "refrain/api/inside/memory_data.h"
#include "refrain/base/encoding.h"
#include "refrain/base/error.h"
#include "refrain/data/front_end.h"
#include "refrain/data/raw_text.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/spans.h"
#include "refrain/data/sound_file.h"
#include "refrain/data/spellings.h"
#include "refrain/data/streams.h"
#include "refrain/data/tag_scheme.h"
#include "refrain/transformer/front_end.h"

namespace refrain::api {
namespace {

constexpr int kShown = 20;  // bad samples in an error

void require_size(const Samples& samples, const char* what, std::size_t size) {
  if (size == 0 || size == samples.size()) return;
  throw Error(Code::kData, fmt::format("{} has {} samples, but there are {} {}", samples.name,
                                       samples.size(), size, what));
}

void check_weights(const Samples& samples) {
  bool any = samples.weights.empty();
  for (std::size_t i = 0; i < samples.weights.size(); ++i) {
    const double w = samples.weights[i];
    if (!(w >= 0) || !std::isfinite(w)) {
      throw Error(Code::kData, fmt::format("the weight of sample {} is {}", i, w),
                  "weights are finite numbers of at least 0");
    }
    any = any || w > 0;
  }
  if (!any && samples.size() > 0) {
    throw Error(Code::kData, "all sample weights are zero", "give some samples a positive weight");
  }
}

// NaN stands for a missing value, as in data files. Infinity is an error.
void check_finite(const Samples& samples) {
  const auto channels = static_cast<std::size_t>(samples.channels);
  std::string lines;
  int bad = 0;
  for (std::size_t i = 0; i < samples.series.size(); ++i) {
    const SeriesView& s = samples.series[i];
    const float* end = s.values + s.steps * channels;
    const float* found = std::find_if(s.values, end, [](float v) { return std::isinf(v); });
    if (found == end || ++bad > kShown) continue;
    const auto at = static_cast<std::size_t>(found - s.values);
    lines += fmt::format("\n{}[{}] has an infinite value at step {}, channel {}", samples.name, i,
                         at / channels, at % channels);
  }
  if (bad == 0) return;
  if (bad > kShown) lines += fmt::format("\n... and {} more", bad - kShown);
  throw Error(Code::kData, fmt::format("{} series hold infinite values:{}", bad, lines),
              "write NaN where a value is missing");
}

data::StreamInfo stream_of(const Samples& samples) {
  if (samples.text) return {"text", data::StreamKind::kText, 0, {}};
  if (samples.sound()) return {"sound", data::StreamKind::kSound, 0, {}};
  return {"series", data::StreamKind::kSeries, samples.channels, {}};
}

void check_recording(const Samples& samples, std::size_t i) {
  const int rate = samples.rates[i];
  const std::size_t size = samples.series[i].steps;
  std::string wrong;
  if (rate < data::kLeastRate || rate > data::kMostRate) {
    wrong = fmt::format("{} Hz is no sample rate; it must be in [{}, {}]", rate, data::kLeastRate,
                        data::kMostRate);
  } else if (size == 0 || size > data::kLongestSound) {
    wrong = fmt::format("{} samples; a recording has 1 to {}", size, data::kLongestSound);
  }
  if (wrong.empty()) return;
  throw Error(Code::kData, fmt::format("{}[{}]: {}", samples.name, i, wrong));
}

// Sound has no missing values.
void check_sound(const Samples& samples) {
  for (std::size_t i = 0; i < samples.series.size(); ++i) {
    const SeriesView& s = samples.series[i];
    const float* end = s.values + s.steps;
    const float* found = std::find_if(s.values, end, [](float v) { return !std::isfinite(v); });
    if (found == end) continue;
    throw Error(Code::kData, fmt::format("{}[{}] has a value that is no number at sample {}",
                                         samples.name, i, found - s.values));
  }
}

void check_utf8(const std::string& text, std::size_t i) {
  const auto bad = base::first_invalid_utf8(text);
  if (bad == std::string::npos) return;
  throw Error(Code::kData, fmt::format("text {} is not UTF-8 at byte {}", i, bad));
}

// The words of a sample with one blank between.
std::string joined(const Samples& samples, std::size_t i) {
  std::string out;
  for (const auto& word : samples.words[i]) {
    check_utf8(word, i);
    if (word.find_first_not_of(" \t\r\n") == std::string::npos) {
      throw Error(Code::kData, fmt::format("{}[{}] has an empty word", samples.name, i),
                  "take it and its tag out");
    }
    if (!out.empty()) out += ' ';
    data::add_word(word, out);
  }
  return out;
}

// Tags, or the tags of words that spans mark.
void put_tags(const Samples& samples, data::Dataset& out) {
  data::SpanTagger tagger(samples.name, false);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    data::Sample& sample = out.samples[i];
    if (!samples.in_spans) {
      sample.tags = samples.tags[i];
      continue;
    }
    std::vector<data::RawSpan> spans;
    for (const auto& s : samples.spans[i]) spans.push_back({s.begin, s.end, s.label});
    auto& text = std::get<std::string>(sample.streams.front());
    text = tagger.tag(fmt::format("{}[{}]: ", samples.name, i), std::move(text), std::move(spans),
                      sample);
  }
  tagger.finish();
  out.has_tags = true;
}

data::Value value_of(const Samples& samples, std::size_t i) {
  if (samples.text && samples.in_words) return joined(samples, i);
  if (samples.text) {
    const std::string& text = samples.texts[i];
    check_utf8(text, i);
    return text;
  }
  const SeriesView& view = samples.series[i];
  if (samples.sound()) {
    check_recording(samples, i);
    return data::Sound{samples.rates[i], {view.values, view.values + view.steps}};
  }
  const auto channels = static_cast<std::size_t>(samples.channels);
  if (view.steps > static_cast<std::size_t>(std::numeric_limits<int>::max()) / channels / 2) {
    throw Error(Code::kShape, fmt::format("series {} is too long: {} steps", i, view.steps));
  }
  return data::Series{static_cast<int>(view.steps),
                      samples.channels,
                      {view.values, view.values + view.steps * channels}};
}

}  // namespace

data::Dataset contents_of(const Samples& samples) {
  data::Dataset out;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    out.samples.emplace_back().streams.push_back(value_of(samples, i));
  }
  return out;
}

data::Dataset dataset_of(const Samples& samples) {
  require_size(samples, "labels", samples.labels.size());
  require_size(samples, "groups", samples.groups.size());
  require_size(samples, "lists of tags", samples.tags.size());
  require_size(samples, "lists of spans", samples.spans.size());
  require_size(samples, "weights", samples.weights.size());
  check_weights(samples);
  require_size(samples, "rates", samples.rates.size());
  samples.sound() ? check_sound(samples) : check_finite(samples);
  data::Dataset out;
  out.path = samples.name;
  out.format = "memory";
  out.has_labels = !samples.labels.empty();
  out.streams = {stream_of(samples)};
  out.offset = samples.offset;
  out.samples.reserve(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    data::Sample sample;
    sample.id = std::to_string(i);
    sample.line = static_cast<std::int64_t>(i);
    if (out.has_labels) sample.label = samples.labels[i];
    if (!samples.groups.empty()) sample.group = samples.groups[i];
    sample.in_words = samples.in_words;
    if (!samples.weights.empty()) sample.weight = samples.weights[i];
    sample.streams.push_back(value_of(samples, i));
    out.samples.push_back(std::move(sample));
  }
  if (samples.in_spans || !samples.tags.empty()) put_tags(samples, out);
  data::settle_groups(out);  // the labels are the caller's, who looks for them again
  return out;
}

data::Dataset dataset_of(const Samples& samples, const std::string& streams) {
  data::Dataset out = dataset_of(samples);
  if (!streams.empty()) data::divide(streams, out);
  return out;
}

data::Dataset dataset_to_learn(const Samples& samples, const data::ReadSpec& how) {
  data::Dataset out = dataset_of(samples, how.streams);
  if (out.has_tags) data::settle_tags({how.scheme, {}}, out);
  return out;
}

void shift(data::Dataset& dataset, const std::vector<double>& to) {
  const std::vector<double> from = std::exchange(dataset.offset, to);
  if (from == to) return;
  for (auto& sample : dataset.samples) {
    std::size_t first = 0;  // channel of this series among those of all
    for (auto& value : sample.streams) {
      auto* series = std::get_if<data::Series>(&value);
      if (series == nullptr) continue;
      const std::size_t channels = static_cast<std::size_t>(series->channels);
      for (std::size_t i = 0; i < series->values.size(); ++i) {
        const std::size_t c = first + i % channels;
        const double less = (c < to.size() ? to[c] : 0) - (c < from.size() ? from[c] : 0);
        series->values[i] = static_cast<float>(static_cast<double>(series->values[i]) - less);
      }
      first += channels;
    }
  }
}

data::Dataset dataset_for(const Samples& samples, const task::Model& model) {
  data::Dataset out = dataset_of(samples);
  data::SoundSpec sound = model.features.spec().sound;
  if (samples.sound() != (sound.sample_rate > 0)) {
    throw Error(Code::kData, samples.sound()
                                 ? "the model has learned series or texts, not recordings"
                                 : "the model has learned recordings: give sound with its rate");
  }
  data::hear(out, sound, false);
  if (data::divided(model.features.streams())) data::divide_like(model.features.streams(), out);
  if (model.goal->of_steps()) data::cut_words(out);
  transformer::encode_texts(out, task::encoding_of(model), {});
  model.features.check(out);
  shift(out, model.offset);
  return out;
}

std::vector<int> pool_of(const data::Dataset& dataset) {
  std::vector<int> pool;
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    if (dataset.samples[i].weight > 0) pool.push_back(static_cast<int>(i));
  }
  return pool;
}

}  // namespace refrain::api

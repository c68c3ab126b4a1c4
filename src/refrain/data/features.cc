#include "refrain/data/features.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>

#include "refrain/data/spelling.h"
#include "refrain/data/tokenise.h"
#include "refrain/data/words.h"

namespace refrain::data {
namespace {

using base::Json;

constexpr int kMostChannels = 1 << 20;
constexpr int kMostLetterKinds = 20000;

[[noreturn]] void refuse_json(const std::string& what) {
  throw Error(Code::kData, "the features of the model are damaged: " + what,
              "fetch the model file again or train it again");
}

// "a series of 3 channels", "a series of 3 channels 'ankle' and a text 'note'"
std::string describe(const std::vector<StreamInfo>& streams) {
  std::string out;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    if (i > 0) out += i + 1 == streams.size() ? " and " : ", ";
    const auto& stream = streams[i];
    out += stream.kind == StreamKind::kText || stream.from_text ? "a text"
           : stream.kind == StreamKind::kSound || stream.from_sound
               ? "a recording"
               : fmt::format("a series of {} channel{}", stream.channels,
                             stream.channels == 1 ? "" : "s");
    if (streams.size() > 1) out += fmt::format(" '{}'", stream.name);
  }
  return out.empty() ? "nothing" : out;
}

bool same_streams(const std::vector<StreamInfo>& a, const std::vector<StreamInfo>& b) {
  const bool by_name = a.size() > 1;
  const auto same = [by_name](const StreamInfo& x, const StreamInfo& y) {
    return x.kind == y.kind && x.from_sound == y.from_sound && x.from_text == y.from_text &&
           x.tuned == y.tuned && (!by_name || x.name == y.name) &&
           (x.kind == StreamKind::kText || x.channels == y.channels);
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

void check_sample(const Sample& sample, const std::vector<StreamInfo>& streams) {
  bool fits = sample.streams.size() == streams.size();
  for (std::size_t s = 0; fits && s < streams.size(); ++s) {
    const auto* series = std::get_if<Series>(&sample.streams[s]);
    fits = (series != nullptr) == (streams[s].kind == StreamKind::kSeries);
    if (!fits || series == nullptr) continue;
    const auto size =
        static_cast<std::size_t>(series->steps) * static_cast<std::size_t>(streams[s].channels);
    fits = series->steps >= 0 && (series->steps == 0 || series->channels == streams[s].channels) &&
           series->values.size() == size;
  }
  if (fits) return;
  throw Error(Code::kData, fmt::format("sample '{}' (line {}) is not {}", sample.id, sample.line,
                                       describe(streams)));
}

// The part of a series that is used: its first `max_length` steps.
std::span<const float> used(const Series& series, int max_length) {
  const int steps = max_length > 0 ? std::min(series.steps, max_length) : series.steps;
  return {series.values.data(),
          static_cast<std::size_t>(steps) * static_cast<std::size_t>(series.channels)};
}

bool is_missing(double value) { return !std::isfinite(value); }

// Fills gaps [from, to) of one channel: linear between the neighbours, the nearest one at the ends.
void fill_gap(std::span<real> values, std::size_t channels, std::size_t from, std::size_t to) {
  const bool has_left = from >= channels;
  const bool has_right = to < values.size();
  const double left = has_left ? static_cast<double>(values[from - channels]) : 0;
  const double right = has_right ? static_cast<double>(values[to]) : left;
  const double gaps = static_cast<double>((to - from) / channels + 1);
  double k = 1;
  for (std::size_t i = from; i < to; i += channels, ++k) {
    const double weight = has_left ? k / gaps : 1;
    values[i] = static_cast<real>(left * (1 - weight) + right * weight);
  }
}

// Replaces the missing values of [T,C]; a channel without any value gets its mean in training.
void interpolate(std::span<real> values, const std::vector<double>& means) {
  const std::size_t C = means.size();
  for (std::size_t c = 0; c < C; ++c) {
    for (std::size_t i = c; i < values.size(); i += C) {
      if (!is_missing(values[i])) continue;
      std::size_t end = i;
      while (end < values.size() && is_missing(values[end])) end += C;
      if (i == c && end >= values.size()) {
        for (; i < end; i += C) values[i] = static_cast<real>(means[c]);
      } else {
        fill_gap(values, C, i, end);
      }
      i = end;
    }
  }
}

// Appends masks to the features made [T,V*C] of the values [T,C], giving [T,V*C+C]: gaps become 0,
// and a mask column is 1 where the value is missing.
std::vector<real> with_masks(const std::vector<real>& made, const std::vector<real>& values,
                             std::size_t channels) {
  std::vector<real> out;
  out.reserve(made.size() + values.size());
  const std::size_t steps = values.size() / channels,
                    width = made.size() / std::max<std::size_t>(steps, 1);
  for (std::size_t t = 0; t < steps; ++t) {
    for (std::size_t i = 0; i < width; ++i) {
      const real value = made[t * width + i];
      out.push_back(is_missing(value) ? 0 : value);
    }
    for (std::size_t c = 0; c < channels; ++c) {
      out.push_back(is_missing(values[t * channels + c]) ? 1 : 0);
    }
  }
  return out;
}

std::vector<std::span<const float>> series_of(const Dataset& dataset,
                                              const std::vector<int>& training, std::size_t stream,
                                              int max_length) {
  std::vector<std::span<const float>> series;
  for (const int i : training) {
    const auto& sample = dataset.samples[static_cast<std::size_t>(i)];
    series.push_back(used(std::get<Series>(sample.streams[stream]), max_length));
  }
  return series;
}

Normaliser fit_series(const Dataset& dataset, const std::vector<int>& training, std::size_t stream,
                      const FeatureSpec& spec) {
  const auto series = series_of(dataset, training, stream, spec.max_length);
  Normaliser out;
  const auto& info = dataset.streams[stream];
  // Tuned layers read states as they are; what they make of them is scaled (task/tuned.h).
  out.fit(series, info.channels, info.tuned.count > 0 ? "none" : spec.normalise);
  return out;
}

bool has_missing(const Dataset& dataset, const std::vector<int>& training, std::size_t stream,
                 int max_length) {
  return std::any_of(training.begin(), training.end(), [&](int i) {
    const auto& sample = dataset.samples[static_cast<std::size_t>(i)];
    const auto values = used(std::get<Series>(sample.streams[stream]), max_length);
    return std::any_of(values.begin(), values.end(), is_missing);
  });
}

std::vector<std::string> tokens_of(const std::string& text, const FeatureSpec& spec,
                                   bool lowercase) {
  auto tokens =
      spec.words == "blanks" ? words_at_blanks(text, lowercase) : tokenise(text, lowercase);
  const auto most = static_cast<std::size_t>(spec.max_length);
  if (most > 0 && tokens.size() > most) tokens.resize(most);
  return tokens;
}

std::vector<std::string> tokens_of(const std::string& text, const FeatureSpec& spec) {
  return tokens_of(text, spec, spec.lowercase);
}

// The tokens as they are spelt; folding them may in rare cases have made more or fewer of them.
std::vector<std::string> spelt_tokens(const std::string& text, const FeatureSpec& spec,
                                      const std::vector<std::string>& folded) {
  auto tokens = tokens_of(text, spec, false);
  return tokens.size() == folded.size() ? tokens : folded;
}

Vocabulary fit_letters(const Dataset& dataset, const std::vector<int>& training, std::size_t stream,
                       const FeatureSpec& spec) {
  std::vector<std::vector<std::string>> words;
  for (const int i : training) {
    const auto& sample = dataset.samples[static_cast<std::size_t>(i)];
    for (const auto& word : tokens_of(std::get<std::string>(sample.streams[stream]), spec, false)) {
      words.push_back(letters_of(word));
    }
  }
  Vocabulary out;
  out.fit(words, 1, kMostLetterKinds);
  return out;
}

// Steps or words of the longest sample.
int longest(const Dataset& dataset, const std::vector<int>& training, std::size_t stream,
            const FeatureSpec& spec) {
  std::size_t most = 1;
  for (const int i : training) {
    const auto& value = dataset.samples[static_cast<std::size_t>(i)].streams[stream];
    const auto* series = std::get_if<Series>(&value);
    const auto channels = static_cast<std::size_t>(std::max(1, dataset.streams[stream].channels));
    most = std::max(most, series != nullptr ? used(*series, spec.max_length).size() / channels
                                            : tokens_of(std::get<std::string>(value), spec).size());
  }
  return static_cast<int>(most);
}

Vocabulary fit_text(const Dataset& dataset, const std::vector<int>& training, std::size_t stream,
                    const FeatureSpec& spec, const Vocabulary* known) {
  std::vector<std::vector<std::string>> texts;
  for (const int i : training) {
    const auto& sample = dataset.samples[static_cast<std::size_t>(i)];
    texts.push_back(tokens_of(std::get<std::string>(sample.streams[stream]), spec));
  }
  Vocabulary out;
  if (known == nullptr) {
    out.fit(texts, spec.min_count, spec.max_vocabulary);
  } else {
    out.fit_behind(*known, texts, spec.min_count, spec.max_vocabulary);
  }
  return out;
}

const Json& member(const Json& json, const char* name, Json::value_t type) {
  const auto found = json.is_object() ? json.find(name) : json.end();
  if (!json.is_object() || found == json.end()) refuse_json(fmt::format("'{}' is missing", name));
  const bool integer = type == Json::value_t::number_integer && found->is_number_integer();
  if (!integer && found->type() != type) {
    refuse_json(fmt::format("'{}' is a {}", name, found->type_name()));
  }
  return *found;
}

std::vector<int> places_from_json(const Json& json, const StreamInfo& info) {
  std::vector<int> out;
  for (const auto& place : member(json, "places", Json::value_t::array)) {
    const bool fits = place.is_number_integer() && place.get<std::int64_t>() >= 1 &&
                      place.get<std::int64_t>() <= kMostChannels;
    if (!fits) refuse_json("a channel's place is none");
    out.push_back(place.get<int>());
  }
  const auto names = info.channel_names.size(), channels = static_cast<std::size_t>(info.channels);
  if (out.size() != channels || (names != 0 && names != channels)) {
    refuse_json("'places' does not fit the channels");
  }
  return out;
}

FeatureSpec spec_from_json(const Json& json) {
  FeatureSpec spec;
  const auto fields = feature_fields();
  for (const auto& [name, value] : json.items()) {
    try {
      base::set_field(fields.list(), &spec, name, value);
    } catch (const Error& e) {
      refuse_json(e.what());
    }
  }
  return spec;
}

}  // namespace

base::Fields<FeatureSpec> feature_fields() {
  base::Fields<FeatureSpec> fields;
  fields.section("Features")
      .field("normalise", &FeatureSpec::normalise, Normaliser::modes(),
             "scale series to mean 0 and standard deviation 1: channel = by the statistics of each "
             "channel in the training part, series = each series by its own")
      .field("missing", &FeatureSpec::missing,
             std::vector<std::string>{"mask", "interpolate", "zero"},
             "missing values of series: mask = 0 and an additional input that marks them, "
             "interpolate = a line between the neighbours, zero = 0 after scaling")
      .field("views", &FeatureSpec::views,
             "transformed copies of a series that are read as additional channels, with commas "
             "between: raw, deviation (from the training mean at each step), step_scaled "
             "(deviation divided by the standard deviation at the step), difference (from the "
             "previous step), cumulative (sum); shape, and names such as shape_deviation, first "
             "scale each series to mean 0 and standard deviation 1. Lists with bars between are "
             "used by the members of --ensemble in turn: 'raw|shape'")
      .field("conditions", &FeatureSpec::conditions,
             "number of operating conditions, which are clusters of --settings; every sensor is "
             "scaled within each condition. auto = found from the data, none = no clusters")
      .field("lowercase", &FeatureSpec::lowercase, "treat upper and lower case letters as equal")
      .field("words", &FeatureSpec::words, std::vector<std::string>{"rules", "blanks"},
             "how a text is cut into words: rules = by the rules of its script, blanks = at blanks "
             "alone, for texts that are already cut")
      .field("spelling", &FeatureSpec::spelling,
             std::vector<std::string>{"none", "convolution", "recurrent"},
             "also read the characters of each word, by a convolution (Ma and Hovy 2016) or a "
             "recurrent layer (Lample et al. 2016), and the shape of the word")
      .field("min_count", &FeatureSpec::min_count, 1, 1000000,
             "words with fewer occurrences in training count as unknown")
      .field("max_vocabulary", &FeatureSpec::max_vocabulary, 1, 10000000,
             "largest number of words in the vocabulary; the most frequent ones are kept")
      .field("max_length", &FeatureSpec::max_length, 0, 100000000,
             "cut longer texts (words) and series (steps) at the end; 0 = never")
      .include(&FeatureSpec::sound, sound_fields());
  return fields;
}

int Features::stream_like(const StreamInfo& wanted) const {
  for (std::size_t s = 0; s < streams_.size(); ++s) {
    const bool same = streams_[s].kind == wanted.kind;
    if (same && (streams_[s].name == wanted.name || streams_.size() == 1)) {
      return static_cast<int>(s);
    }
  }
  return -1;
}

Features Features::fit(const Dataset& dataset, const std::vector<int>& training,
                       const FeatureSpec& spec, const Features* source) {
  if (training.empty()) throw Error(Code::kData, "there are no samples to train on");
  for (const auto& stream : dataset.streams) {
    if (stream.kind == StreamKind::kSound) {
      throw Error(Code::kInternal, "recordings must be heard (data/front_end.h) before features");
    }
    if (stream.kind == StreamKind::kSeries && stream.channels < 1) {
      throw Error(Code::kData, fmt::format("the series '{}' has no channels", stream.name));
    }
  }
  for (const int i : training) {
    check_sample(dataset.samples[static_cast<std::size_t>(i)], dataset.streams);
  }
  Features out;
  out.spec_ = spec;
  out.spec_.views = Views::lists(spec.views).front();
  out.streams_ = dataset.streams;
  for (std::size_t s = 0; s < dataset.streams.size(); ++s) {
    Part& part = out.parts_.emplace_back();
    const int known = source == nullptr ? -1 : source->stream_like(dataset.streams[s]);
    part.length = known < 0 ? longest(dataset, training, s, spec) : source->length(known);
    if (dataset.streams[s].kind == StreamKind::kText) {
      const auto* words = known < 0 ? nullptr : &source->vocabulary(known);
      part.vocabulary = fit_text(dataset, training, s, spec, words);
      if (spec.spelling != "none") part.letters = fit_letters(dataset, training, s, spec);
    } else {
      if (s == 0) part.conditions = Conditions::of_samples({dataset, training}, spec.conditions);
      if (part.conditions.count() == 0) {
        part.normaliser = fit_series(dataset, training, s, spec);
      } else {  // they have scaled each channel
        part.normaliser.fit({}, dataset.streams[s].channels, spec.normalise);
      }
      part.masked = spec.missing == "mask" && has_missing(dataset, training, s, spec.max_length);
      out.fit_views(dataset, training, s);
    }
  }
  return out;
}

Features Features::of_words(Vocabulary words, bool lowercase) {
  Features out;
  out.spec_.lowercase = lowercase;
  out.streams_.push_back({"text", StreamKind::kText, 0, {}});
  out.parts_.emplace_back().vocabulary = std::move(words);
  return out;
}

void Features::fit_views(const Dataset& dataset, const std::vector<int>& training,
                         std::size_t stream) {
  Part& part = parts_[stream];
  std::vector<std::vector<real>> series;
  for (const int i : training) {
    if (spec_.views == "raw") break;  // nothing to fit
    const auto& sample = dataset.samples[static_cast<std::size_t>(i)];
    const auto values = used(std::get<Series>(sample.streams[stream]), spec_.max_length);
    series.push_back(scaled(values, part));
  }
  part.views = Views::fit(spec_.views, series, dataset.streams[stream].channels);
}

EncodedSample Features::encode(const Sample& sample, std::int64_t index) const {
  check_sample(sample, streams_);
  EncodedSample out;
  out.index = index;
  out.weight = sample.weight;
  out.streams.resize(streams_.size());
  for (std::size_t s = 0; s < streams_.size(); ++s) {
    if (streams_[s].kind == StreamKind::kText) {
      encode_text(std::get<std::string>(sample.streams[s]), s, out.streams[s]);
    } else {
      encode_series(std::get<Series>(sample.streams[s]), s, out.streams[s]);
    }
  }
  return out;
}

void Features::encode_series(const Series& series, std::size_t stream, EncodedStream& out) const {
  const auto values = used(series, spec_.max_length);
  if (values.empty()) {
    out.values.assign(static_cast<std::size_t>(inputs(static_cast<int>(stream))), 0);
    return;  // the length is 1
  }
  const Part& part = parts_[stream];
  const auto channels = static_cast<std::size_t>(streams_[stream].channels);
  out.length = static_cast<int>(values.size() / channels);
  const auto scaled_values = scaled(values, part);
  out.values = part.views.apply(scaled_values);
  if (part.masked) {
    out.values = with_masks(out.values, scaled_values, channels);
  } else {
    for (real& value : out.values) value = is_missing(value) ? 0 : value;
  }
}

std::vector<real> Features::scaled(std::span<const float> values, const Part& part) const {
  std::vector<real> out;
  out.reserve(values.size());
  for (const float value : values) {
    out.push_back(is_missing(value) ? std::numeric_limits<real>::quiet_NaN()
                                    : static_cast<real>(value));
  }
  part.conditions.apply(out);
  if (!part.masked && spec_.missing != "zero") interpolate(out, part.normaliser.fitted().mean);
  part.normaliser.apply(out);
  return out;
}

void Features::encode_step(const float* values, int stream, real* out) const {
  const Part& part = parts_[static_cast<std::size_t>(stream)];
  if (part.normaliser.mode() == "series") {
    throw Error(Code::kUnsupported, "series are scaled by themselves: a step alone cannot be",
                "train with --normalise channel");
  }
  if (!part.views.only_raw()) {
    throw Error(Code::kUnsupported, "views of a series need more than a step alone",
                "train with --views raw");
  }
  const int C = streams_[static_cast<std::size_t>(stream)].channels;
  const auto& fitted = part.normaliser.fitted();
  const bool conditioned = part.conditions.count() > 0;
  const int condition = conditioned ? part.conditions.of(values) : 0;
  for (int c = 0; c < C; ++c) {
    const bool missing = is_missing(values[c]);
    if (part.masked) out[C + c] = missing ? 1 : 0;
    if (missing && (part.masked || spec_.missing == "zero")) out[c] = 0;
    if (missing) continue;
    const auto at = static_cast<std::size_t>(c);
    double x = static_cast<double>(values[c]);
    if (conditioned) x = part.conditions.scaled(condition, c, x);
    const bool scaled = part.normaliser.mode() == "channel";
    out[c] = static_cast<real>(scaled ? (x - fitted.mean[at]) / fitted.std[at] : x);
  }
}

void Features::encode_text(const std::string& text, std::size_t stream, EncodedStream& out) const {
  const auto tokens = tokens_of(text, spec_);
  for (const auto& token : tokens) out.ids.push_back(parts_[stream].vocabulary.id(token));
  if (out.ids.empty()) out.ids.push_back(0);
  if (spec_.spelling != "none") {
    auto spelt = spelt_tokens(text, spec_, tokens);
    if (spelt.empty()) spelt.emplace_back();
    out.spelt = spell(spelt, parts_[stream].letters);
  }
  out.length = static_cast<int>(out.ids.size());
}

int Features::inputs(int stream) const {
  const auto& info = streams_[static_cast<std::size_t>(stream)];
  if (info.kind == StreamKind::kText) return vocabulary(stream).size();
  const int views = parts_[static_cast<std::size_t>(stream)].views.count();
  return (masked(stream) ? views + 1 : views) * info.channels;
}

void check_form(const std::vector<StreamInfo>& trained, const Dataset& other) {
  if (same_streams(trained, other.streams)) return;
  throw Error(Code::kData,
              fmt::format("the samples of '{}' are {}, but the model was trained on {}", other.path,
                          describe(other.streams), describe(trained)),
              "give a file with the same columns as the training file");
}

Json Features::to_json() const {
  Json list = Json::array();
  for (std::size_t s = 0; s < streams_.size(); ++s) {
    const auto& info = streams_[s];
    Json stream = {{"name", info.name}, {"length", parts_[s].length}};
    if (info.kind == StreamKind::kText) {
      stream["kind"] = "text";
      stream["vocabulary"] = parts_[s].vocabulary.to_json();
      if (spec_.spelling != "none") stream["letters"] = parts_[s].letters.to_json();
    } else {
      stream["kind"] = "series";
      stream["channels"] = info.channels;
      stream["channel_names"] = info.channel_names;
      if (info.from_sound) stream["from_sound"] = true;
      if (!info.places.empty()) stream["places"] = info.places;
      if (info.from_text) stream["from_text"] = true;
      if (info.tuned.count > 0) stream["tuned"] = tuned_layers_to_json(info.tuned);
      stream["masked"] = parts_[s].masked;
      stream["normaliser"] = parts_[s].normaliser.to_json();
      if (parts_[s].conditions.count() > 0) stream["conditions"] = parts_[s].conditions.to_json();
      stream["views"] = parts_[s].views.to_json();
    }
    list.push_back(std::move(stream));
  }
  return {{"spec", base::fields_to_json(feature_fields().list(), &spec_)}, {"streams", list}};
}

StreamInfo Features::stream_from_json(const Json& json, Part& part) {
  using Type = Json::value_t;
  StreamInfo info;
  info.name = member(json, "name", Type::string).get<std::string>();
  if (json.contains("length")) {
    const auto length = member(json, "length", Type::number_integer).get<std::int64_t>();
    if (length < 0 || length > std::numeric_limits<int>::max() / 2) refuse_json("'length' is none");
    part.length = static_cast<int>(length);
  }
  const auto kind = member(json, "kind", Type::string).get<std::string>();
  if (kind == "text") {
    info.kind = StreamKind::kText;
    part.vocabulary = Vocabulary::from_json(member(json, "vocabulary", Type::array));
    if (json.contains("letters")) part.letters = Vocabulary::from_json(json["letters"]);
    return info;
  }
  if (kind != "series") refuse_json("'kind' is neither series nor text");
  part.normaliser = Normaliser::from_json(member(json, "normaliser", Type::object));
  part.masked = member(json, "masked", Type::boolean).get<bool>();
  const auto channels = member(json, "channels", Type::number_integer).get<std::int64_t>();
  if (channels < 1 || channels > kMostChannels || channels != part.normaliser.channels()) {
    refuse_json("'channels' does not fit the normaliser");
  }
  info.channels = static_cast<int>(channels);
  if (json.contains("conditions")) {
    part.conditions = Conditions::from_json(json["conditions"], info.channels);
  }
  part.views = json.contains("views") ? Views::from_json(json["views"], info.channels)
                                      : Views::fit("raw", {}, info.channels);
  if (json.contains("from_sound")) info.from_sound = member(json, "from_sound", Type::boolean);
  if (json.contains("from_text")) info.from_text = member(json, "from_text", Type::boolean);
  if (json.contains("tuned")) info.tuned = tuned_layers_from(json["tuned"], info.channels);
  for (const auto& name : member(json, "channel_names", Type::array)) {
    if (!name.is_string()) refuse_json("a channel's name is no text");
    info.channel_names.push_back(name.get<std::string>());
  }
  if (json.contains("places")) info.places = places_from_json(json, info);
  return info;
}

Features Features::from_json(const Json& json) {
  Features out;
  out.spec_ = spec_from_json(member(json, "spec", Json::value_t::object));
  for (const auto& stream : member(json, "streams", Json::value_t::array)) {
    out.streams_.push_back(stream_from_json(stream, out.parts_.emplace_back()));
    for (std::size_t s = 0; s + 1 < out.streams_.size(); ++s) {
      if (out.streams_[s].name == out.streams_.back().name) refuse_json("two streams of one name");
    }
  }
  if (out.streams_.empty()) refuse_json("there are no streams");
  return out;
}

}  // namespace refrain::data

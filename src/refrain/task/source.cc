#include "refrain/task/source.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/word_vectors.h"
#include "refrain/language/source.h"
#include "refrain/pretext/source.h"
#include "refrain/task/model_file.h"
#include "refrain/task/preset.h"

namespace refrain::task {
namespace {

// Options that give parameters their number and shape.
constexpr std::array kArchitecture = {
    "cell",      "hidden",     "layers",        "bidirectional", "attention",
    "heads",     "layer_norm", "residual",      "segment",       "embedding_dim",
    "stem",      "stem_form",  "stem_channels", "stem_layers",   "stem_kernels",
    "stem_pool", "stem_skip",  "squeeze",       "views",         "lowercase"};
// These change no layer but the last ones: the source's unless another one is asked for.
constexpr std::array kAbove = {"pooling", "parts"};

Source from_model(const Model& model, const std::string& path) {
  for (const Member& member : model.members) {
    const Network* network = member.learner->network();
    if (network == nullptr) continue;
    return {path,
            model.goal->task(),
            network->spec().encoder,
            network->features(),
            network->params(),
            model.goal->of_steps() ? model.goal->columns() : model.goal->classes()};
  }
  throw Error(Code::kData, path + " has no network to begin with, only simple methods",
              "train the source with --model network, or without --model");
}

// A language model: its words and its layers. The softmax stays behind.
Source from_language(const std::string& bytes, const std::string& path) {
  const language::Source source = language::source_from(bytes, path);
  if (source.units.kind() != language::UnitKind::kWord) {
    throw Error(Code::kData,
                fmt::format("{} reads text by the {}, and a classifier reads words", path,
                            source.units.name()),
                "train the source with 'refrain pretrain --unit word'");
  }
  const auto& network = *source.network;
  nn::EncoderSpec encoder = language::encoder_spec(network.form().spec);
  encoder.pooling = "concat";  // Howard and Ruder 2018
  encoder.bidirectional = network.form().spec.bidirectional;
  return {path,
          "language-model",
          std::move(encoder),
          data::Features::of_words(source.units.vocabulary(), source.units.settled().lowercase),
          network.params(),
          {}};
}

Source from_series(const std::string& bytes, const std::string& path) {
  auto source = pretext::series_source_from(bytes, path);
  return {path,
          source.spec.objective.objective,
          source.spec.encoder,
          std::move(source.features),
          std::move(source.network->params),
          std::move(source.classes),
          source.apart};
}

Source source_in(const std::string& path) {
  const std::string bytes = base::read_file(path).bytes;
  const auto file = tensor::from_safetensors(bytes, path);
  if (language::is_source(file)) return from_language(bytes, path);
  if (pretext::is_series_source(file)) return from_series(bytes, path);
  return from_model(parse_model(bytes, path), path);
}

struct Kept {
  std::uintmax_t size = 0;
  std::filesystem::file_time_type changed;
  std::shared_ptr<const Source> source;
};

base::Json spec_of_source(const Source& source) {
  Spec spec;
  spec.encoder = source.encoder;
  spec.features.views = source.features.spec().views;
  spec.features.lowercase = source.features.spec().lowercase;
  spec.features.words = source.features.spec().words;
  spec.features.spelling = source.features.spec().spelling;
  return base::fields_to_json(spec_fields().list(), &spec);
}

void adopt(Spec& spec, const std::string& name, const base::Json& value, bool strict) {
  const auto fields = spec_fields();
  if (!spec.given.contains(name)) {
    spec.given.insert(base::set_field(fields.list(), &spec, name, value));
    return;
  }
  const base::Json asked = base::fields_to_json(fields.list(), &spec).at(name);
  if (!strict || asked == value) return;
  const auto& t = spec.transfer;
  const std::string& path = t.init.empty() ? t.vectors : t.init;
  throw Error(Code::kUsage,
              fmt::format("--{} {} is not what the source {} has: {}", base::option_name(name),
                          asked.dump(), path, value.dump()),
              fmt::format("leave --{} out: the source's is taken", base::option_name(name)));
}

}  // namespace

std::shared_ptr<const Source> read_source(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, Kept> kept;
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  const auto changed = std::filesystem::last_write_time(path, error);
  const std::lock_guard lock(mutex);
  const auto found = kept.find(path);
  if (!error && found != kept.end() && found->second.size == size &&
      found->second.changed == changed) {
    return found->second.source;
  }
  auto source = std::make_shared<const Source>(source_in(path));
  kept[path] = {size, changed, source};
  return source;
}

std::shared_ptr<const Source> source_of(const Spec& spec) {
  return spec.transfer.init.empty() ? nullptr : read_source(spec.transfer.init);
}

void adopt_architecture(Spec& spec, const TrainingData& data) {
  if (!spec.transfer.vectors.empty()) {
    spec.preset = preset_of(spec, data);
    const int size = data::word_vector_size(spec.transfer.vectors);
    adopt(spec, "embedding_dim", size, true);
  }
  const auto source = source_of(spec);
  if (source == nullptr) return;
  spec.preset = preset_of(spec, data);  // before it counts what is taken over
  const base::Json values = spec_of_source(*source);
  for (const char* name : kArchitecture) adopt(spec, name, values.at(name), true);
  // A language model reads no spellings; what is built on it may.
  for (const char* name : {"words", "spelling", "spelling_dim"}) {
    if (source->task != "language-model") adopt(spec, name, values.at(name), true);
  }
  for (const char* name : kAbove) adopt(spec, name, values.at(name), false);
}

}  // namespace refrain::task

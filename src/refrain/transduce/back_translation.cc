#include "refrain/transduce/back_translation.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/augment/text/likeness.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/base/threads.h"
#include "refrain/transduce/model_file.h"

namespace refrain::transduce {
namespace {

constexpr const char* kStep = "back_translation";

BackTranslation options_of_step(const augment::Step& step) {
  BackTranslation out;
  for (const auto& [name, value, at] : step.options) {
    if (name == "model") out.model = value.get<std::string>();
    if (name == "texts") out.texts = value.get<std::string>();
    if (name == "forward") out.forward = value.get<std::string>();
    if (name == "likeness") out.likeness = value.get<double>();
    if (name == "tagged") out.tagged = value.is_boolean() ? value.get<bool>() : value == "true";
    const bool known = name == "model" || name == "texts" || name == "forward" ||
                       name == "likeness" || name == "tagged";
    if (known) continue;
    throw Error(Code::kUsage, fmt::format("{} with model takes no option '{}'{}", kStep, name, at),
                "it takes model, texts, forward, likeness and tagged");
  }
  return out;
}

bool makes_pairs(const augment::Step& step) {
  return step.name == kStep && std::any_of(step.options.begin(), step.options.end(),
                                           [](const auto& o) { return o.name == "model"; });
}

std::vector<std::string> training_replies(const MakingPairs& parts) {
  std::vector<std::string> out;
  for (int i = 0; i < parts.training.size(); ++i) out.push_back(parts.training[i].label);
  return out;
}

}  // namespace

std::optional<BackTranslation> take_back_translation(std::string& augment) {
  const auto step = take_step(augment, makes_pairs);
  if (!step) return std::nullopt;
  return options_of_step(*step);
}

MadePairs back_translated(const BackTranslation& how, const MakingPairs& parts) {
  MadePairs out;
  out.by = "back-translation";
  const auto texts = texts_to_use(
      how.texts.empty() ? training_replies(parts) : lines_of(how.texts, parts.log), parts, out);
  const auto sources = answers_of(model_of_texts(how.model), texts, parts);
  std::vector<std::string> again;
  if (!how.forward.empty()) again = answers_of(model_of_texts(how.forward), sources, parts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool far = !again.empty() && augment::likeness(texts[i], again[i]) < how.likeness;
    if (sources[i].empty() || far) {
      ++out.unlike;
    } else {
      out.add(sources[i], texts[i]);
    }
  }
  return out;
}

std::optional<std::vector<std::string>> translated_lines(const std::string& path,
                                                         const std::vector<std::string>& lines) {
  const auto file = tensor::from_safetensors(base::read_file(path).bytes, path);
  if (!is_transducer(file)) return std::nullopt;
  static const std::vector<int> kNone;
  static const data::Dataset kNothing;
  const MakingPairs parts{{kNothing, kNone}, {}, base::core_count(), nullptr, base::Log()};
  return answers_of(model_of_texts(path), lines, parts);
}

}  // namespace refrain::transduce

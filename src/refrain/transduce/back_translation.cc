#include "refrain/transduce/back_translation.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "refrain/augment/parse.h"
#include "refrain/augment/text/likeness.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/base/threads.h"
#include "refrain/data/pairs.h"
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

Transducer model_of_texts(const std::string& path) {
  Transducer out = transducer_from(base::read_file(path).bytes, path);
  if (out.reads_text()) return out;
  throw Error(Code::kUsage, path + " reads no texts", "name a model of --task translate");
}

std::vector<std::string> answers_of(const Transducer& t, const std::vector<std::string>& lines,
                                    const MakingPairs& parts) {
  std::vector<data::EncodedSample> samples;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    data::Sample sample;
    sample.streams.emplace_back(lines[i]);
    samples.push_back(encode(t, sample, static_cast<std::int64_t>(i)));
  }
  Writing how;
  how.threads = parts.threads;
  how.stop = parts.stop;
  std::vector<std::string> out;
  for (const auto& reply : write(t, samples, how)) {
    out.push_back(reply.options.empty() ? "" : reply.options.front().text);
  }
  return out;
}

// Different texts that no judged sample has as its reply.
std::vector<std::string> texts_for(const BackTranslation& how, const MakingPairs& parts,
                                   MadePairs& out) {
  std::vector<std::string> all;
  if (how.texts.empty()) {
    for (int i = 0; i < parts.training.size(); ++i) all.push_back(parts.training[i].label);
  } else {
    for (const auto& s : data::read_pairs(how.texts, {}, false, parts.log).samples) {
      all.push_back(std::get<std::string>(s.streams.front()));
    }
  }
  std::unordered_set<std::string> seen, judged;
  for (const auto& text : parts.judged) judged.insert(augment::normalised(text));
  std::vector<std::string> texts;
  for (auto& text : all) {
    if (!seen.insert(text).second) continue;
    ++out.asked;
    if (judged.contains(augment::normalised(text))) {
      ++out.known;
    } else {
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

}  // namespace

std::optional<BackTranslation> take_back_translation(std::string& augment) {
  if (augment.empty() || augment == "auto") return std::nullopt;
  augment::Step spec = augment::parse_any(augment);
  const auto found = std::find_if(spec.parts.begin(), spec.parts.end(), makes_pairs);
  if (found == spec.parts.end()) return std::nullopt;
  const BackTranslation out = options_of_step(*found);
  spec.parts.erase(found);
  augment = spec.parts.empty() ? "" : augment::to_text(spec);
  return out;
}

std::string MadePairs::summary() const {
  std::string out =
      fmt::format("back-translation: {} of {} texts make pairs", samples.size(), asked);
  if (known > 0) {
    out += fmt::format("; {} are replies that the model is judged by and were left out", known);
  }
  if (unlike > 0) out += fmt::format("; {} came back too far from themselves, or empty", unlike);
  return out;
}

MadePairs back_translated(const BackTranslation& how, const MakingPairs& parts) {
  MadePairs out;
  const auto texts = texts_for(how, parts, out);
  const auto sources = answers_of(model_of_texts(how.model), texts, parts);
  std::vector<std::string> again;
  if (!how.forward.empty()) again = answers_of(model_of_texts(how.forward), sources, parts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool far = !again.empty() && augment::likeness(texts[i], again[i]) < how.likeness;
    if (sources[i].empty() || far) {
      ++out.unlike;
      continue;
    }
    data::Sample sample;
    sample.id = fmt::format("made {}", out.samples.size() + 1);
    sample.label = texts[i];
    sample.streams.emplace_back(sources[i]);
    out.samples.push_back(std::move(sample));
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

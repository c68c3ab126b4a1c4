#include "refrain/transduce/self_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "refrain/base/error.h"
#include "refrain/transduce/invented_words.h"
#include "refrain/transduce/symbols.h"

namespace refrain::transduce {
namespace {

constexpr const char* kSelfTraining = "self_training";
constexpr int kForEach = 10;           // invented words for each training source,
constexpr int kMostInvented = 20'000;  // but no more than these

[[noreturn]] void refuse(const std::string& what, const std::string& remedy) {
  throw Error(Code::kUsage, fmt::format("{}: {}", kSelfTraining, what), remedy);
}

std::vector<std::string> training_sources(const data::Subset& training) {
  std::vector<std::string> out;
  for (int i = 0; i < training.size(); ++i) {
    if (const auto* text = std::get_if<std::string>(&training[i].streams.front())) {
      out.push_back(*text);
    }
  }
  return out;
}

std::vector<std::string> invented(const SelfTraining& how, const MakingPairs& parts,
                                  const std::vector<std::string>& sources) {
  if (kind_of("auto", {sources.begin(), sources.end()}) != Symbols::Kind::kCharacters) {
    refuse("it invents single words, letter by letter, and these sources are none",
           "name a file of sources with texts=FILE");
  }
  const auto usual =
      static_cast<int>(std::min<std::size_t>(kMostInvented, kForEach * sources.size()));
  return invented_words(sources, how.number > 0 ? how.number : usual,
                        base::Rng(parts.seed).fork(kSelfTraining));
}

}  // namespace

std::optional<SelfTraining> take_self_training(std::string& augment) {
  const auto step =
      take_step(augment, [](const augment::Step& s) { return s.name == kSelfTraining; });
  if (!step) return std::nullopt;
  SelfTraining out;
  for (const auto& option : step->options) {
    if (option.name == "model") {
      out.model = option.value.get<std::string>();
    } else if (option.name == "texts") {
      out.texts = option.value.get<std::string>();
    } else if (option.name == "number") {
      out.number = option.value.get<int>();
    } else {
      refuse(fmt::format("there is no option '{}'{}", option.name, option.at),
             "it takes model, texts and number");
    }
  }
  if (out.model.empty()) refuse("model is missing", "write self_training(model=FILE.refrain)");
  if (out.number > 0 && !out.texts.empty()) {
    refuse("number counts invented words, and texts names others", "leave one of them out");
  }
  return out;
}

MadePairs self_trained(const SelfTraining& how, const MakingPairs& parts) {
  MadePairs out;
  out.by = "self-training";
  const Transducer teacher = model_of_texts(how.model);
  const auto sources = training_sources(parts.training);
  auto texts = how.texts.empty() ? invented(how, parts, sources) : lines_of(how.texts, parts.log);
  const std::unordered_set<std::string> trained(sources.begin(), sources.end());
  std::erase_if(texts, [&](const std::string& text) { return trained.contains(text); });
  texts = texts_to_use(std::move(texts), parts, out);
  auto replies = answers_of(teacher, texts, parts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (replies[i].empty()) {
      ++out.unlike;
    } else {
      out.add(texts[i], std::move(replies[i]));
    }
  }
  return out;
}

}  // namespace refrain::transduce

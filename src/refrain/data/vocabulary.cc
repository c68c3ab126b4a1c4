#include "refrain/data/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

constexpr const char* kUnknown = "<unk>";

[[noreturn]] void refuse_vocabulary(const std::string& what) {
  throw Error(Code::kData, "the vocabulary is damaged: " + what,
              "fetch the model file again or train it again");
}

}  // namespace

bool Vocabulary::assign(std::vector<std::string> words) {
  words_ = std::move(words);
  words_.insert(words_.begin(), kUnknown);
  ids_.clear();
  ids_.reserve(words_.size());
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (!ids_.emplace(words_[i], static_cast<int>(i)).second) return false;
  }
  return true;
}

void Vocabulary::fit(const std::vector<std::vector<std::string>>& texts, int min_count,
                     int max_size) {
  std::unordered_map<std::string_view, std::int64_t> counts;
  for (const auto& text : texts) {
    for (const auto& word : text) ++counts[word];
  }
  counts.erase(kUnknown);  // a text that spells it means the unknown word
  std::vector<std::pair<std::int64_t, std::string_view>> order;
  for (const auto& [word, count] : counts) {
    if (count >= min_count) order.emplace_back(-count, word);
  }
  std::sort(order.begin(), order.end());
  order.resize(std::min(order.size(), static_cast<std::size_t>(std::max(max_size, 0))));
  std::vector<std::string> words;
  for (const auto& entry : order) words.emplace_back(entry.second);
  assign(std::move(words));
}

void Vocabulary::fit_behind(const Vocabulary& known,
                            const std::vector<std::vector<std::string>>& texts, int min_count,
                            int max_size) {
  fit(texts, min_count, max_size);
  std::vector<std::string> words(known.words_.begin() + 1, known.words_.end());
  for (std::size_t i = 1; i < words_.size(); ++i) {
    if (known.id(words_[i]) == 0) words.push_back(words_[i]);
  }
  assign(std::move(words));
}

int Vocabulary::id(std::string_view word) const {
  const auto found = ids_.find(word);
  return found == ids_.end() ? 0 : found->second;
}

base::Json Vocabulary::to_json() const { return words_; }

Vocabulary Vocabulary::from_json(const base::Json& json) {
  if (!json.is_array() || json.empty()) refuse_vocabulary("it must be a list of words");
  if (json[0] != kUnknown) refuse_vocabulary("its first word must be <unk>");
  std::vector<std::string> words;
  for (std::size_t i = 1; i < json.size(); ++i) {
    if (!json[i].is_string()) refuse_vocabulary(fmt::format("word {} is no text", i));
    words.push_back(json[i].get<std::string>());
    if (words.back().empty()) refuse_vocabulary(fmt::format("word {} is empty", i));
  }
  Vocabulary out;
  if (!out.assign(std::move(words))) refuse_vocabulary("a word stands twice");
  return out;
}

}  // namespace refrain::data

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "refrain/base/error.h"
#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr std::array<std::string_view, 46> kLanguageCodes = {
    "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr",
    "ga", "he", "hi", "hr", "hu", "id", "is", "it", "ja", "ka", "ko", "lt", "lv", "mt", "nl", "no",
    "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "ta", "th", "tr", "uk", "vi", "zh"};
constexpr std::array<std::string_view, 24> kLanguages = {
    "arabic", "chinese",    "czech",   "danish",  "dutch",   "english",  "finnish",   "french",
    "german", "greek",      "hebrew",  "hindi",   "italian", "japanese", "korean",    "norwegian",
    "polish", "portuguese", "russian", "spanish", "swedish", "turkish",  "ukrainian", "vietnamese"};

template <class List>
bool is_among(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// The first of the usual names that is there; kNoColumn where none is.
int called_usually(const std::vector<std::string>& names,
                   const std::vector<std::string_view>& usual) {
  for (const auto wanted : usual) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (lower(names[i]) == wanted) return static_cast<int>(i);
    }
  }
  return kNoColumn;
}

std::vector<int> languages_among(const std::vector<std::string>& names) {
  std::vector<int> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (is_language_name(names[i])) out.push_back(static_cast<int>(i));
  }
  return out;
}

int trained_column(const std::vector<std::string>& names, const std::string& name) {
  const auto same = [&](const std::string& n) { return lower(n) == lower(name); };
  const auto found = std::find_if(names.begin(), names.end(), same);
  return name.empty() || found == names.end() ? kNoColumn : static_cast<int>(found - names.begin());
}

// Columns by number where no column is called so: --target 2.
int given_column(const Header& header, Role role, const std::string& given) {
  if (given.empty()) return kNoColumn;
  const int named = trained_column(header.names, given);
  const bool digits = given.size() < 5 && given.find_first_not_of("0123456789") == given.npos;
  const int number = named == kNoColumn && digits ? std::stoi(given) : 0;
  if (number >= 1 && number <= static_cast<int>(header.names.size())) return number - 1;
  return find_column(header, role, given);
}

// Source and target where two columns, or two languages, are left.
void take_the_others(const std::vector<int>& candidates, PairColumns& out) {
  std::vector<int> left = candidates;
  std::erase_if(left, [&](int c) {
    return c == out.source || c == out.target || c == out.id || c == out.group;
  });
  const bool source = out.source == kNoColumn, target = out.target == kNoColumn;
  if (left.size() != static_cast<std::size_t>(source) + static_cast<std::size_t>(target)) return;
  std::size_t next = 0;
  if (source) out.source = left[next++];
  if (target) out.target = left[next];
}

// By the usual names, else as two languages, else as the one column beside a known one.
void find_unnamed(const std::vector<std::string>& names, bool replies, PairColumns& out) {
  const auto free = [&](int column) {
    return column == out.source || column == out.target ? kNoColumn : column;
  };
  if (out.source == kNoColumn) out.source = free(called_usually(names, source_names()));
  if (out.target == kNoColumn) out.target = free(called_usually(names, target_names()));
  take_the_others(languages_among(names), out);
  if (!replies || (out.source == kNoColumn && out.target == kNoColumn)) return;
  std::vector<int> all(names.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
  take_the_others(all, out);
}

void require_pair(const PairInput& input, const std::vector<std::string>& names, PairColumns& out) {
  if (out.source == kNoColumn && !input.wanted.replies && names.size() == 1) out.source = 0;
  const bool lacking = out.source == kNoColumn || (input.wanted.replies && out.target == kNoColumn);
  if (lacking) {
    throw Error(Code::kData,
                fmt::format("{}:1: which columns hold source and target? The columns are {}",
                            input.source.path, list_columns(names)),
                "name them with --text-column and --target");
  }
  if (out.source == out.target) {
    throw Error(Code::kUsage,
                fmt::format("{}:1: column {} cannot be source and target", input.source.path,
                            shown(names[static_cast<std::size_t>(out.source)])),
                "name two columns with --text-column and --target");
  }
}

}  // namespace

const std::vector<std::string_view>& source_names() {
  static const std::vector<std::string_view> kNames = {
      "source",   "src",  "input", "original", "text",   "sentence",
      "spelling", "word", "原文",  "源文",     "源语言", "graphemes"};
  return kNames;
}

const std::vector<std::string_view>& target_names() {
  static const std::vector<std::string_view> kNames = {
      "target", "tgt",    "trg",      "output",        "translation",
      "reply",  "phones", "phonemes", "pronunciation", "transliteration",
      "译文",   "目标",   "翻译"};
  return kNames;
}

bool is_language_name(std::string_view name) {
  const std::string small = lower(name);
  if (is_among(kLanguages, small)) return true;
  const std::size_t end = std::min(small.find_first_of("-_"), small.size());
  const bool region = end == small.size() || (small.size() >= end + 3 && small.size() <= end + 5);
  return region && is_among(kLanguageCodes, std::string_view(small).substr(0, end));
}

bool names_a_pair(const std::vector<std::string>& names) {
  const int source = called_usually(names, source_names());
  const int target = called_usually(names, target_names());
  return (source != kNoColumn && target != kNoColumn) || languages_among(names).size() == 2;
}

PairColumns find_pair_columns(const PairInput& input, const std::vector<std::string>& names) {
  const Header header{input.source.path, names};
  const ReadSpec& spec = input.spec;
  PairColumns out{given_column(header, Role::kText, spec.text_column),
                  given_column(header, Role::kLabel, spec.target),
                  given_column(header, Role::kId, spec.id),
                  given_column(header, Role::kGroup, spec.group)};
  if (out.id == kNoColumn && languages_among(names).size() != 2) {
    out.id = find_column(header, Role::kId, "");  // "id" may be Indonesian
  }
  if (out.group == kNoColumn) out.group = find_column(header, Role::kGroup, "");
  if (const Columns* trained = input.wanted.trained) {
    if (out.source == kNoColumn) out.source = trained_column(names, trained->text);
    if (out.target == kNoColumn) out.target = trained_column(names, trained->label);
  }
  find_unnamed(names, input.wanted.replies, out);
  require_pair(input, names, out);
  return out;
}

}  // namespace refrain::data

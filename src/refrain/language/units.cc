#include "refrain/language/units.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/tokenise.h"

namespace refrain::language {
namespace {

using base::Json;

constexpr const char* kLineEnd = "</s>";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string> words_at_spaces(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < line.size();) {
    while (i < line.size() && is_space(line[i])) ++i;
    const std::size_t begin = i;
    while (i < line.size() && !is_space(line[i])) ++i;
    if (i > begin) words.emplace_back(line.substr(begin, i - begin));
  }
  return words;
}

std::vector<std::string> characters_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && !begins_character(text[end])) ++end;
    out.emplace_back(text.substr(i, end - i));
    i = end;
  }
  return out;
}

UnitKind kind_of(const std::string& name) {
  if (name == "character") return UnitKind::kCharacter;
  return name == "word" ? UnitKind::kWord : UnitKind::kSubword;
}

// A vocabulary grows with the text, as its words do.
int subword_count(std::size_t bytes) {
  int size = 500;
  for (std::size_t reached = 100'000; reached < bytes && size < 16000; reached *= 4) size *= 2;
  return size;
}

UnitSpec settle(UnitSpec spec, std::string_view text) {
  if (spec.tokens == "auto") {
    spec.tokens = text.find(" <unk> ") != std::string_view::npos ? "spaces" : "rules";
  }
  if (spec.min_count == kAuto) {
    spec.min_count = spec.unit == "word" && spec.tokens == "rules" ? 2 : 1;
  }
  if (spec.vocabulary_size == kAuto) spec.vocabulary_size = subword_count(text.size());
  return spec;
}

}  // namespace

TextSize measure_text(std::string_view text) {
  TextSize size;
  for (const auto line : lines_of(text)) {
    size.words += static_cast<double>(words_at_spaces(line).size()) + 1;
  }
  size.characters = static_cast<double>(std::count_if(text.begin(), text.end(), begins_character));
  return size;
}

// Words with their line ends, or characters.
std::vector<std::string> Units::split(std::string_view text) const {
  if (kind_ == UnitKind::kCharacter) return characters_of(text);
  std::vector<std::string> out;
  const bool by_rules = spec_.tokens == "rules";
  for (const auto line : lines_of(text)) {
    auto words = by_rules ? data::tokenise(line, spec_.lowercase) : words_at_spaces(line);
    if (by_rules && words.empty()) continue;
    out.insert(out.end(), std::make_move_iterator(words.begin()),
               std::make_move_iterator(words.end()));
    out.emplace_back(kLineEnd);
  }
  return out;
}

void Units::find_mark() {
  if (kind_ == UnitKind::kSubword) {
    mark_ = subwords_.line_end();
  } else {
    mark_ = vocabulary_.id(kind_ == UnitKind::kCharacter ? "\n" : kLineEnd);
  }
}

Units Units::fit(std::string_view text, const UnitSpec& spec) {
  Units out;
  out.kind_ = kind_of(spec.unit);
  out.spec_ = settle(spec, text);
  if (out.kind_ == UnitKind::kSubword) {
    const std::string& path = spec.sentencepiece;
    out.subwords_ = path.empty() ? Subwords::train(lines_of(text), out.spec_.vocabulary_size)
                                 : Subwords::load(base::read_file(path).bytes, path);
    out.spec_.sentencepiece.clear();  // the model is kept with the units
  } else {
    out.vocabulary_.fit({out.split(text)}, out.spec_.min_count, out.spec_.max_vocabulary);
  }
  out.find_mark();
  return out;
}

std::vector<int> Units::encode(std::string_view text) const {
  std::vector<int> out;
  if (kind_ == UnitKind::kSubword) {
    for (const auto line : lines_of(text)) {
      const auto pieces = subwords_.encode(line);
      out.insert(out.end(), pieces.begin(), pieces.end());
      out.push_back(mark_);
    }
    return out;
  }
  for (const auto& unit : split(text)) out.push_back(vocabulary_.id(unit));
  return out;
}

std::string Units::decode(const std::vector<int>& numbers) const {
  std::string out;
  if (kind_ == UnitKind::kSubword) {
    std::vector<int> line;
    for (const int number : numbers) {
      if (number != mark_) {
        line.push_back(number);
        continue;
      }
      out += subwords_.decode(line) + "\n";
      line.clear();
    }
    return out + subwords_.decode(line);
  }
  for (const int number : numbers) {
    if (kind_ == UnitKind::kCharacter) {
      out += number == 0 ? "\xEF\xBF\xBD" : vocabulary_.word(number);
    } else if (number == mark_ && number != 0) {
      out += "\n";
    } else {
      if (!out.empty() && out.back() != '\n') out += " ";
      out += vocabulary_.word(number);
    }
  }
  return out;
}

int Units::size() const {
  return kind_ == UnitKind::kSubword ? subwords_.size() : vocabulary_.size();
}

const char* Units::name() const {
  return kind_ == UnitKind::kCharacter ? "character"
         : kind_ == UnitKind::kWord    ? "word"
                                       : "subword";
}

Json Units::to_json() const {
  Json json = {{"unit", spec_.unit}, {"tokens", spec_.tokens}, {"lowercase", spec_.lowercase}};
  if (kind_ == UnitKind::kSubword) {
    json["sentencepiece"] = subwords_.to_text();
  } else {
    json["vocabulary"] = vocabulary_.to_json();
  }
  return json;
}

Units Units::from_json(const Json& json) {
  Units out;
  LanguageSpec checked;
  for (const char* name : {"unit", "tokens", "lowercase"}) {
    base::set_field(language_fields(), &checked, name, json.at(name));
  }
  out.spec_ = checked.units;
  out.kind_ = kind_of(out.spec_.unit);
  if (out.kind_ == UnitKind::kSubword) {
    out.subwords_ = Subwords::from_text(json.at("sentencepiece"), "its subword part");
  } else {
    out.vocabulary_ = data::Vocabulary::from_json(json.at("vocabulary"));
  }
  out.find_mark();
  return out;
}

}  // namespace refrain::language

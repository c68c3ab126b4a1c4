#include "refrain/transduce/symbols.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/base/error.h"

namespace refrain::transduce {
namespace {

using base::Json;
using Kind = Symbols::Kind;

// Numbers of a SentencePiece model: 0 is unknown, 1 and 2 are its marks; pieces follow.
constexpr int kFirstPiece = 3, kFirstSymbol = 2;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Tokens of a text, with one blank between.
std::string joined(std::string_view text) {
  std::string out;
  for (const auto token : tokens_of(text)) {
    if (!out.empty()) out += ' ';
    out += token;
  }
  return out;
}

std::vector<std::string> characters_in(std::string_view text) {
  std::vector<std::string> out;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (begins || out.empty()) out.emplace_back();
    out.back() += c;
  }
  return out;
}

std::vector<std::string> pieces_of(std::string_view text, Kind kind) {
  if (kind == Kind::kCharacters) return characters_in(joined(text));
  const auto tokens = tokens_of(text);
  return {tokens.begin(), tokens.end()};
}

struct KindName {
  const char* name;
  Kind kind;
};
constexpr KindName kKinds[] = {
    {"characters", Kind::kCharacters}, {"tokens", Kind::kTokens}, {"subwords", Kind::kSubwords}};

// Few different tokens, most of them short, several in each text: phones, digits, gestures.
bool are_codes(const std::vector<std::string_view>& texts) {
  constexpr std::size_t kMostCodes = 250;
  std::set<std::string_view> different;
  double tokens = 0, characters = 0;
  for (const auto text : texts) {
    for (const auto token : tokens_of(text)) {
      different.insert(token);
      tokens += 1;
      for (const char c : token) characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }
    if (different.size() > kMostCodes) return false;
  }
  const double texts_there = static_cast<double>(texts.size());
  return tokens >= 2 * texts_there && characters <= 3 * tokens &&
         static_cast<double>(different.size()) * 4 <= tokens;
}

bool are_single_words(const std::vector<std::string_view>& texts) {
  constexpr double kMostWords = 3.5;
  double tokens = 0;
  for (const auto text : texts) tokens += static_cast<double>(tokens_of(text).size());
  return tokens <= kMostWords * static_cast<double>(texts.size());
}

}  // namespace

std::vector<std::string_view> tokens_of(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    if (is_blank(text[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < text.size() && !is_blank(text[end])) ++end;
    out.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return out;
}

Kind kind_of(const std::string& choice, const std::vector<std::string_view>& texts) {
  for (const auto& [name, kind] : kKinds) {
    if (choice == name) return kind;
  }
  if (are_codes(texts)) return Kind::kTokens;
  return are_single_words(texts) ? Kind::kCharacters : Kind::kSubwords;
}

Symbols Symbols::fit(const std::vector<std::string_view>& texts, Kind kind, int size) {
  Symbols out;
  out.kind_ = kind;
  if (kind == Kind::kSubwords) {
    out.subwords_ = language::Subwords::train(texts, size, language::SubwordKind::kBytePairs);
    return out;
  }
  std::vector<std::vector<std::string>> pieces;
  for (const auto text : texts) pieces.push_back(pieces_of(text, kind));
  constexpr int kMostSymbols = 50'000;
  out.vocabulary_.fit(pieces, 1, kMostSymbols);
  return out;
}

std::vector<int> Symbols::encode(std::string_view text) const {
  std::vector<int> out;
  if (kind_ == Kind::kSubwords) {
    for (const int piece : subwords_.encode(joined(text))) {
      out.push_back(piece < kFirstPiece ? kUnknown : piece - kFirstPiece + kFirstSymbol);
    }
    return out;
  }
  for (const auto& piece : pieces_of(text, kind_)) out.push_back(vocabulary_.id(piece) + 1);
  return out;
}

std::string Symbols::decode(const std::vector<int>& symbols) const {
  if (kind_ == Kind::kSubwords) {
    std::vector<int> pieces;
    for (const int s : symbols) {
      if (s >= kFirstSymbol) pieces.push_back(s - kFirstSymbol + kFirstPiece);
    }
    return subwords_.decode(pieces);
  }
  std::string out;
  for (const int s : symbols) {
    if (s < kFirstSymbol) continue;
    if (kind_ == Kind::kTokens && !out.empty()) out += ' ';
    out += vocabulary_.word(s - 1);
  }
  return joined(out);
}

std::string Symbols::name(int symbol) const {
  if (symbol == kMark) return "</s>";
  if (symbol == kUnknown) return "<unk>";
  return kind_ == Kind::kSubwords ? subwords_.piece(symbol - kFirstSymbol + kFirstPiece)
                                  : vocabulary_.word(symbol - 1);
}

const char* Symbols::kind_name() const {
  for (const auto& [name, kind] : kKinds) {
    if (kind == kind_) return name;
  }
  return "";
}

int Symbols::size() const {
  return kind_ == Kind::kSubwords ? subwords_.size() - kFirstPiece + kFirstSymbol
                                  : vocabulary_.size() + 1;
}

Json Symbols::to_json() const {
  Json out = {{"units", kind_name()}};
  if (kind_ == Kind::kSubwords) {
    out["sentencepiece"] = subwords_.to_text();
  } else {
    out["vocabulary"] = vocabulary_.to_json();
  }
  return out;
}

Symbols Symbols::from_json(const Json& json) {
  Symbols out;
  const auto& units = json.at("units").get_ref<const std::string&>();
  for (const auto& [name, kind] : kKinds) {
    if (units == name) out.kind_ = kind;
  }
  if (units != out.kind_name()) throw Error(Code::kData, "its symbols are of an unknown kind");
  if (out.kind_ == Kind::kSubwords) {
    out.subwords_ = language::Subwords::from_text(json.at("sentencepiece"), "its part of subwords");
  } else {
    out.vocabulary_ = data::Vocabulary::from_json(json.at("vocabulary"));
  }
  return out;
}

}  // namespace refrain::transduce

#include "refrain/transformer/wordpiece.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/tokenise.h"
#include "refrain/transformer/config.h"

namespace refrain::transformer {
namespace {

using base::Json;

constexpr int kMostIds = 10'000'000;

bool is_chinese(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  // The blocks of Han characters that BERT's tokenizer cuts apart.
  constexpr std::array<Range, 8> kRanges = {{{0x4e00, 0x9fff},
                                             {0x3400, 0x4dbf},
                                             {0x20000, 0x2a6df},
                                             {0x2a700, 0x2b73f},
                                             {0x2b740, 0x2b81f},
                                             {0x2b920, 0x2ceaf},
                                             {0xf900, 0xfaff},
                                             {0x2f800, 0x2fa1f}}};
  return std::any_of(kRanges.begin(), kRanges.end(),
                     [c](const Range& r) { return c >= r.first && c <= r.last; });
}

utf8proc_category_t category_of(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

// Unicode's White_Space.
bool is_blank_point(char32_t c) {
  if (c <= ' ') return c == ' ' || (c >= 9 && c <= 13);
  const auto category = category_of(c);
  return c == 0x85 || (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP);
}

// Control, format, surrogate and private characters, but for those that separate words.
bool is_removed(char32_t c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  if (c == 0 || c == 0xfffd) return true;
  const auto category = category_of(c);
  return category >= UTF8PROC_CATEGORY_CC && category <= UTF8PROC_CATEGORY_CO;
}

bool is_punctuation_point(char32_t c) {
  if (c < 128) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
  }
  const auto category = category_of(c);
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

// Appends the canonical decomposition of c without its accents.
void add_without_accents(char32_t c, std::u32string& out) {
  if (c < 128) {
    out += c;
    return;
  }
  std::array<utf8proc_int32_t, 32> parts{};
  int boundary = 0;
  const auto count = utf8proc_decompose_char(
      static_cast<utf8proc_int32_t>(c), parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
      static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE), &boundary);
  if (count < 1 || count > static_cast<utf8proc_ssize_t>(parts.size())) {
    out += c;
    return;
  }
  for (utf8proc_ssize_t i = 0; i < count; ++i) {
    const auto part = static_cast<char32_t>(parts[static_cast<std::size_t>(i)]);
    if (category_of(part) != UTF8PROC_CATEGORY_MN) out += part;
  }
}

void add_lower(char32_t c, std::u32string& out) {
  if (c == 0x130) {  // the one capital whose small form is two characters
    out += U"i\u0307";
  } else if (c < 128) {
    out += c >= 'A' && c <= 'Z' ? c + 32 : c;
  } else {
    out += static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
  }
}

std::u32string normalised(std::string_view text, const WordPieceRules& rules) {
  std::u32string out, folded;
  for (const char32_t c : data::code_points(text)) {
    if (rules.clean && is_removed(c)) continue;
    if (rules.clean && is_blank_point(c)) {
      out += U' ';
    } else if (rules.chinese_apart && is_chinese(c)) {
      out.append({U' ', c, U' '});
    } else {
      out += c;
    }
  }
  if (rules.strip_accents) {
    for (const char32_t c : out) add_without_accents(c, folded);
    out.swap(folded);
    folded.clear();
  }
  if (!rules.lowercase) return out;
  for (const char32_t c : out) add_lower(c, folded);
  return folded;
}

void add_utf8(char32_t c, std::string& out) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(count));
}

bool flag_of(const Json& json, const char* name, bool usual) {
  const Json value = json.value(name, Json());
  return value.is_boolean() ? value.get<bool>() : usual;
}

// null means "as `lowercase` says".
WordPieceRules rules_of(const Json& json, const char* lowercase, const char* chinese) {
  WordPieceRules rules;
  rules.lowercase = flag_of(json, lowercase, true);
  rules.strip_accents = flag_of(json, "strip_accents", rules.lowercase);
  rules.chinese_apart = flag_of(json, chinese, true);
  rules.clean = flag_of(json, "clean_text", true);
  return rules;
}

[[noreturn]] void refuse_tokenizer(const std::string& path, const std::string& what) {
  throw Error(Code::kUnsupported, fmt::format("{}: {}", path, what),
              "encoders with WordPiece vocabularies (BERT, DistilBERT, MiniLM) are supported");
}

Error damaged_vocabulary(const std::string& path, const std::string& why) {
  return Error(Code::kData, fmt::format("{}: {}", path, why),
               "copy or download the vocabulary again, from the folder of the weights");
}

}  // namespace

WordPiece::WordPiece(Vocabulary vocabulary, const WordPieceRules& rules, const std::string& path)
    : rules_(rules), vocabulary_(std::move(vocabulary)) {
  for (const auto& [word, number] : vocabulary_) size_ = std::max(size_, number + 1);
  unknown_ = id("[UNK]", path);
  begin_ = id("[CLS]", path);
  end_ = id("[SEP]", path);
  for (const char* word : {"[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"}) {
    const auto found = vocabulary_.find(std::string_view(word));
    if (found != vocabulary_.end()) add_special(word, found->second);
  }
}

WordPiece::WordPiece(std::vector<std::string> words, const WordPieceRules& rules,
                     const std::string& path)
    : WordPiece(
          [&] {
            Vocabulary vocabulary;
            int number = 0;
            for (auto& word : words) vocabulary[std::move(word)] = number++;
            return vocabulary;
          }(),
          rules, path) {}

int WordPiece::id(const char* word, const std::string& path) const {
  const auto found = vocabulary_.find(std::string_view(word));
  if (found == vocabulary_.end()) {
    throw damaged_vocabulary(path, fmt::format("the vocabulary has no {}", word));
  }
  return found->second;
}

void WordPiece::add_special(std::string word, int id) {
  for (const auto& [known, number] : special_) {
    if (known == word) return;
  }
  special_.emplace_back(std::move(word), id);
}

WordPiece WordPiece::from_json(const Json& json, const std::string& path) {
  const Json model = json.value("model", Json::object());
  const Json type = model.is_object() ? model.value("type", Json("WordPiece")) : Json();
  if (type != "WordPiece") {
    refuse_tokenizer(path, fmt::format("a tokenizer of the kind {}", type.dump()));
  }
  if (model.value("continuing_subword_prefix", Json("##")) != "##" ||
      model.value("unk_token", Json("[UNK]")) != "[UNK]") {
    refuse_tokenizer(path, "pieces are not marked by ##, or unknown words not by [UNK]");
  }
  const Json normaliser = json.value("normalizer", Json());
  if (!normaliser.is_object() || normaliser.value("type", Json()) != "BertNormalizer") {
    refuse_tokenizer(path, "the normalizer is not BERT's");
  }
  const Json words = model.value("vocab", Json());
  if (!words.is_object()) throw damaged_vocabulary(path, "there is no vocabulary");
  Vocabulary vocabulary;
  for (const auto& [word, number] : words.items()) {
    if (!number.is_number_integer() || number < 0 || number >= kMostIds) {
      throw damaged_vocabulary(path, fmt::format("'{}' has no proper number", word));
    }
    vocabulary[word] = number.get<int>();
  }
  WordPieceRules rules = rules_of(normaliser, "lowercase", "handle_chinese_chars");
  const Json longest = model.value("max_input_chars_per_word", Json(100));
  if (longest.is_number_integer() && longest > 0) rules.longest_word = longest.get<int>();
  WordPiece out(std::move(vocabulary), rules, path);
  for (const auto& added : json.value("added_tokens", Json::array())) {
    const Json word = added.is_object() ? added.value("content", Json()) : Json();
    const Json number = added.is_object() ? added.value("id", Json()) : Json();
    if (!word.is_string() || word == "" || !number.is_number_integer() || number < 0 ||
        number >= kMostIds) {
      throw damaged_vocabulary(path, "one of added_tokens has no text or no number");
    }
    out.add_special(word.get<std::string>(), number.get<int>());
    out.size_ = std::max(out.size_, number.get<int>() + 1);
  }
  return out;
}

WordPiece WordPiece::from_lines(const std::string& folder, const std::string& path) {
  const std::string text = base::read_file(path).bytes;
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    auto word = text.substr(begin, end - begin);
    if (!word.empty() && word.back() == '\r') word.pop_back();
    words.push_back(std::move(word));
    begin = end + 1;
  }
  WordPieceRules rules;
  const auto settings = std::filesystem::path(folder) / "tokenizer_config.json";
  std::error_code none;
  if (std::filesystem::exists(settings, none)) {
    const Json json =
        parse_foreign_json(base::read_file(settings.string()).bytes, settings.string());
    rules = rules_of(json, "do_lower_case", "tokenize_chinese_chars");
  }
  return {std::move(words), rules, path};
}

WordPiece WordPiece::from_folder(const std::string& folder) {
  std::error_code none;
  const auto json = std::filesystem::path(folder) / "tokenizer.json";
  if (std::filesystem::exists(json, none)) {
    const std::string path = json.string();
    return from_json(parse_foreign_json(base::read_file(path).bytes, path), path);
  }
  const auto lines = std::filesystem::path(folder) / "vocab.txt";
  if (std::filesystem::exists(lines, none)) return from_lines(folder, lines.string());
  throw Error(Code::kIo, fmt::format("{}: there is neither vocab.txt nor tokenizer.json", folder),
              "copy one of them from where the weights came from");
}

WordPiece::Tokens WordPiece::tokens(std::string_view text, int longest) const {
  Tokens out;
  out.ids.push_back(begin_);
  const auto most = static_cast<std::size_t>(std::max(2, longest)) - 1;
  while (!text.empty() && out.ids.size() <= most) {  // up to the next special token, then that
    std::size_t at = std::string_view::npos;
    const std::pair<std::string, int>* next = nullptr;
    for (const auto& special : special_) {
      const auto found = text.find(special.first);
      const bool longer = next != nullptr && found == at && found != std::string_view::npos &&
                          special.first.size() > next->first.size();
      if (found < at || longer) at = found, next = &special;
    }
    split_plain(text.substr(0, at), out.ids);
    if (next == nullptr) break;
    out.ids.push_back(next->second);
    text.remove_prefix(at + next->first.size());
  }
  out.cut = out.ids.size() > most;
  if (out.cut) out.ids.resize(most);
  out.ids.push_back(end_);
  return out;
}

void WordPiece::split_plain(std::string_view text, std::vector<int>& ids) const {
  const std::u32string points = normalised(text, rules_);
  const std::u32string_view all = points;
  for (std::size_t i = 0; i < all.size();) {
    if (is_blank_point(all[i])) {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    if (!is_punctuation_point(all[i])) {
      while (end < all.size() && !is_blank_point(all[end]) && !is_punctuation_point(all[end])) {
        ++end;
      }
    }
    split_word(all.substr(i, end - i), ids);
    i = end;
  }
}

void WordPiece::split_word(std::u32string_view word, std::vector<int>& ids) const {
  if (word.size() > static_cast<std::size_t>(rules_.longest_word)) {
    ids.push_back(unknown_);
    return;
  }
  std::string bytes = "##";
  std::vector<std::size_t> ends = {bytes.size()};  // of the characters in `bytes`
  for (const char32_t c : word) {
    add_utf8(c, bytes);
    ends.push_back(bytes.size());
  }
  const std::size_t old = ids.size();
  for (std::size_t begin = 0; begin < word.size();) {
    std::size_t end = word.size();
    auto found = vocabulary_.end();
    for (; end > begin && found == vocabulary_.end(); --end) {
      std::string piece = bytes.substr(ends[begin], ends[end] - ends[begin]);
      if (begin > 0) piece.insert(0, "##");
      found = vocabulary_.find(std::string_view(piece));
    }
    if (found == vocabulary_.end()) {
      ids.resize(old);
      ids.push_back(unknown_);
      return;
    }
    ids.push_back(found->second);
    begin = end + 1;
  }
}

void WordPiece::add_to(base::Digest& digest) const {
  std::vector<std::pair<int, std::string_view>> sorted;
  for (const auto& [word, number] : vocabulary_) sorted.emplace_back(number, word);
  std::sort(sorted.begin(), sorted.end());
  digest.add_count(sorted.size());
  for (const auto& [number, word] : sorted) {
    digest.add_count(static_cast<std::uint64_t>(number)).add_text(word);
  }
  for (const auto& [word, number] : special_) {
    digest.add_count(static_cast<std::uint64_t>(number)).add_text(word);
  }
  digest.add_count((rules_.clean ? 1 : 0) + (rules_.chinese_apart ? 2 : 0) +
                   (rules_.lowercase ? 4 : 0) + (rules_.strip_accents ? 8 : 0));
  digest.add_count(static_cast<std::uint64_t>(rules_.longest_word));
}

}  // namespace refrain::transformer

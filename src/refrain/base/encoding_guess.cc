// Guesses the encoding of a text from the characters that each encoding would give: see
// guess_encodings in encoding.h.
#include <algorithm>
#include <array>
#include <cstdint>

#include "refrain/base/encoding.h"

namespace refrain::base {
namespace {

constexpr std::size_t kBytesTried = std::size_t{1} << 16;
constexpr std::size_t kSampleLetters = 20;

enum class Script { kHan, kJapanese, kKorean, kCyrillic, kLatin };

struct Candidate {
  const char* name;
  Script script;
  std::u32string_view frequent;  // words that every text of some length has
};

constexpr std::u32string_view kSimplified =
    U"的一是不了在有人这我他来个们到说国大地为子中你上生也时年得就那要下以会自着去之过家学对可里后"
    U"小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面很书部电影"
    U"快味送外卖太差";
constexpr std::u32string_view kTraditional =
    U"的一是不了在有人這我他來個們到說國大地為子中你上生也時年得就那要下以會自著去之過家學對可裡後"
    U"小麼心多天而能好都然沒日於起還發成事只作當想看文無開手很書部電影";
constexpr std::u32string_view kHangul = U"이다는을가에고하의지로은한어아기서사도나그자리";

// The code points of valid UTF-8.
std::u32string code_points(const std::string& text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t point = size == 1 ? lead : lead & (0xffU >> (size + 1));
    for (std::size_t k = 1; k < size && i + k < text.size(); ++k) {
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
    }
    out.push_back(point);
    i += size;
  }
  return out;
}

bool within(char32_t c, char32_t from, char32_t to) { return c >= from && c <= to; }

bool is_ascii_letter(char32_t c) { return within(c, 'a', 'z') || within(c, 'A', 'Z'); }

bool is_kana(char32_t c) { return within(c, 0x3041, 0x30ff); }

bool is_punctuation(char32_t c) {
  return within(c, 0x2010, 0x2026) || within(c, 0x3000, 0x3011) || within(c, 0xff01, 0xff1f) ||
         c == 0xab || c == 0xbb || c == 0x20ac || c == 0xb0;
}

bool is_letter(char32_t c, Script script) {
  const bool han = within(c, 0x4e00, 0x9fff);
  switch (script) {
    case Script::kHan:
      return han;
    case Script::kJapanese:
      return han || is_kana(c);
    case Script::kKorean:
      return within(c, 0xac00, 0xd7a3);
    case Script::kCyrillic:
      return within(c, 0x0410, 0x044f) || c == 0x0401 || c == 0x0451;
    case Script::kLatin:
      break;
  }
  return within(c, 0xc0, 0xff) && c != 0xd7 && c != 0xf7;
}

// Shares of the characters beyond ASCII.
struct Shares {
  double fitting = 0, frequent = 0, kana = 0, small = 0, alone = 0;
};

Shares shares_of(const std::u32string& text, const Candidate& candidate) {
  Shares out;
  double beyond = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c < 0x80) continue;
    ++beyond;
    const char32_t before = i > 0 ? text[i - 1] : U' ',
                   after = i + 1 < text.size() ? text[i + 1] : U' ';
    const bool beside_ascii = is_ascii_letter(before) || is_ascii_letter(after);
    const bool letter = is_letter(c, candidate.script);
    const bool mixed = candidate.script == Script::kCyrillic && beside_ascii;
    out.fitting += (letter && !mixed) || is_punctuation(c) ? 1 : 0;
    out.frequent += candidate.frequent.find(c) != std::u32string_view::npos ? 1 : 0;
    out.kana += is_kana(c) ? 1 : 0;
    out.small += within(c, 0x0430, 0x0451) ? 1 : 0;
    out.alone += (letter && before < 0x80 && after < 0x80) || is_punctuation(c) ? 1 : 0;
  }
  if (beyond == 0) return {};
  for (double* share : {&out.fitting, &out.frequent, &out.kana, &out.small, &out.alone}) {
    *share /= beyond;
  }
  return out;
}

// 0 to 1: how much the text looks like words of the candidate's script.
double likelihood(const std::u32string& text, const Candidate& candidate) {
  const Shares s = shares_of(text, candidate);
  switch (candidate.script) {
    case Script::kHan:
    case Script::kKorean:
      return s.fitting * (0.5 + std::min(0.5, 3 * s.frequent));
    case Script::kJapanese:
      return s.fitting * (0.4 + std::min(0.6, 3 * s.kana));
    case Script::kCyrillic:
      return s.fitting * (s.small > 0.5 ? 1 : 0.3);
    case Script::kLatin:
      break;
  }
  return s.fitting * (0.2 + 0.8 * s.alone);
}

void append_utf8(char32_t c, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  const auto value = static_cast<std::uint32_t>(c);
  if (value < 0x80) return put(value);
  if (value < 0x800) {
    put(0xc0 | value >> 6);
  } else if (value < 0x10000) {
    put(0xe0 | value >> 12);
    put(0x80 | (value >> 6 & 0x3f));
  } else {
    put(0xf0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3f));
    put(0x80 | (value >> 6 & 0x3f));
  }
  put(0x80 | (value & 0x3f));
}

// Some characters around the first one beyond ASCII, without control characters.
std::string sample_of(const std::u32string& text) {
  const auto found = std::find_if(text.begin(), text.end(), [](char32_t c) { return c >= 0x80; });
  auto at = found;
  while (at != text.begin() && found - at < 4 && *(at - 1) != '\n') --at;
  std::string out;
  for (std::size_t i = 0; i < kSampleLetters && at != text.end(); ++i, ++at) {
    if (*at == '\n' && at > found) break;
    append_utf8(*at < 0x20 || within(*at, 0x7f, 0x9f) ? U' ' : *at, out);
  }
  return out;
}

}  // namespace

std::vector<EncodingGuess> guess_encodings(std::string_view bytes) {
  static constexpr std::array<Candidate, 9> kCandidates = {{
      {"latin-1", Script::kLatin, {}},
      {"gb18030", Script::kHan, kSimplified},
      {"big5", Script::kHan, kTraditional},
      {"shift_jis", Script::kJapanese, {}},
      {"euc-jp", Script::kJapanese, {}},
      {"euc-kr", Script::kKorean, kHangul},
      {"windows-1251", Script::kCyrillic, {}},
      {"koi8-r", Script::kCyrillic, {}},
      {"iso-8859-5", Script::kCyrillic, {}},
  }};
  std::string tried(bytes.substr(0, kBytesTried));
  if (tried.size() < bytes.size()) tried.resize(tried.rfind('\n') + 1);
  if (first_invalid_utf8(tried) == std::string_view::npos)
    tried = bytes;  // the odd bytes come later
  std::vector<std::pair<double, EncodingGuess>> found;
  for (const auto& candidate : kCandidates) {
    const Decoded decoded = decode(tried, candidate.name);
    if (100 * decoded.bad.size() > decoded.text.size()) continue;
    const std::u32string text = code_points(decoded.text);
    found.push_back({likelihood(text, candidate), {candidate.name, sample_of(text)}});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<EncodingGuess> out;
  for (const auto& [score, guess] : found) {
    if (out.size() < 3 && score > 0.7 * found.front().first) out.push_back(guess);
  }
  return out;
}

}  // namespace refrain::base

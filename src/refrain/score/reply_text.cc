#include "refrain/score/reply_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace refrain::score {
namespace {

constexpr char32_t kBadByte = 0x110000;  // plus the byte

struct PointRange {
  char32_t first, last;
};

template <std::size_t N>
bool lies_in(const PointRange (&ranges)[N], char32_t c) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](const PointRange& r) { return c >= r.first && c <= r.last; });
}

utf8proc_category_t category_of(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

bool is_letter(char32_t c) {
  const auto category = category_of(c);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

// -------------------------------------------------------------------- lower case

bool is_cased(char32_t c) {
  const auto category = category_of(c);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LT;
}

// Unicode's Case_Ignorable: marks, and what stands inside words.
bool is_case_ignorable(char32_t c) {
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      return Points(
                 U"'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07"
                 U"\uff0e\uff1a")
                 .find(c) != Points::npos;
  }
}

// A capital sigma is small in another way at the end of a word (Unicode's Final_Sigma).
bool ends_word(const Points& text, std::size_t at) {
  std::size_t before = at, after = at + 1;
  while (before > 0 && is_case_ignorable(text[before - 1])) --before;
  if (before == 0 || !is_cased(text[before - 1])) return false;
  while (after < text.size() && is_case_ignorable(text[after])) ++after;
  return after == text.size() || !is_cased(text[after]);
}

// -------------------------------------------------------------------- tokenisers

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_stop(char32_t c) { return c == '.' || c == ','; }
bool is_dash(char32_t c) { return c == '-'; }
bool is_no_digit(char32_t c) { return !is_digit(c); }

// The marks that 13a sets apart wherever they stand.
constexpr PointRange kMarks[] = {{'{', '~'}, {'[', '`'}, {' ', '&'},
                                 {'(', '+'}, {':', '@'}, {'/', '/'}};

// What the tokeniser zh takes for Chinese. One range of sacreBLEU is written as U+2001 to U+2A6D,
// arrows and quotation marks among them, instead of U+20000 to U+2A6D6: its numbers depend on it.
constexpr PointRange kChinese[] = {
    {0x3400, 0x4db5}, {0x4e00, 0x9fbb}, {0xf900, 0xfa2d}, {0xfa30, 0xfa6a}, {0xfa70, 0xfad9},
    {0x2001, 0x2a6d}, {0xff00, 0xffef}, {0x2e80, 0x2fdf}, {0x2ff0, 0x303f}, {0x3100, 0x312f},
    {0x31a0, 0x31bf}, {0x31c0, 0x31ef}, {0xfe10, 0xfe1f}, {0xfe30, 0xfe4f}, {0x3200, 0x33ff}};

Points replaced(const Points& text, std::u32string_view what, std::u32string_view by) {
  Points out;
  std::size_t from = 0;
  for (std::size_t at; (at = text.find(what, from)) != Points::npos; from = at + what.size()) {
    out.append(text, from, at - from).append(by);
  }
  return out.append(text, from);
}

template <std::size_t N>
Points set_apart(const Points& text, const PointRange (&ranges)[N]) {
  Points out;
  for (const char32_t c : text) {
    if (lies_in(ranges, c)) {
      out.append({U' ', c, U' '});
    } else {
      out += c;
    }
  }
  return out;
}

// A blank between two neighbours, and one before or after them; from left to right, each code point
// being in one pair at most.
struct PairRule {
  bool (*first)(char32_t);
  bool (*second)(char32_t);
  bool blank_before;

  Points operator()(const Points& text) const {
    Points out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool pair = i + 1 < text.size() && first(text[i]) && second(text[i + 1]);
      if (pair && blank_before) out += U' ';
      out += text[i];
      if (!pair) continue;
      out.append({U' ', text[++i]});
      if (!blank_before) out += U' ';
    }
    return out;
  }
};

std::vector<Points> with_marks_apart(const Points& text) {
  Points line = set_apart(text, kMarks);
  line = PairRule{is_no_digit, is_stop, false}(line);
  line = PairRule{is_stop, is_no_digit, true}(line);
  return words_of(PairRule{is_digit, is_dash, false}(line));
}

Points without_end(const Points& text) {
  const auto last = std::find_if_not(text.rbegin(), text.rend(), is_white);
  return {text.begin(), last.base()};
}

std::vector<Points> tokens_13a(const Points& text) {
  static constexpr std::pair<std::u32string_view, std::u32string_view> kReplacements[] = {
      {U"<skipped>", U""}, {U"-\n", U""},   {U"\n", U" "},  {U"&quot;", U"\""},
      {U"&amp;", U"&"},    {U"&lt;", U"<"}, {U"&gt;", U">"}};
  Points line = without_end(text);
  for (const auto& [what, by] : kReplacements) line = replaced(line, what, by);
  return with_marks_apart(U' ' + line + U' ');
}

std::vector<Points> tokens_zh(const Points& text) {
  const auto first = std::find_if_not(text.begin(), text.end(), is_white);
  return with_marks_apart(set_apart(without_end({first, text.end()}), kChinese));
}

std::vector<Points> tokens_char(const Points& text) {
  std::vector<Points> out;
  for (const char32_t c : text) {
    if (!is_white(c)) out.emplace_back(1, c);
  }
  return out;
}

// -------------------------------------------------------------------- scripts

constexpr PointRange kHan[] = {
    {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x3ffff}};
constexpr PointRange kOtherUnspaced[] = {{0x3040, 0x30ff}, {0x31f0, 0x31ff}, {0xff66, 0xff9f},
                                         {0x0e00, 0x0fff}, {0x1000, 0x109f}, {0x1780, 0x17ff}};

}  // namespace

Points code_points(std::string_view text) {
  Points out;
  out.reserve(text.size());
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (std::size_t i = 0; i < text.size();) {
    utf8proc_int32_t point = bytes[i];
    utf8proc_ssize_t size = 1;
    if (bytes[i] >= 0x80) {
      size = utf8proc_iterate(bytes + i, static_cast<utf8proc_ssize_t>(text.size() - i), &point);
    }
    out += size > 0 ? static_cast<char32_t>(point) : kBadByte + bytes[i];
    i += static_cast<std::size_t>(std::max<utf8proc_ssize_t>(size, 1));
  }
  return out;
}

std::string utf8(const Points& text) {
  std::string out;
  for (const char32_t c : text) {
    if (c >= kBadByte) {
      out += static_cast<char>(c - kBadByte);
      continue;
    }
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
    out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
  }
  return out;
}

bool is_white(char32_t c) {
  static constexpr PointRange kWhite[] = {
      {0x09, 0x0d},     {0x1c, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},     {0x1680, 0x1680},
      {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};
  return c <= 0x20 || c >= 0x85 ? lies_in(kWhite, c) : false;
}

std::vector<Points> words_of(const Points& text) {
  std::vector<Points> out;
  for (auto at = text.begin();;) {
    at = std::find_if_not(at, text.end(), is_white);
    if (at == text.end()) return out;
    const auto end = std::find_if(at, text.end(), is_white);
    out.emplace_back(at, end);
    at = end;
  }
}

Points with_single_blanks(const Points& text) {
  Points out;
  for (const auto& word : words_of(text)) {
    if (!out.empty()) out += U' ';
    out += word;
  }
  return out;
}

Points lower_case(const Points& text) {
  Points out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c == U'\u0130') {  // a dotted capital I keeps its dot
      out += U"i\u0307";
    } else if (c == U'\u03a3') {
      out += ends_word(text, i) ? U'\u03c2' : U'\u03c3';
    } else if (c < kBadByte) {
      out += static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
    } else {
      out += c;
    }
  }
  return out;
}

Points WordNumbers::of(const std::vector<Points>& words) {
  Points out;
  for (const auto& word : words) {
    const auto [at, is_new] = numbers_.emplace(word, static_cast<char32_t>(words_.size()));
    if (is_new) words_.push_back(&at->first);
    out += at->second;
  }
  return out;
}

const base::Registry<Tokeniser>& tokenisers() {
  static const base::Registry<Tokeniser> list(
      "tokeniser", {{"13a", "words and marks, as mteval-v13a", tokens_13a},
                    {"zh", "each Chinese character by itself, the rest as 13a", tokens_zh},
                    {"char", "each character by itself", tokens_char},
                    {"none", "what stands between white space", words_of}});
  return list;
}

std::string tokeniser_for(const std::vector<std::string>& references) {
  std::size_t letters = 0, han = 0, unspaced = 0;
  for (const auto& reference : references) {
    for (const char32_t c : code_points(reference)) {
      if (c >= kBadByte || !is_letter(c)) continue;
      ++letters;
      han += lies_in(kHan, c) ? 1 : 0;
      unspaced += lies_in(kOtherUnspaced, c) ? 1 : 0;
    }
  }
  if (2 * (han + unspaced) <= letters) return "13a";
  return 10 * unspaced <= han ? "zh" : "char";  // Japanese has kana between its Han characters
}

}  // namespace refrain::score

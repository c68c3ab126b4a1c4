#include "refrain/data/tokenise.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace refrain::data {
namespace {

using Point = utf8proc_int32_t;  // a Unicode code point

constexpr std::size_t kLongestToken = 64;
// More combining marks in a row than any script uses are dropped (the limit of the Stream-Safe Text
// Format, UAX 15), because putting n of them in canonical order takes n squared steps.
constexpr int kMostMarks = 30;

enum class Kind : unsigned char {
  kSpace,
  kLetter,
  kDigit,
  kMark,
  kJoiner,  // apostrophe or hyphen: part of a word only between letters
  kBinder,  // zero-width (non-)joiner: part of a word only inside one
  kSingle   // a token of its own
};

constexpr std::array<Kind, 128> ascii_kinds() {
  std::array<Kind, 128> kinds{};
  for (int c = 0; c < 128; ++c) {
    Kind kind = Kind::kSingle;
    if (c <= ' ' || c == 127) kind = Kind::kSpace;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) kind = Kind::kLetter;
    if (c >= '0' && c <= '9') kind = Kind::kDigit;
    if (c == '\'' || c == '-') kind = Kind::kJoiner;
    kinds[static_cast<std::size_t>(c)] = kind;
  }
  return kinds;
}
constexpr std::array<Kind, 128> kAsciiKinds = ascii_kinds();

struct Range {
  Point first, last;
};
// Letters that are written without spaces and mean something each.
constexpr std::array<Range, 12> kIdeographs = {{{0x3005, 0x3007},      // iteration mark, zero
                                                {0x3021, 0x3029},      // Hangzhou numerals
                                                {0x3031, 0x303c},      // repeat marks
                                                {0x3041, 0x3098},      // Hiragana
                                                {0x309b, 0x312f},      // Katakana, Bopomofo
                                                {0x31a0, 0x31bf},      // Bopomofo extended
                                                {0x31f0, 0x31ff},      // Katakana extensions
                                                {0x3400, 0x9fff},      // Han
                                                {0xf900, 0xfaff},      // Han compatibility
                                                {0xff66, 0xff9f},      // half-width Katakana
                                                {0x1aff0, 0x1b16f},    // Kana supplements
                                                {0x20000, 0x3ffff}}};  // Han extensions

bool is_ideograph(Point c) {
  return std::any_of(kIdeographs.begin(), kIdeographs.end(),
                     [c](const Range& r) { return c >= r.first && c <= r.last; });
}

Kind unicode_kind(Point c) {
  if (is_ideograph(c)) return Kind::kSingle;
  if (c == 0x2019 || c == 0x2010 || c == 0x2011) return Kind::kJoiner;
  if (c == 0x200c || c == 0x200d) return Kind::kBinder;
  const auto category = utf8proc_category(c);
  if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) return Kind::kLetter;
  if (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME) return Kind::kMark;
  if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO) return Kind::kDigit;
  if (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_CF) return Kind::kSpace;
  return Kind::kSingle;
}

Kind kind_of(char c) { return kAsciiKinds[static_cast<unsigned char>(c)]; }
Kind kind_of(Point c) {
  return c < 128 ? kAsciiKinds[static_cast<std::size_t>(c)] : unicode_kind(c);
}

bool in_words(Kind kind) {
  return kind == Kind::kLetter || kind == Kind::kDigit || kind == Kind::kMark;
}

// Where the token that starts at `begin` ends. One rule for ASCII bytes and for code points.
template <class Unit>
std::size_t token_end(std::span<const Unit> text, std::size_t begin) {
  Kind last = kind_of(text[begin]);  // of the last character that is no mark
  const bool word = in_words(last);
  std::size_t i = begin + 1;
  for (; i < text.size(); ++i) {
    const Kind kind = kind_of(text[i]);
    if (kind == Kind::kMark) continue;
    if (!word) break;
    if (!in_words(kind)) {
      if (i + 1 == text.size()) break;
      const Kind next = kind_of(text[i + 1]);
      const bool joins = kind == Kind::kJoiner && last == Kind::kLetter && next == Kind::kLetter;
      const bool binds = kind == Kind::kBinder && in_words(next);
      if (!joins && !binds) break;
    }
    last = kind;
  }
  return i;
}

TokenKind token_kind(Point first, Kind kind) {
  if (in_words(kind)) return TokenKind::kWord;
  return first >= 128 && is_ideograph(first) ? TokenKind::kIdeograph : TokenKind::kMark;
}

// `put(i, end, kind)` is called for each token, of units [i, end).
template <class Unit, class Put>
void each_token(std::span<const Unit> text, Put put) {
  for (std::size_t i = 0; i < text.size();) {
    const Kind kind = kind_of(text[i]);
    if (kind == Kind::kSpace || kind == Kind::kBinder) {
      ++i;
      continue;
    }
    const std::size_t end = token_end(text, i);
    put(i, end, token_kind(static_cast<Point>(text[i]), kind));
    i = end;
  }
}

// Output of one text, with the scratch memory that its pieces share.
class Splitter {
 public:
  Splitter(std::vector<std::string>& tokens, bool lowercase)
      : tokens_(tokens), lowercase_(lowercase) {}

  void ascii(std::string_view piece) { split(std::span<const char>(piece)); }
  void unicode(std::string_view piece) {
    clean(piece);
    normalise();
    split(std::span<const Point>(points_));
  }

 private:
  template <class Unit>
  void split(std::span<const Unit> text) {
    each_token(text, [&](std::size_t i, std::size_t end, TokenKind) {
      put(text.subspan(i, std::min(end - i, kLongestToken)));
    });
  }

  void put(std::span<const char> token) {
    auto& out = tokens_.emplace_back(token.begin(), token.end());
    if (!lowercase_) return;
    for (char& c : out) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
  }

  void put(std::span<const Point> token) {
    auto& out = tokens_.emplace_back();
    for (std::size_t i = 0; i < token.size(); ++i) {
      Point c = token[i];
      if (i > 0 && c == 0x2019) c = '\'';
      if (i > 0 && (c == 0x2010 || c == 0x2011)) c = '-';
      std::array<utf8proc_uint8_t, 4> bytes{};
      const auto count = utf8proc_encode_char(c, bytes.data());
      for (std::size_t k = 0; k < static_cast<std::size_t>(count); ++k) {
        out.push_back(static_cast<char>(bytes[k]));
      }
    }
  }

  // clean_ = the piece in valid UTF-8, without invisible format characters (soft hyphen, byte-order
  // mark, direction marks; zero-width space and joiners stay) and without excessive marks.
  void clean(std::string_view piece) {
    clean_.clear();
    int marks = 0;
    const auto* p = reinterpret_cast<const utf8proc_uint8_t*>(piece.data());
    for (std::size_t i = 0; i < piece.size();) {
      Point c = 0;
      const auto count =
          utf8proc_iterate(p + i, static_cast<utf8proc_ssize_t>(piece.size() - i), &c);
      if (count <= 0) {
        clean_ += "\xef\xbf\xbd";
        marks = 0;
        ++i;
        continue;
      }
      const auto* property = utf8proc_get_property(c);
      marks = property->combining_class != 0 ? marks + 1 : 0;
      const bool invisible =
          property->category == UTF8PROC_CATEGORY_CF && (c < 0x200b || c > 0x200d);
      if (!invisible && marks <= kMostMarks) {
        clean_.append(piece.substr(i, static_cast<std::size_t>(count)));
      }
      i += static_cast<std::size_t>(count);
    }
  }

  // points_ = clean_ in normal form C, case folded where wanted.
  void normalise() {
    const int fold = lowercase_ ? UTF8PROC_CASEFOLD : 0;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | fold);
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(clean_.data());
    const auto size = static_cast<utf8proc_ssize_t>(clean_.size());
    points_.resize(2 * clean_.size());
    const auto decompose = [&] {
      return utf8proc_decompose(bytes, size, points_.data(),
                                static_cast<utf8proc_ssize_t>(points_.size()), options);
    };
    auto count = decompose();
    if (count > static_cast<utf8proc_ssize_t>(points_.size())) {  // it tells how many it needs
      points_.resize(static_cast<std::size_t>(count));
      count = decompose();
    }
    count = utf8proc_normalize_utf32(points_.data(), count, options);
    points_.resize(static_cast<std::size_t>(std::max<utf8proc_ssize_t>(count, 0)));
  }

  std::vector<std::string>& tokens_;
  bool lowercase_;
  std::string clean_;
  std::vector<Point> points_;
};

// A text's visible code points, each with its bytes [begin, end).
struct Placed {
  std::vector<Point> points;
  std::vector<std::size_t> begin, end;
};

bool is_invisible(Point c) {
  return utf8proc_category(c) == UTF8PROC_CATEGORY_CF && (c < 0x200b || c > 0x200d);
}

// The code point that starts at byte i, and how many bytes it has; U+FFFD for an invalid byte.
std::size_t point_at(std::string_view text, std::size_t i, Point& c) {
  const auto* p = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto count = utf8proc_iterate(p + i, static_cast<utf8proc_ssize_t>(text.size() - i), &c);
  if (count > 0) return static_cast<std::size_t>(count);
  c = 0xfffd;
  return 1;
}

Placed place(std::string_view text) {
  Placed placed;
  for (std::size_t i = 0; i < text.size();) {
    Point c = 0;
    const std::size_t count = point_at(text, i, c);
    if (c < 128 || !is_invisible(c)) {
      placed.points.push_back(c);
      placed.begin.push_back(i);
      placed.end.push_back(i + count);
    }
    i += count;
  }
  return placed;
}

}  // namespace

std::vector<TokenSpan> token_spans(std::string_view text) {
  std::vector<TokenSpan> spans;
  spans.reserve(text.size() / 5 + 1);
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 128; });
  if (ascii) {
    each_token(std::span<const char>(text), [&](std::size_t i, std::size_t end, TokenKind kind) {
      spans.push_back({i, end, kind});
    });
    return spans;
  }
  const Placed placed = place(text);
  each_token(std::span<const Point>(placed.points),
             [&](std::size_t i, std::size_t end, TokenKind kind) {
               spans.push_back({placed.begin[i], placed.end[end - 1], kind});
             });
  return spans;
}

std::u32string code_points(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    Point c = 0;
    i += point_at(text, i, c);
    points.push_back(static_cast<char32_t>(c));
  }
  return points;
}

std::vector<std::string> tokenise(std::string_view text, bool lowercase) {
  std::vector<std::string> tokens;
  tokens.reserve(text.size() / 5 + 1);
  Splitter splitter(tokens, lowercase);
  // Pieces between ASCII spaces are independent of each other, so that one foreign letter does not
  // take a whole English text off the fast path.
  const auto is_space = [](unsigned char c) { return c <= ' ' || c == 127; };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    unsigned char all = 0;
    for (; end < text.size() && !is_space(static_cast<unsigned char>(text[end])); ++end) {
      all |= static_cast<unsigned char>(text[end]);
    }
    const auto piece = text.substr(i, end - i);
    if (all < 0x80) {
      splitter.ascii(piece);
    } else {
      splitter.unicode(piece);
    }
    i = end + 1;
  }
  return tokens;
}

}  // namespace refrain::data

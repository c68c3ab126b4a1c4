#include "refrain/base/encoding.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "refrain/base/error.h"
#include "refrain/base/nearest.h"

namespace refrain::base {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::size_t kLongestName = 40;

unsigned char byte_at(std::string_view s, std::size_t i) {
  return static_cast<unsigned char>(s[i]);
}

// The length of the valid sequence at the start of `s`, or 0 (overlong forms, surrogates and code
// points over U+10FFFF are invalid, as in RFC 3629).
std::size_t valid_sequence(std::string_view s) {
  const unsigned char lead = byte_at(s, 0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || s.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(s, i) & 0xc0) != 0x80) return 0;
  }
  if (lead == 0xe0 && byte_at(s, 1) < 0xa0) return 0;
  if (lead == 0xed && byte_at(s, 1) > 0x9f) return 0;
  if (lead == 0xf0 && byte_at(s, 1) < 0x90) return 0;
  if (lead == 0xf4 && byte_at(s, 1) > 0x8f) return 0;
  return length;
}

// The end of the run of valid UTF-8 that starts at `i`; plain ASCII is passed eight bytes at a
// time.
std::size_t valid_until(std::string_view s, std::size_t i) {
  while (i < s.size()) {
    std::uint64_t eight = 0;
    if (s.size() - i >= sizeof eight) {
      std::memcpy(&eight, s.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080ULL) == 0) {
        i += sizeof eight;
        continue;
      }
    }
    const std::size_t length = valid_sequence(s.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return s.size();
}

Decoded from_utf8(std::string bytes) {
  std::size_t bad = valid_until(bytes, 0);
  if (bad == bytes.size()) return {std::move(bytes), {}};
  Decoded out;
  std::size_t start = 0;
  while (bad < bytes.size()) {
    out.text.append(bytes, start, bad - start);
    out.bad.push_back(out.text.size());
    out.text.append(kReplacement);
    start = bad + 1;
    bad = valid_until(bytes, start);
  }
  out.text.append(bytes, start);
  return out;
}

std::string plain_name(const std::string& encoding) {
  std::string name;
  for (const char c : encoding) {
    if (c != '-' && c != '_' && c != ' ') name.push_back(static_cast<char>(std::tolower(c)));
  }
  return name;
}

bool is_latin1(const std::string& plain) {
  return plain == "latin1" || plain == "iso88591" || plain == "windows1252" || plain == "cp1252";
}

// Owns an iconv descriptor from `encoding` to UTF-8.
class Converter {
 public:
  explicit Converter(const std::string& encoding) {
    const bool proper = !encoding.empty() && encoding.size() <= kLongestName &&
                        std::all_of(encoding.begin(), encoding.end(), [](unsigned char c) {
                          return std::isalnum(c) != 0 || std::strchr("-_.:", c) != nullptr;
                        });
    const char* name = is_latin1(plain_name(encoding)) ? "CP1252" : encoding.c_str();
    if (proper) handle_ = ::iconv_open("UTF-8", name);
    if (!proper || handle_ == reinterpret_cast<iconv_t>(-1)) {
      throw Error(Code::kUsage, fmt::format("unknown encoding '{}'", encoding.substr(0, 60)),
                  did_you_mean(encoding, encoding_names()));
    }
  }
  ~Converter() { ::iconv_close(handle_); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // Converts what it can; returns 0 at the end, EILSEQ or EINVAL at a byte it cannot convert.
  int run(std::string_view& in, std::string& out) {
    char buffer[1 << 14];
    while (!in.empty()) {
      char* from = const_cast<char*>(in.data());
      std::size_t from_left = in.size();
      char* to = buffer;
      std::size_t to_left = sizeof buffer;
      const std::size_t result = ::iconv(handle_, &from, &from_left, &to, &to_left);
      const int code = result == static_cast<std::size_t>(-1) ? errno : 0;
      out.append(buffer, sizeof buffer - to_left);
      in.remove_prefix(in.size() - from_left);
      if (code != 0 && code != E2BIG) return code;
    }
    return 0;
  }

 private:
  iconv_t handle_{};
};

Decoded from_other(const std::string& bytes, const std::string& encoding) {
  Converter converter(encoding);
  const std::string plain = plain_name(encoding);
  const std::size_t unit = plain.starts_with("utf16") ? 2 : 1;
  Decoded out;
  out.text.reserve(bytes.size() + bytes.size() / 4);
  std::string_view rest = bytes;
  while (converter.run(rest, out.text) != 0) {
    if (is_latin1(plain)) {  // 0x81 0x8d 0x8f 0x90 0x9d: the same code point
      out.text.push_back('\xc2');
      out.text.push_back(rest[0]);
    } else {
      out.bad.push_back(out.text.size());
      out.text.append(kReplacement);
    }
    rest.remove_prefix(std::min(unit, rest.size()));
  }
  return out;
}

bool has_utf16_mark(std::string_view bytes) {
  return bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff");
}

void drop_mark(Decoded& decoded) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (!decoded.text.starts_with(kMark)) return;
  decoded.text.erase(0, kMark.size());
  for (auto& place : decoded.bad) place -= kMark.size();
}

}  // namespace

std::size_t first_invalid_utf8(std::string_view bytes) {
  const std::size_t end = valid_until(bytes, 0);
  return end == bytes.size() ? std::string_view::npos : end;
}

std::vector<std::string> encoding_names() {
  return {"utf-8",     "latin-1", "utf-16", "gb18030", "gbk",          "big5",
          "shift_jis", "euc-jp",  "euc-kr", "koi8-r",  "windows-1251", "windows-1252"};
}

Decoded decode(std::string bytes, const std::string& encoding) {
  const bool utf8 = plain_name(encoding) == "utf8";
  Decoded out;
  if (utf8 && !has_utf16_mark(bytes)) {
    out = from_utf8(std::move(bytes));
  } else {
    out = from_other(bytes, utf8 ? "utf-16" : encoding);
  }
  drop_mark(out);
  return out;
}

std::string to_utf8(std::string bytes, const std::string& encoding) {
  Decoded out = decode(std::move(bytes), encoding);
  if (!out.bad.empty()) {
    throw Error(Code::kData, fmt::format("byte {} is not valid {}", out.bad[0] + 1, encoding),
                "name the encoding, for example --encoding latin-1");
  }
  return std::move(out.text);
}

std::string guess_encoding(std::string_view bytes) {
  const auto zeros = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\0'));
  if (zeros > bytes.size() / 4) return "utf-16";
  std::size_t sequences = 0, damaged = 0, doubles = 0, singles = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = valid_sequence(bytes.substr(i));
    sequences += length > 1 ? 1 : 0;
    damaged += length == 0 ? 1 : 0;
    i += std::max<std::size_t>(length, 1);
  }
  if (sequences > damaged) return "utf-8";
  for (std::size_t i = 0; i < bytes.size();) {
    const bool lead = byte_at(bytes, i) >= 0x81;
    const bool pair = lead && i + 1 < bytes.size() && byte_at(bytes, i + 1) >= 0xa1;
    doubles += pair ? 1 : 0;
    singles += lead && !pair ? 1 : 0;
    i += pair ? 2 : 1;
  }
  return doubles > 4 * singles ? "gb18030" : "latin-1";
}

}  // namespace refrain::base

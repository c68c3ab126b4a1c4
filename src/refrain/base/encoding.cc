#include "refrain/base/encoding.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "refrain/base/error.h"
#include "refrain/base/nearest.h"

namespace refrain::base {
namespace {

// The length of the valid sequence at the start of `s`, or 0 (overlong forms, surrogates and code
// points over U+10FFFF are invalid, as in RFC 3629).
std::size_t valid_sequence(std::string_view s) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || s.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  if (lead == 0xe0 && at(1) < 0xa0) return 0;
  if (lead == 0xed && at(1) > 0x9f) return 0;
  if (lead == 0xf0 && at(1) < 0x90) return 0;
  if (lead == 0xf4 && at(1) > 0x8f) return 0;
  return length;
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

// Windows-1252 for the bytes 0x80 to 0x9f; 0 = unassigned, kept as the control character of
// Latin-1.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

std::string from_latin1(const std::string& bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 16);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool special = byte >= 0x80 && byte <= 0x9f && kWindows1252[byte - 0x80] != 0;
    append_utf8(out, special ? kWindows1252[byte - 0x80] : byte);
  }
  return out;
}

std::string from_utf16(const std::string& bytes) {
  const bool big_endian = bytes.size() >= 2 && bytes[0] == '\xfe' && bytes[1] == '\xff';
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    const auto a = static_cast<unsigned char>(bytes[i]);
    const auto b = static_cast<unsigned char>(bytes[i + 1]);
    return big_endian ? a * 256U + b : b * 256U + a;
  };
  std::string out;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    std::uint32_t c = unit(i);
    if (c >= 0xd800 && c < 0xdc00 && i + 3 < bytes.size()) {
      const std::uint32_t low = unit(i + 2);
      if (low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        i += 2;
      }
    }
    if (c >= 0xd800 && c < 0xe000) c = 0xfffd;  // half a pair
    append_utf8(out, c);
  }
  return out;
}

void drop_mark(std::string& text) {
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
}

}  // namespace

std::size_t first_invalid_utf8(std::string_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    const std::size_t length = valid_sequence(bytes.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::vector<std::string> encoding_names() { return {"utf-8", "latin-1", "utf-16"}; }

std::string to_utf8(std::string bytes, const std::string& encoding) {
  std::string out;
  if (encoding == "utf-8") {
    const std::size_t bad = first_invalid_utf8(bytes);
    if (bad != std::string_view::npos) {
      throw Error(Code::kData, fmt::format("byte {} is not valid UTF-8", bad + 1),
                  "name the encoding, for example --encoding latin-1");
    }
    out = std::move(bytes);
  } else if (encoding == "latin-1") {
    out = from_latin1(bytes);
  } else if (encoding == "utf-16") {
    out = from_utf16(bytes);
  } else {
    throw Error(Code::kUsage, fmt::format("unknown encoding '{}'", encoding),
                did_you_mean(encoding, encoding_names()));
  }
  drop_mark(out);
  return out;
}

}  // namespace refrain::base

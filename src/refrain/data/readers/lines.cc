#include "refrain/data/readers/lines.h"

#include <algorithm>

namespace refrain::data {
namespace {

constexpr std::size_t kShownBytes = 40;

}  // namespace

bool Lines::next(Line& line) {
  if (rest_.empty()) return false;
  line.text = take_until(rest_, '\n');
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  line.number = ++number_;
  return true;
}

bool Lines::next_filled(Line& line) {
  while (next(line)) {
    if (!trim(line.text).empty()) return true;
  }
  return false;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

std::string_view take_word(std::string_view& rest) {
  std::size_t start = 0;
  while (start < rest.size() && is_blank(rest[start])) ++start;
  std::size_t end = start;
  while (end < rest.size() && !is_blank(rest[end])) ++end;
  const std::string_view word = rest.substr(start, end - start);
  rest.remove_prefix(end);
  return word;
}

bool add_word(std::string_view word, std::string& text) {
  bool blanks = false;
  for (const char c : word) {
    blanks = blanks || is_blank(c);
    if (is_blank(c)) {
      text += "\xc2\xa0";
    } else {
      text += c;
    }
  }
  return blanks;
}

std::string shown(std::string_view text) {
  std::string out = "'";
  std::size_t size = std::min(text.size(), kShownBytes);
  const auto inside = [&] { return (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80; };
  while (size > 0 && size < text.size() && inside()) --size;  // no half characters
  for (const char c : text.substr(0, size)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t') {
      out += "\\t";
    } else {
      out.push_back(byte < 0x20 || byte == 0x7f ? '?' : c);
    }
  }
  return out + (size < text.size() ? "...'" : "'");
}

}  // namespace refrain::data

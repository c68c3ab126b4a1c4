#include "refrain/cli/screen.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace refrain::cli {
namespace {

constexpr int kWidest = 100, kNarrowest = 40;

// A character of UTF-8; a broken byte is a character of its own.
struct Letter {
  std::size_t bytes = 1, columns = 1;
  bool control = false;
};

Letter letter_at(const std::string& text, std::size_t i) {
  utf8proc_int32_t code = -1;
  const auto* start = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + i;
  const auto bytes = utf8proc_iterate(start, static_cast<utf8proc_ssize_t>(text.size() - i), &code);
  if (bytes <= 0) return {};
  return {static_cast<std::size_t>(bytes), static_cast<std::size_t>(utf8proc_charwidth(code)),
          code < 0x20};
}

// Pieces that stay whole in a line: words with the blanks before them, and each wide character.
std::vector<std::string> pieces_of(const std::string& text) {
  std::vector<std::string> out;
  bool open = false;  // the last piece goes on
  for (std::size_t i = 0; i < text.size();) {
    const Letter letter = letter_at(text, i);
    const bool blank = text[i] == ' ', wide = letter.columns > 1;
    const bool after_blank = i > 0 && text[i - 1] == ' ';
    if (!open || wide || (blank && !after_blank)) out.emplace_back();
    out.back() += text.substr(i, letter.bytes);
    open = !wide;
    i += letter.bytes;
  }
  return out;
}

}  // namespace

Screen screen_of(int descriptor) {
  Screen out;
  if (::isatty(descriptor) != 1) return out;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    out.width = std::clamp<int>(size.ws_col, kNarrowest, kWidest);
  }
  const char* term = std::getenv("TERM");
  const char* no_colour = std::getenv("NO_COLOR");
  const bool unwanted = no_colour != nullptr && *no_colour != '\0';
  out.colour = !unwanted && term != nullptr && std::string_view(term) != "dumb";
  return out;
}

std::size_t columns_of(const std::string& text) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Letter letter = letter_at(text, i);
    out += letter.columns;
    i += letter.bytes;
  }
  return out;
}

std::string cut_to(const std::string& text, std::size_t most) {
  const bool cut = columns_of(text) > most;
  std::string out;
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Letter letter = letter_at(text, i);
    columns += letter.columns;
    if (cut && columns + 3 > most) return out + "...";
    out += letter.control ? " " : text.substr(i, letter.bytes);
    i += letter.bytes;
  }
  return out;
}

std::string left_in(const std::string& text, std::size_t columns) {
  const std::size_t own = columns_of(text);
  return text + std::string(own < columns ? columns - own : 0, ' ');
}

std::string right_in(const std::string& text, std::size_t columns) {
  const std::size_t own = columns_of(text);
  return std::string(own < columns ? columns - own : 0, ' ') + text;
}

std::string folded(const std::string& text, int width, int indent) {
  std::string out;
  std::size_t columns = 0;
  const auto blanks = static_cast<std::size_t>(indent);
  for (const auto& piece : pieces_of(text)) {
    const std::size_t own = columns_of(piece);
    if (columns > blanks && columns + own > static_cast<std::size_t>(width)) {
      const std::size_t begin = std::min(piece.find_first_not_of(' '), piece.size());
      out += "\n" + std::string(blanks, ' ') + piece.substr(begin);
      columns = blanks + own - begin;
    } else {
      out += piece;
      columns += own;
    }
  }
  return out;
}

std::string with_capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string bold(const std::string& text, const Screen& screen) {
  return screen.colour ? "\x1b[1m" + text + "\x1b[0m" : text;
}

}  // namespace refrain::cli

// What a terminal is like, and text that fits it: width in columns, where a Chinese character has
// two and a combining mark none, lines that are folded at blanks, bold letters where colour is
// wanted.
#pragma once

#include <string>

namespace refrain::cli {

struct Screen {
  int width = 100;      // columns of a line
  bool colour = false;  // a terminal, and neither NO_COLOR nor TERM=dumb says otherwise
};

// Of standard output (1) or error (2). A file has 100 columns, a terminal its own, 40 to 100.
Screen screen_of(int descriptor);

std::size_t columns_of(const std::string& text);

// At most so many columns; what was longer ends in "...". Control characters become blanks.
std::string cut_to(const std::string& text, std::size_t most);

// With blanks behind (before) it up to so many columns.
std::string left_in(const std::string& text, std::size_t columns);
std::string right_in(const std::string& text, std::size_t columns);

// Lines of at most so many columns, the second and later ones behind `indent` blanks. A word that
// is longer stays whole; between wide characters a line may end anywhere.
std::string folded(const std::string& text, int width, int indent);

// With its first letter as a capital.
std::string with_capital(std::string text);

std::string bold(const std::string& text, const Screen& screen);

}  // namespace refrain::cli

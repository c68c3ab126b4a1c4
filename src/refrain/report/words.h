// The texts of a page, in English and in Chinese. The page contains both; its style shows the
// chosen one, so that no script is needed to read it.
#pragma once

#include <string>

namespace refrain::report {

struct Words {
  std::string en, zh;
};

// Both as markup; the words are escaped.
std::string both(const Words& words);
// Returns both languages as markup inside <text> of a picture.
std::string both_drawn(const Words& words);

// "Words" of a text that has no other language: a name, a sentence of a log.
Words same(const std::string& text);

Words operator+(Words a, const Words& b);

}  // namespace refrain::report

// What a page says, in English and in Chinese. Both stand in the page; its style shows the one that
// is chosen, so that no script is needed to read it.
#pragma once

#include <string>

namespace refrain::report {

struct Words {
  std::string en, zh;
};

// Both as markup; the words are escaped.
std::string both(const Words& words);
// The same inside of <text> of a picture.
std::string both_drawn(const Words& words);

// "Words" of a text that has no other language: a name, a sentence of a log.
Words same(const std::string& text);

Words operator+(Words a, const Words& b);

}  // namespace refrain::report

// The regular endings of English words, to look a word up that a lexicon has in its base form only,
// and to give a synonym the ending that the word had.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace refrain::augment {

enum class Ending { kNone, kPlural, kIng, kPast };

// A base form that a word may be inflected from.
struct BaseForm {
  std::string base;
  Ending ending = Ending::kNone;
};

// The word itself first, then the base forms that its ending allows ("movies": movie; "making":
// mak, make); `word` in lower case.
std::vector<BaseForm> base_forms(std::string_view word);

// The word with the ending: films, boxes, parties, making, stopped, carried.
std::string with_ending(const std::string& base, Ending ending);

}  // namespace refrain::augment

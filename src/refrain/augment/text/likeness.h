// When two texts are the same to a network, and how alike they are to a reader.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace refrain::augment {

// The tokens in lower case with one blank between them: what is left when spacing, case and Unicode
// forms do not count. Empty where a text has no token.
std::string normalised(std::string_view text);

// Share of character trigrams that two texts have in common (Dice's coefficient of the normalised
// texts, in code points; shorter texts: pairs or single characters), in [0, 1].
double likeness(std::string_view a, std::string_view b);

// Texts seen so far, to keep copies that say nothing new out of what is made.
class Seen {
 public:
  // Whether the text is new and not empty; counts it where it is not.
  bool add(std::string_view text);

  int duplicates() const { return duplicates_; }
  int empty() const { return empty_; }

 private:
  std::unordered_set<std::string> digests_;
  int duplicates_ = 0;
  int empty_ = 0;
};

}  // namespace refrain::augment

// When two texts are the same to a network, and how alike they are to a reader.
#pragma once

#include <string>
#include <string_view>

namespace refrain::augment {

// The tokens in lower case with one blank between them: what is left when spacing, case and Unicode
// forms do not count. Empty where a text has no token.
std::string normalised(std::string_view text);

// Share of character trigrams that two texts have in common (Dice's coefficient of the normalised
// texts, in code points; shorter texts: pairs or single characters), in [0, 1].
double likeness(std::string_view a, std::string_view b);

}  // namespace refrain::augment

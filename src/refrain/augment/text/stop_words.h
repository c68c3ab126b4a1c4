// Words that carry grammar rather than meaning: they are never replaced by others.
#pragma once

#include <string_view>

namespace refrain::augment {

// English function words (with the pieces that tokenisers make of "don't") and Chinese ones; `word`
// in lower case.
bool is_stop_word(std::string_view word);

}  // namespace refrain::augment

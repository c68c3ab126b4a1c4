// Samples whose steps have tags (data/words.h). A text without words has one step, whose word is
// "".
#pragma once

#include <string>
#include <vector>

#include "refrain/method/method.h"

namespace refrain::method {

using Words = std::vector<std::string>;

// Returns the words of a text, at least one.
Words words_of(const std::string& text);

// Returns the words of the first stream of each sample. Throws Error(data) if one is not a text.
std::vector<Words> words_of(const data::Subset& view, int threads);

// Throws Error(data) where there are no samples or a sample has other tags than steps.
void check_tags(const Training& training);

}  // namespace refrain::method

// Samples whose steps have tags: a text's steps are its words, which stand between single blanks; a
// series' steps are its rows.
#pragma once

#include <string>
#include <vector>

#include "refrain/method/method.h"

namespace refrain::method {

using Words = std::vector<std::string>;

// Of a text; none where it is empty.
Words words_of(const std::string& text);

// Of the first stream of each sample. Throws Error(data) where one is no text.
std::vector<Words> words_of(const data::Subset& view, int threads);

// How many steps the first stream of a sample has.
int steps_of(const data::Sample& sample);

// Throws Error(data) where there are no samples or a sample has other tags than steps.
void check_tags(const Training& training);

}  // namespace refrain::method

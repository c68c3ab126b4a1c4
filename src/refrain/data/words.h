// The steps of a sample that have tags of their own: the words of a text, which stand between
// blanks where they are given (data/raw_text.h cuts raw texts so), or the rows of a series.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::data {

// The words at the blanks of a text, folded to lower case where that is wanted.
std::vector<std::string> words_at_blanks(std::string_view text, bool lowercase);

// Returns the words of a sample's text; none if its first stream is not a text.
std::vector<std::string> words_at_blanks(const Sample& sample);

// How many steps of its first stream are answered: a text without words has one, as features and
// simple methods read it.
int step_count(const Sample& sample);

}  // namespace refrain::data

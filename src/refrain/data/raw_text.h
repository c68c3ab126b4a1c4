// Words with their places in the text that they were cut from, so that answers about words can be
// given about the text as it was written. Offsets count characters (Unicode code points) from 0.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::data {

struct RawText {
  std::string text;
  std::vector<int> begin, end;  // of each word
};

// The unit of offsets. Some tools count bytes or UTF-16 units instead of characters.
enum class OffsetUnit { kCharacters, kBytes, kUtf16 };

// Cuts by the rule of data/tokenise.h. Words keep their spelling: each is a piece of the text, of
// any length.
RawText cut_raw(std::string text, OffsetUnit unit = OffsetUnit::kCharacters);

// The words; offsets count characters.
std::vector<std::string_view> words_of(const RawText& raw);

// These words with one blank between, as the first stream of a sample has them.
std::string joined_words(const RawText& raw);

// The text whose words the first stream of a sample still is; null where it has none, or where its
// words were changed since.
const RawText* raw_of(const Sample& sample);

// Cuts the first stream of each sample that has neither tags nor words of the file. A text without
// words becomes an empty one.
void cut_words(Dataset& dataset);

}  // namespace refrain::data

// How a table writes what is not its business: a line `sep=;`, comments before the header, commas
// in numbers, spellings of missing values. These are settled in the text, byte for byte in place,
// so that lines and columns of messages stay right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/reader.h"

namespace refrain::data {

// Where a table begins: behind a line `sep=X` and comment lines. A comment begins with # and has
// not as many delimiters as the line after it.
struct TableStart {
  char delimiter = ',';
  std::size_t at = 0;
  std::int64_t line = 1;
};
TableStart find_table_start(std::string_view text);

// Rewrites numbers with a decimal comma or with commas between thousands, as spec.decimal says or
// the cells show, and puts ? for the spellings of spec.missing_values; returns remarks on what was
// found. Throws data where 1,234 may be either.
std::vector<std::string> settle_dialect(const std::string& path, const ReadSpec& spec,
                                        std::string& text);

}  // namespace refrain::data

// Published scores from a TSV. The first line names the columns, in any order: data, protocol,
// method, metric, value, source; low and high (the interval) where they were published. A number
// may be written as 94.3%, which is 0.943. Empty lines and lines that begin with # are passed over.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/store/run.h"

namespace refrain::store {

// Returns the error in a row, or "". The caller may know a metric's range.
using RowCheck = std::function<std::string(const Published&)>;

// Throws data: a header without a needed column, or all bad rows (the first 20 are shown with file
// and line, all are counted). `path` serves for messages.
std::vector<Published> parse_published(std::string_view text, const std::string& path,
                                       const RowCheck& check = nullptr);

}  // namespace refrain::store

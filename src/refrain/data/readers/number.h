// Numbers as they stand in data files.
#pragma once

#include <cstdint>
#include <string_view>

#include "refrain/data/reader.h"

namespace refrain::data {

enum class NumberKind { kFinite, kMissing, kText, kInfinite, kTooLarge };

struct Number {
  double value = 0;  // NaN unless kFinite; fits a float
  NumberKind kind = NumberKind::kText;
};

// Blanks around it and a leading '+' are accepted; empty, "?", "NA", "NaN", "N/A", "null", "None",
// "-" and the like are missing; True is 1 and False 0; numbers below the smallest are 0.
Number parse_number(std::string_view cell);

inline bool is_number(std::string_view cell) {
  return parse_number(cell).kind == NumberKind::kFinite;
}

// The value, NaN where it is missing; adds a problem where it is neither.
double read_value(std::string_view cell, std::int64_t line, std::int64_t column,
                  Problems& problems);

}  // namespace refrain::data

// Spellings of labels and groups. What is certainly one name is joined: equal numbers (3, 3.0,
// 3e0) and canonically equal letters (composed or not). What may be one name (Yes, yes) is told and
// stays apart. Cells that say "missing" (NA, NaN, ?) are no group.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::data {

// Equal for names that are certainly one; exact for numbers of any length.
std::string spelling_key(const std::string& name);

bool is_missing_name(const std::string& name);

struct Spellings {
  std::vector<std::string> joined;  // "labels '1' and '1.0' are one number: read as '1'"
  std::vector<std::string> alike;   // "labels 'Yes' and 'yes' ...: are they one?"
};

// Gives names that are one the most frequent of their spellings; empties missing groups.
Spellings settle_spellings(Dataset& dataset);

// Unifies the spelling of groups only.
Spellings settle_groups(Dataset& dataset);

// Labels and groups of another file of the same data, spelled as known ones where they are one.
void adopt_labels(Dataset& dataset, const std::vector<std::string>& known);

}  // namespace refrain::data

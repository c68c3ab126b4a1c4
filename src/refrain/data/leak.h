// The leak guard: what stands on both sides of a split that others made (a --test file, a --valid
// file). The same contents, the same group, or samples that descend from one another are leaks;
// near copies (data/near_copies.h) are worth a warning.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::data {

struct Side {
  const Dataset& dataset;
  const std::vector<int>& chosen;  // sample numbers
  std::string name;                // "training", "test"
};

struct Leaks {
  std::vector<std::string> same;  // one line a leak: "test.ts:12 has the contents of train.ts:7"
  std::vector<std::string> near;
};

Leaks find_leaks(const Side& known, const Side& judged);

// Throws data where there are leaks: how many, the first 20 of them, and --allow-overlap.
void refuse_leaks(const Leaks& leaks, const Side& known, const Side& judged);

// "3 lines\n  ..." of the first 20.
std::string first_lines(const std::vector<std::string>& lines);

}  // namespace refrain::data

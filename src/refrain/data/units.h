// Units: samples that share a group, have equal contents (copies) or were made from the same
// sample. A split never divides a unit, and an interval counts it as one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::data {

struct Units {
  std::vector<int> of;  // the unit of each chosen sample, numbered in the order of their first one
  int count = 0;
  int copies = 0;         // samples that are equal to an earlier one
  int made = 0;           // samples that were made from another one
  int without_group = 0;  // where other samples have a group; a group of its own each
  bool grouped = false;   // some sample has a group

  // No group is named and no sample belongs to another one.
  bool alone() const { return !grouped && static_cast<std::size_t>(count) == of.size(); }
};

Units find_units(const Dataset& dataset, const std::vector<int>& chosen);

// Samples with equal contents and different labels: one line for each such set, "line 3 'a', line 9
// 'b'"; counts the samples in `samples`.
std::vector<std::string> conflicting_labels(const Dataset& dataset, int* samples);

// Classes whose samples are all in one unit: what tests them has not learnt them. "rare (1
// sample)".
std::vector<std::string> classes_of_one_unit(const Dataset& dataset);

}  // namespace refrain::data

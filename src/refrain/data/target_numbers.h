// Labels that are numbers: what a regression learns.
#pragma once

#include "refrain/data/sample.h"

namespace refrain::data {

// The numbers in a label, blanks between; NaN where one is none.
std::vector<double> numbers_of(const std::string& label);

// Reads each sample's label as numbers, as many in each. Throws data, naming all lines of labels
// that are none.
void read_numbers(Dataset& dataset);

// The kind of the labels if all of them are numbers.
struct NumberLabels {
  bool all = false;   // every label is a number
  bool whole = true;  // without fractions
  int different = 0;
};
NumberLabels number_labels(const Dataset& dataset);

}  // namespace refrain::data

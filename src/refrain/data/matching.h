// Matches a file that was just read with the form of the training file (data/reader.h,
// read_expected).
#pragma once

#include "refrain/data/reader.h"

namespace refrain::data {

// Puts named channels in the order of training, divides them into its streams, and remarks on new
// columns, on a label column of another name and on series without any value. Throws data where a
// channel is not there.
void match(const Expected& expected, const ReadSpec& spec, Dataset& dataset);

}  // namespace refrain::data

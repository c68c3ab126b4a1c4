// Describes in words how a file was read, so that a wrong guess is seen before the training.
#pragma once

#include <string>

#include "refrain/data/sample.h"

namespace refrain::data {

// "a.csv: read as wide-csv: 40 series of 1 channel and 8 steps, 2 classes (a, b), 5 groups; not
// read: when".
std::string recognised(const Dataset& dataset);

}  // namespace refrain::data

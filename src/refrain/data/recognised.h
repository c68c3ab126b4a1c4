// Describes in words how a file was read, so that a wrong guess is seen before the training.
#pragma once

#include <string>

#include "refrain/data/sample.h"

namespace refrain::data {

// "a.csv: read as wide-csv: 40 series of 1 channel and 8 steps, 2 classes (a, b), 5 groups; not
// read: when".
std::string recognised(const Dataset& dataset);

// The same where labels are replies (translations, transcripts): "a.tsv: read as tsv-pairs: 900
// texts of 1 to 14 words with targets of 2 to 19, 5 groups".
std::string recognised_replies(const Dataset& dataset);

}  // namespace refrain::data

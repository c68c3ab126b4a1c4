// The runs as the text of a data file. Values have five significant digits.
#pragma once

#include <string>
#include <vector>

#include "bearing/dataset.h"

namespace refrain::bearing {

// Header id,group,label,x_0,x_1,...; one row a run. Throws usage for more than one channel.
std::string as_csv(const std::vector<LabelledRun>& runs);

// One object a line: {"id":, "group":, "label":, "series": [[channel 1], [channel 2]]}.
std::string as_jsonl(const std::vector<LabelledRun>& runs);

// sktime's .ts: the channels separated by colons, the label last; it has no place for id and group.
std::string as_ts(const std::vector<LabelledRun>& runs);

}  // namespace refrain::bearing

// A list of labels that may be wrong, as a table that a person decides in: CSV with the columns
// file, line, id, step, label, suggested, confidence, flagged, decision, content. The decision is
// "relabel" (the suggested label is taken; it may be edited), "drop" (the sample is left out) or
// nothing. For the sources of this layer only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/inspection.h"
#include "refrain/base/log.h"
#include "refrain/data/sample.h"

namespace refrain::api {

std::string fix_list(const std::vector<LabelCandidate>& candidates);

// What such a list says of a data file, whatever was decided. Throws io, data.
std::vector<LabelCandidate> listed_labels(const std::string& path, const std::string& data);

// Does what a list decides to the samples of a file; lines of other files are passed over. Throws
// io, or data: a line that fits no sample, a label that is not the one in the list, an unknown
// decision, a list that decides nothing.
void apply_fixes(const std::string& path, data::Dataset& dataset, const base::Log& log);

}  // namespace refrain::api

// The labels of a classification by number: sorted, unique.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/subset.h"

namespace refrain::task {

// The number of `label`, or -1.
int label_number(const std::vector<std::string>& labels, const std::string& label);

// The labels that the samples bear.
std::vector<std::string> labels_of(const data::Subset& view);

// The label's number of each sample. Throws data, naming all lines of labels that are not known.
std::vector<int> targets_of(const std::vector<std::string>& labels, const data::Subset& view);

// Probabilities [n,from] of a model that may not know all labels, as [n,to]: 0 for those it does
// not know. Every label of `from` is in `to`.
std::vector<double> widen(const std::vector<double>& probability,
                          const std::vector<std::string>& from, const std::vector<std::string>& to);

}  // namespace refrain::task

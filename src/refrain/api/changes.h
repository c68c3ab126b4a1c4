// Lists the versions that changed the results of trainings: the same files, options and seed give
// other bits since then. 'refrain runs verify' names the changes that are newer than a stored run.
// Standard library only.
#pragma once

#include <string>
#include <vector>

namespace refrain::api {

struct Change {
  std::string version;  // the first one that has it
  std::string what;     // a sentence without its full stop
};

// Oldest first. A run keeps how many of them its program knew, so the list only ever grows at its
// end.
const std::vector<Change>& changes();

// Those that a run of `version` lacks, whose program knew the first `known` of them. Where the run
// does not say how many (`known` < 0), those of its own version count as well.
std::vector<Change> changes_since(const std::string& version, int known);

// True if version `a` is older than `b`: "0.9.2" < "0.10". A part that is not a number counts as 0.
bool is_older(const std::string& a, const std::string& b);

}  // namespace refrain::api

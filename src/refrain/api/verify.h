// Whether a stored run can be repeated to the bit. Standard library only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/hooks.h"

namespace refrain::api {

struct Verification {
  std::string id;
  bool same = false;                 // parameters and predictions, to the bit
  std::vector<std::string> differs;  // what does not agree, in words
};

// Trains the run again from its files and options; nothing is saved. Throws usage for an unknown
// run, data or io where its files are gone or unreadable. `threads` 0 = all cores.
Verification verify_run(const std::string& store, const std::string& id, int threads,
                        const Hooks& hooks);

}  // namespace refrain::api

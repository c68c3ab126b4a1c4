// Repeats a stored run and tells whether the result is bit-identical, or what has changed since.
// Standard library only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/hooks.h"

namespace refrain::api {

struct Verification {
  std::string id;
  bool same = false;                 // parameters and predictions, to the bit
  std::vector<std::string> differs;  // what does not agree, in words
  // Possible reasons: versions, options, instruction sets. Empty if the run is repeated, or if its
  // files have changed, which is reason enough.
  std::vector<std::string> reasons;
};

// Trains the run again from its files and options; nothing is saved. Options that are gone since
// are left out. Throws usage for an unknown run, data or io where its files are gone or unreadable.
// `threads` 0 = all cores.
Verification verify_run(const std::string& store, const std::string& id, int threads,
                        const Hooks& hooks);

}  // namespace refrain::api

// Compares a stored run with the present: files, version, machine. For the sources of this layer
// only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/train.h"
#include "refrain/store/run.h"

namespace refrain::api {

// A stored job to train again, and the options that this version refuses, in words.
struct OldJob {
  TrainJob job;
  std::vector<std::string> refused;
};

// Throws data where the run does not say how it was trained.
OldJob job_of(const store::Run& run);

// Sentences on the version, changes since it, defaults and the instruction set: of a run and the
// same job trained `again`.
std::vector<std::string> changes_of(const store::Run& run, const store::Run& again);

}  // namespace refrain::api

// Checks of a training job that need no file; for the sources of this layer only.
#pragma once

#include "refrain/api/train.h"
#include "refrain/task/spec.h"

namespace refrain::api {

// Outputs that cannot be written or would overwrite an input; options that would do nothing. Throws
// usage, io.
void check_job(const TrainJob& job, const task::Spec& spec);

// True if the score comes from a cross-validation.
bool folds_wanted(const task::Spec& spec);

// A cross-validation cuts all parts itself. Throws usage for files and checkpoints beside it.
void check_fold_job(const TrainJob& job);

}  // namespace refrain::api

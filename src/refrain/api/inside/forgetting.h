// What a training with --init --source-test FILE says of the source's own task: its score before
// and after. For the sources of this layer only.
#pragma once

#include "refrain/api/inside/run_state.h"
#include "refrain/task/model.h"

namespace refrain::api {

// Throws usage where the options cannot be followed.
void check_source_test(const task::Spec& spec);

// Of a model that has just been trained, where --source-test names a file.
void judge_forgetting(const task::Model& model, RunState& run);

}  // namespace refrain::api

// Scores a model that was trained with --init on the source's own task (--source-test FILE), before
// and after the training. For the sources of this layer only.
#pragma once

#include "refrain/api/inside/run_state.h"
#include "refrain/task/model.h"

namespace refrain::api {

// Throws usage where the options cannot be followed.
void check_source_test(const task::Spec& spec);

// Scores a model that has just been trained on the file of --source-test, if one is named.
void judge_forgetting(const task::Model& model, RunState& run);

}  // namespace refrain::api

// Tests whether a source (--init) helped: a training from random weights on the same split or folds
// is scored beside it. For the sources of this layer only.
#pragma once

#include <memory>
#include <vector>

#include "refrain/api/inside/cross_validation.h"
#include "refrain/api/inside/evaluation.h"
#include "refrain/api/inside/run_data.h"

namespace refrain::api {

// Judges a model that is scored on a test part. `asked` are the options as the user gave them.
void judge_transfer(const task::Spec& asked, const RunData& data, const task::Model& model,
                    RunState& run);

// Judges the source of a cross-validation.
void judge_transfer(const task::Spec& asked, const data::Dataset& data, const CrossValidated& with,
                    RunState& run);

}  // namespace refrain::api

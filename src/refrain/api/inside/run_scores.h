// The scores of a run, with simple methods beside them, and what the store keeps of it; for the
// sources of this layer only.
#pragma once

#include "refrain/api/inside/run_data.h"

namespace refrain::api {

// Scores the model on the test part. If it is stopped on the way, the run is interrupted and has no
// scores. `goal` is that of the training part.
void score_run(const task::Fitted& fitted, const RunData& data, const task::Goal& goal,
               RunState& run);

}  // namespace refrain::api

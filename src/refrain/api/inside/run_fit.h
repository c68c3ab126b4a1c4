// The fit of a run, with checkpoints and progress; for the sources of this layer only.
#pragma once

#include "refrain/api/inside/checkpoints.h"
#include "refrain/api/inside/run_data.h"

namespace refrain::api {

// Throws numeric where a training diverged; its checkpoint is removed, because the same options
// would end there again.
task::Fitted fit_run(const RunState& run, const RunData& data, Checkpoints& checkpoints);

// Tells the log and the report what the training doctor finds. Of an ensemble's networks the first
// one speaks for all.
void say_findings(const task::Fitted& fitted, RunState& run);

}  // namespace refrain::api

// The training of a run whose answers are texts (reply_run.h); for the sources of this layer only.
#pragma once

#include "refrain/api/inside/run_data.h"
#include "refrain/transduce/fit.h"

namespace refrain::api {

// With back-translation and self-training the pairs that models make stand behind the training
// samples. Throws usage for options that the task does not take, and as fit_transducer() does.
transduce::FittedTransducer fit_replies(const RunData& data, const RunState& run,
                                        const transduce::FitHooks& hooks);

}  // namespace refrain::api

// Labels that may be wrong, as an inspection lists them; for the sources of this layer only.
#pragma once

#include "refrain/api/inside/held_out_answers.h"
#include "refrain/api/inspection.h"

namespace refrain::api {

// The likeliest first: all that are flagged, and at least the first fifth of all labels.
std::vector<LabelCandidate> label_candidates(const data::Dataset& data,
                                             const HeldOutAnswers& answers);

// Samples of which a label is flagged.
std::vector<int> flagged_samples(const data::Dataset& data, const HeldOutAnswers& answers);

}  // namespace refrain::api

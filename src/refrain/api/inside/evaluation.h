// Scoring a classifier on encoded samples; for the sources of this layer only.
#pragma once

#include "refrain/api/report.h"
#include "refrain/task/classifier.h"

namespace refrain::api {

// Fills score, metrics and confusion of the report, on so many threads.
void score(const task::Classifier& model, const std::vector<data::EncodedSample>& samples,
           int threads, Report& report);

}  // namespace refrain::api

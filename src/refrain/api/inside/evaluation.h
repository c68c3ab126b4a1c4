// Scoring a classifier on encoded samples; for the sources of this layer only.
#pragma once

#include <span>

#include "refrain/api/report.h"
#include "refrain/score/classification.h"
#include "refrain/task/classifier.h"

namespace refrain::api {

// Predictions of samples, groups as in the dataset that their `index` points into.
score::Classification classify(const task::Classifier& model,
                               const std::vector<data::EncodedSample>& samples,
                               const data::Dataset& dataset, int threads);

// The number of each sample's group, or nothing where not every sample has one.
std::vector<int> group_numbers(const data::Dataset& dataset, const std::vector<int>& chosen);

// Fills score, metrics, variation and confusion of the report from one or more predictions of the
// same samples.
void put_scores(std::span<const score::Classification> repeats, int seed, Report& report);

}  // namespace refrain::api

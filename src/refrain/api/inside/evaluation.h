// Scoring a classifier on encoded samples; for the sources of this layer only.
#pragma once

#include <span>

#include "refrain/api/report.h"
#include "refrain/score/decision.h"
#include "refrain/task/fit.h"

namespace refrain::api {

// Predictions of labelled samples, with their groups. Throws data for labels that the model does
// not know.
score::Classification classify(const task::Model& model, const task::View& view, int threads);

// Fills epochs, best epoch (of several networks the most) and the reason why the training ended.
void put_outcome(const task::Fitted& fitted, Report& report);

// The number of each sample's group, or nothing where not every sample has one.
std::vector<int> group_numbers(const data::Dataset& dataset, const std::vector<int>& chosen);

// Fills score, metrics (where mistakes have a cost, its mean too), variation, confusion and the
// table of the report's classes from one or more predictions of the same samples.
void put_scores(std::span<const score::Classification> repeats, const score::Cost& cost, int seed,
                Report& report);

}  // namespace refrain::api

// Scoring a classifier on encoded samples; for the sources of this layer only.
#pragma once

#include <span>

#include "refrain/api/report.h"
#include "refrain/base/log.h"
#include "refrain/score/decision.h"
#include "refrain/score/draws.h"
#include "refrain/task/fit.h"

namespace refrain::api {

// Predictions of labelled samples, with their groups. Throws data for labels that the model does
// not know.
score::Classification classify(const task::Model& model, const task::View& view, int threads);

// What mistakes cost; empty: the same.
const score::Cost& cost_of(const task::Model& model);

// Fills epochs, best epoch (of several networks the most) and the reason why the training ended.
void put_outcome(const task::Fitted& fitted, Report& report);

// Puts in what an interval counts as one: the units that splits keep whole (data/units.h), and
// what they are called. Nothing where each sample is alone and no group is named.
void put_units(const data::Dataset& dataset, const std::vector<int>& chosen,
               score::Classification& c);

// What of these samples is related, for a report.
UnitReport unit_report(const data::Dataset& dataset, const std::vector<int>& chosen);

// Joins spellings that are one, and tells what is worth knowing of a file of labelled samples:
// names that look alike, samples without a group, copies, and copies with different labels.
void settle_names(data::Dataset& dataset, const base::Log& log);

// The part of that which samples in memory need.
void tell_missing_groups(const data::Dataset& dataset, const base::Log& log);

// Fills score, metrics (where mistakes have a cost, its mean too), variation, confusion and the
// table of the report's classes from one or more predictions of the same samples.
struct Scoring {
  const score::Cost& cost;
  int seed = 0;
  score::Stop stop = nullptr;
};
// Throws score::Stopped where `stop` is set.
void put_scores(std::span<const score::Classification> repeats, const Scoring& how, Report& report);

}  // namespace refrain::api

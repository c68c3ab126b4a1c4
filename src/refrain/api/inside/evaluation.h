// Scoring a model on labelled samples; for the sources of this layer only.
#pragma once

#include <memory>

#include "refrain/api/report.h"
#include "refrain/base/log.h"
#include "refrain/score/draws.h"
#include "refrain/store/run.h"
#include "refrain/task/fit.h"
#include "refrain/task/task.h"

namespace refrain::api {

// The predictions of a model for labelled samples, alone and with the truths and groups.
struct Answered {
  task::Predictions said;
  std::vector<double> without_networks;  // of the simple methods among the members; or nothing
  std::unique_ptr<score::Answers> answers;
};

// Throws data for targets that the model cannot answer with.
Answered answer(const task::Model& model, const data::Subset& view, int threads);

// Fills epochs, best epoch (of several networks the most) and the reason why the training ended.
void put_outcome(const task::Fitted& fitted, Report& report);
// How the first network began, and what was frozen.
void put_begun(const task::Fitted& fitted, Report& report);

// The curves of a report, from those that the store keeps.
std::vector<Curve> curves_of(const std::vector<store::Epoch>& epochs);

// The units that an interval resamples (data/units.h) and their name in reports. Empty where every
// sample stands alone and no group is named.
struct Related {
  std::vector<int> group;  // [n]
  score::GroupWords words;

  void put_in(score::Answers& answers) const;
};
Related related(const data::Dataset& dataset, const std::vector<int>& chosen);

// Describes the units of these samples for a report.
UnitReport unit_report(const data::Dataset& dataset, const std::vector<int>& chosen);

// Fills metric, score, metrics, variation and the task's tables from one or more predictions of the
// same samples.
struct Scoring {
  const task::Goal& goal;
  int seed = 0;
  score::Stop stop = nullptr;
};
// Throws score::Stopped where `stop` is set.
void put_scores(const score::Repeats& repeats, const Scoring& how, Report& report);

// Fills within_groups. Throws score::Stopped where `stop` is set.
void put_within_groups(const score::Repeats& repeats, int seed, score::Stop stop, Report& report);

}  // namespace refrain::api

// A training run on its way: what its steps (train.cc) know in common and add to. For the sources
// of this layer only.
#pragma once

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/keep.h"
#include "refrain/api/train.h"
#include "refrain/base/log.h"
#include "refrain/task/spec.h"

namespace refrain::api {

struct RunState {
  const TrainJob& job;
  task::Spec spec;  // the options as given; the data and the fit settle those that are "auto"
  base::Log log;
  Report report = {};
  Kept kept = {};
  double begin = now();
};

// Shares of a time limit: when the model should be there, and when no further baseline is begun.
constexpr double kTrainingShare = 0.8, kScoringShare = 0.93;

// A few names of many: "a, b, ...".
std::string first_names(const std::vector<std::string>& names);

}  // namespace refrain::api

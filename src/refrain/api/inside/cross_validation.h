// Cross-validation: a model a fold and repeat, fitted and scored in parallel (whole models first,
// each on one thread), with the baselines on the same folds. For the sources of this layer only.
#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "refrain/api/hooks.h"
#include "refrain/api/inside/keep.h"
#include "refrain/base/log.h"
#include "refrain/score/answers.h"
#include "refrain/task/fit.h"

namespace refrain::api {

struct CrossValidation {
  const data::Dataset& data;
  const task::Spec& spec;
  bool keep_model = false;  // fit one more, on all the data
  const std::atomic<bool>* stop = nullptr;
  const base::Log& log;
  double seconds = 0;                                       // time limit of all folds; 0 = none
  std::function<void(const TrainProgress&)> progress = {};  // of folds
};

struct CrossValidated {
  Report report;  // stop_reason "interrupted", and no scores, where stop was set
  std::optional<task::Model> model;
  Kept kept;
  // The answers about every sample, one entry a repeat, and the fold that each was tested in.
  std::vector<std::unique_ptr<score::Answers>> repeats = {};
  std::vector<std::vector<int>> fold = {};  // [repeat][n]
};

// The result is the same for any number of threads.
CrossValidated cross_validate(const CrossValidation& work);

}  // namespace refrain::api

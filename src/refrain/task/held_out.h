// Predictions of training samples by models that did not see them: the whole training is repeated
// in inner folds (data/folds.h; related samples stay together), each on the samples of the others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/data/folds.h"
#include "refrain/task/fit.h"
#include "refrain/task/task.h"

namespace refrain::task {

constexpr int kInnerFolds = 5;
// With --blend-weight auto an inner fold trains one network for this many of the ensemble.
constexpr int kWeighingPart = 3;

// Why there may be none.
constexpr const char* kNoInnerFolds =
    "there are no inner folds: the training samples are of one group, or each class is";

// Returns the kinds of a model's members, each once: "network", "minirocket", ...
std::vector<std::string> kinds_of(const Model& model);

// The share that each kind of members has in the model's average; adds up to 1.
std::vector<double> shares_of(const Model& model);

struct HeldOut {
  int folds = 0;
  std::vector<int> sample;                   // [n] numbers in the dataset
  std::vector<data::EncodedTarget> truth;    // [n]
  std::vector<std::vector<double>> answers;  // of each kind of members [n,width]

  // [n,width] their average by these shares.
  std::vector<double> averaged(const std::vector<double>& shares) const;
};

struct HoldOut {
  const Spec& spec;  // of the models of the folds
  const data::Dataset& dataset;
  const std::vector<int>& pool;
  std::shared_ptr<const Goal> goal;
  std::vector<std::string> kinds;  // of members, whose answers are wanted
  base::Rng rng;
};

// The folds: kInnerFolds, or as many as there are unrelated samples where these are fewer. One that
// would have nothing to learn is left out. Empty where nothing can be held out: all samples are
// of one group, say.
std::vector<data::Fold> cut_inner_folds(const data::Dataset& dataset, const std::vector<int>& pool,
                                        const Task& task, const base::Rng& rng);

// Nothing where it was stopped; no samples where there are no folds. Throws as fit_model.
std::optional<HeldOut> hold_out(const HoldOut& job, const std::atomic<bool>* stop);

}  // namespace refrain::task

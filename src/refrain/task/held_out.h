// Predictions of training samples by models that did not see them: the whole training is repeated
// in inner folds (data/folds.h; related samples stay together), each on the samples of the others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/task/fit.h"

namespace refrain::task {

constexpr int kInnerFolds = 5;

// What a model's members are, each once: "network", "minirocket", ...
std::vector<std::string> kinds_of(const Model& model);

// The share that each kind of members has in the model's average; adds up to 1.
std::vector<double> shares_of(const Model& model);

struct HeldOut {
  int folds = 0;
  std::vector<int> sample;                       // [n] numbers in the dataset
  std::vector<int> truth;                        // [n]
  std::vector<std::vector<double>> probability;  // of each kind of members [n,C]

  // [n,C] their average by these shares.
  std::vector<double> averaged(const std::vector<double>& shares) const;
};

struct HoldOut {
  const Spec& spec;  // of the models of the folds
  const data::Dataset& dataset;
  const std::vector<int>& pool;
  const Model& model;  // whose labels and kinds of members these are
  base::Rng rng;
};

// Nothing where it was stopped. Throws as data::make_folds, fit_model.
std::optional<HeldOut> hold_out(const HoldOut& job, const std::atomic<bool>* stop);

}  // namespace refrain::task

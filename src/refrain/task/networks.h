// Training the networks of a model: whole networks are the first unit of parallel work, each goes
// on from where it was. With --refit each is trained once more from the start, on the training and
// the validation part, for as many updates as early stopping found best; nothing is selected then.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "refrain/task/fit.h"

namespace refrain::task {

// Teacher's answers [width] by the number of the training sample.
using SoftTargets = std::unordered_map<std::int64_t, std::vector<double>>;

struct NetworksJob {
  const Spec& spec;  // settled
  const FitParts& parts;
  const FitParts* all = nullptr;  // the parts to train on again; null: train once
  std::shared_ptr<const Goal> goal;
  int count = 1;
  std::string stage = {};             // of NetworkRun
  bool alone = true;                  // of NetworkRun
  const SoftTargets* soft = nullptr;  // null: the targets as they are
};

struct Networks {
  std::vector<std::unique_ptr<Network>> networks;
  std::vector<train::Outcome> outcomes;  // of the first training of each
  Begun begun;                           // of the first network: how it began
  std::vector<Refit> refits;             // of the second, with --refit; of no samples where the
                                         // deadline came first and the first one's network stays
};

// Fits networks. The result is the same for any number of threads.
Networks fit_networks(const NetworksJob& job, const FitHooks& hooks);

}  // namespace refrain::task

// Progress of a training for a front end: the epochs of several networks count as one row of
// epochs, one network after the other. For the sources of this layer only.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/task/fit.h"

namespace refrain::api {

class Watch {
 public:
  // `has_valid`: there is a validation part, whose scores are told.
  Watch(const Hooks& hooks, bool has_valid) : hooks_(hooks), has_valid_(has_valid) {}

  // Stop and progress of one network; they are called from the thread that trains it.
  train::Hooks operator()(const task::NetworkRun& run);
  // The same of network `number` of `count` that another layer trains.
  train::Hooks of(int number, int count, const std::string& stage, const std::string& score_name);

 private:
  struct Place {
    int number, count;
    std::string stage, score_name;
  };
  void tell(const Place& place, const train::Progress& p);

  const Hooks& hooks_;
  bool has_valid_;
  std::mutex mutex_;
  std::map<std::string, std::vector<int>> done_;  // epochs of each network, by stage
};

}  // namespace refrain::api

// Out-of-fold answers of simple methods, for wrong labels and learning curves. For the sources of
// this layer only.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "refrain/base/log.h"
#include "refrain/task/task.h"

namespace refrain::api {

struct HeldOutWork {
  const data::Dataset& data;  // settled
  const task::Spec& spec;     // its task, seed and threads
  const base::Log& log;
  const std::atomic<bool>* stop = nullptr;
  int folds = 5, repeats = 1;
  double share = 1;                // share of each fold's training part that is used
  bool one_method = false;         // the fastest alone
  std::vector<int> left_out = {};  // samples that are never learned from
};

struct HeldOutAnswers {
  std::shared_ptr<const task::Goal> goal;
  std::vector<std::string> methods;
  // [n,width], or of tags [all steps,width]: the mean over methods and repeats; empty where
  // nothing could be fitted.
  std::vector<double> numbers;
  std::vector<std::size_t> begin;  // [n] where a sample's rows begin
  double seconds = 0;
};

// Computes the out-of-fold answers. The result is the same for any number of threads.
HeldOutAnswers held_out_answers(const HeldOutWork& work);

}  // namespace refrain::api

// How a caller follows and stops long work. Standard library only.
#pragma once

#include <atomic>
#include <functional>
#include <string>

namespace refrain::api {

struct TrainProgress {
  int epoch = 0, epochs = 0;  // current, counted from 1
  int batch = 0, batches = 0;
  double loss = 0;
  bool epoch_done = false;
  bool has_valid = false;  // the next two are of the validation part, when the epoch is done
  double valid_score = 0, valid_loss = 0;
  std::string score_name = "accuracy";  // what valid_score is
  std::string unit = "epoch";           // or "fold": epoch and epochs then count folds, loss is NaN
};

struct Hooks {
  std::function<void(const TrainProgress&)> progress;
  std::function<void(const std::string& sentence, bool warning)> message;
  const std::atomic<bool>* stop = nullptr;  // set it to stop at the next batch, with a checkpoint
};

}  // namespace refrain::api

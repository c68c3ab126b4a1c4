// What a run knows of itself: one record an epoch, and the State from which it continues with the
// same bits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "refrain/base/real.h"

namespace refrain::train {

struct ValidScore {
  double score = 0;  // larger is better
  double loss = 0;   // decides between equal scores
};

struct EpochRecord {
  int epoch = 0;  // from 1
  double loss = 0;
  double lr = 0;
  double gradient_norm = 0;  // mean over the epoch's steps, before clipping
  ValidScore valid;
};

enum class StopReason { kEpochs, kPatience, kInterrupted };
std::string to_string(StopReason reason);

// Everything that a run continues from.
struct State {
  int epoch = 0;                      // complete epochs
  int batch = 0;                      // complete batches of the current epoch
  std::int64_t step = 0;              // updates
  double loss_sum = 0, norm_sum = 0;  // of the current epoch
  int best_epoch = 0;
  std::int64_t best_step = 0;  // updates up to the end of the best epoch
  ValidScore best;
  std::vector<EpochRecord> history;
  std::vector<real> values, best_values;
  std::vector<std::vector<real>> slots;
  std::vector<real> average;  // running mean of the weights, empty without averaging
  std::int64_t averaged = 0;  // weights in it
  bool averaging = false;     // with --average nt_asgd: whether the mean has begun
};

}  // namespace refrain::train

// The state of a training: one record per epoch, and the State from which it continues with the
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
  double clip_ratio = 0;     // share of the epoch's updates whose gradient was clipped
  ValidScore valid;
};

enum class StopReason { kEpochs, kPatience, kTime, kInterrupted };
std::string to_string(StopReason reason);

// Everything that a run continues from.
struct State {
  bool done = false;                  // no epoch is left to do; told to whoever keeps the state
  int epoch = 0;                      // complete epochs
  int batch = 0;                      // complete batches of the current epoch
  std::int64_t step = 0;              // updates
  double share = 0;                   // of the time that a timed training has used
  double lr = 0;                      // the schedule's peak; 0 = not yet known
  double loss_sum = 0, norm_sum = 0;  // of the current epoch
  int clipped = 0;
  double start_loss = 0;           // of the first batch, before any update
  std::vector<double> layer_sums;  // [layers]
  int best_epoch = 0;
  std::int64_t best_step = 0;  // updates up to the end of the best epoch
  ValidScore best;
  double smoothed = 0, best_smoothed = 0;  // mean validation loss of the last epochs
  double lr_factor = 1, plateau_loss = 0;  // schedule plateau: the best loss,
  int plateau_epoch = 0;                   // and when it was
  std::vector<EpochRecord> history;
  std::vector<double> layer_norms;  // [epochs, layers]: root mean square gradient, epoch's mean
  std::vector<real> values, best_values;
  std::vector<std::vector<real>> slots;
  std::vector<real> carried;  // of a GradientRule
  std::vector<real> average;  // running mean of the weights, empty without averaging
  std::int64_t averaged = 0;  // weights in it
  bool averaging = false;     // with --average nt_asgd: whether the mean has begun
};

}  // namespace refrain::train

// The options of a training run: epochs, stopping, penalties, averaging.
#pragma once

#include <string>

#include "refrain/base/fields.h"

namespace refrain::train {

struct TrainSpec {
  int epochs = 0;      // 0 = from the number of samples
  int batch_size = 0;  // 0 = from the number of samples
  int patience = 20;
  int min_epochs = 0;
  int smooth_epochs = 0;
  std::string average = "none";
  double ema_decay = 0.99;
  double swa_share = 0.25;
  int nt_window = 5;
  double l1 = 0;
  double l2 = 0;
  std::string penalty;
  std::string freeze;
  int unfreeze_every = 0;
  int unfreeze_words = 0;
  double layer_lr_decay = 1;
  double l2_sp = 0;
  double max_norm = 0;
  double mixup = 0;
  double gradient_noise = 0;
  int seed = 1;
  int threads = 0;  // 0 = all cores
};
base::Fields<TrainSpec> train_fields();

}  // namespace refrain::train

// The training doctor: reads the record of a finished training and says what went wrong in it and
// which option to change. Thresholds are meant to stay silent on a healthy run.
#pragma once

#include <string>
#include <vector>

#include "refrain/train/trainer.h"

namespace refrain::train {

// The options that a sentence may advise to change.
struct Treatment {
  const TrainSpec& train;
  const optim::OptimSpec& optim;
  bool pools = true;  // the states of a sample become one vector (--pooling)
};

// Findings as sentences, the gravest first: diverged or dead losses, exploding or vanishing layers
// (named), gradients that are nearly always clipped, over-fitting, under-training. None for a
// healthy run, and none for less than five epochs.
std::vector<std::string> diagnose(const Outcome& outcome, const Treatment& treatment);

}  // namespace refrain::train

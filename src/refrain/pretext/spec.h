// The options of a source that is trained on series without labels (or with them): what it has to
// tell, network, training. Their names are those of `refrain train` wherever the same is meant.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/features.h"
#include "refrain/data/reader.h"
#include "refrain/nn/encoder.h"
#include "refrain/optim/optimiser.h"
#include "refrain/train/spec.h"

namespace refrain::pretext {

constexpr const char* kAutoViews = "auto";
constexpr double kAutoFraction = 0;

struct ObjectiveSpec {
  std::string objective = "contrast";
  std::string augment = kAutoViews;
  double temperature = 0.2;
  double mask_share = 0.3;
  int mask_length = 0;
  int horizon = 0;
  std::string channels = "together";
  std::string rates;  // of the files, commas between; empty: all alike
  double valid_fraction = kAutoFraction;
  std::string time_limit;
};

struct PretextSpec {
  ObjectiveSpec objective;
  data::ReadSpec read;
  data::FeatureSpec features;
  nn::EncoderSpec encoder;
  train::TrainSpec train;
  optim::OptimSpec optim;

  PretextSpec();
};
const std::vector<base::Field>& pretext_fields();

// Throws usage for values that contradict each other.
void check_options(const PretextSpec& spec);

}  // namespace refrain::pretext

// The network of a source of series: one encoder, named as a classifier's first encoder, and the
// layers of its objective behind it.
#pragma once

#include <memory>

#include "refrain/data/features.h"
#include "refrain/pretext/objective.h"

namespace refrain::pretext {

struct PretextNetwork {
  PretextNetwork(const PretextSpec& spec, const data::Features& features, int classes);

  std::unique_ptr<Objective> objective;
  std::unique_ptr<nn::Encoder> encoder;
  nn::ParamSet params;
};

}  // namespace refrain::pretext

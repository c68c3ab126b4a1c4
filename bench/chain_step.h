// What tagging adds to a training step: the loss and the gradients of a linear-chain conditional
// random field alone ("chain"), or a whole step of an encoder of two directions below it
// ("tagger"), with Adam. Random data, the same in every step.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/nn/chain_head.h"
#include "refrain/nn/encoder.h"
#include "refrain/nn/head.h"
#include "refrain/optim/optimiser.h"

namespace refrain::bench {

struct ChainCase {
  std::string cell;  // "" = the chain alone
  int B = 1, T = 1, I = 1, H = 1, tags = 9;
};

class ChainStep {
 public:
  explicit ChainStep(const ChainCase& c);
  double run();  // one step; its loss, a step of a sequence's share

 private:
  ChainCase case_;
  base::Rng rng_{1};
  nn::ParamSet params_;
  std::unique_ptr<nn::Encoder> encoder_;
  nn::LinearHead head_;
  nn::ChainHead chain_;
  std::unique_ptr<optim::Optimiser> adam_;
  std::vector<optim::Range> ranges_;
  data::Batch batch_;
  tape::Tape tape_;
  std::vector<real> gradients_, emissions_, emission_gradients_;
  std::int64_t step_ = 0;
};

}  // namespace refrain::bench

// The start of the layers of a text encoder that a network tunes: the weights of the encoder's
// folder. What they make of the training part is brought to a common scale as --normalise says, by
// the last gain and bias: without training the network then reads what it reads without tuning.
#pragma once

#include "refrain/data/subset.h"
#include "refrain/nn/transformer_layers.h"
#include "refrain/task/network.h"

namespace refrain::task {

class TunedStart {
 public:
  // Throws as transformer::Pretrained where the folder of the options cannot be read.
  TunedStart(const Network& network, const data::Subset& training);

  // For a network of the same form.
  void put_in(Network& network) const;

 private:
  void take(const Spec& spec);
  void scale(const Network& network, const data::Subset& training);

  nn::ParamSet params_;  // of the layers alone
  nn::TransformerLayers layers_;
};

// True if a network's first layers are those of a text encoder.
bool is_tuned(const Network& network);

}  // namespace refrain::task

// Fine-tuning of a network that begins with what it learned elsewhere: parameters that stand still,
// layers that begin to learn one after another from the head down (Howard and Ruder 2018), and a
// learning rate for each layer. A layer's depth is counted in both directions: from the input of
// its encoder (word vectors or the first layer are 0), and from the head (0).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "refrain/nn/param_set.h"
#include "refrain/train/spec.h"
#include "refrain/train/state.h"

namespace refrain::train {

struct Depth {
  int from_input = 0;  // -1: of the head
  int from_head = 0;
};
std::vector<Depth> depths_of(const nn::ParamSet& params);  // one a parameter

// Sets Param::frozen by --freeze: patterns of names, or a number of layers from the input on.
// Throws usage for a pattern that no parameter matches, and where nothing would be left to learn.
void freeze(const std::string& patterns, nn::ParamSet& params);

// The epoch, counted from 0, whose optimiser a state holds.
int epoch_of(const State& state);

class Tuning {
 public:
  // `params`: frozen ones are those that never learn.
  Tuning(const TrainSpec& spec, const nn::ParamSet& params);

  // The latest epoch, counted from 0 and not behind this one, in which a layer begins to learn.
  int last_thaw(int epoch) const;
  // Sets Param::frozen as it is in an epoch.
  void apply(int epoch, nn::ParamSet& params) const;

  // Copies what a slowed parameter was before an update,
  void keep(const std::vector<real>& values);
  // and leaves of its step the layer's share.
  void slow(std::vector<real>& values) const;

 private:
  struct Slowed {
    std::size_t begin, count;
    real rate;
  };
  std::vector<int> begins_;  // one a parameter: the epoch in which it begins to learn
  std::vector<Slowed> slowed_;
  std::vector<real> kept_;
};

}  // namespace refrain::train

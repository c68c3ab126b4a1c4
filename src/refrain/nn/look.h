// Records the activations of a network while it predicts one sample: values by name, one row per
// step. The tape owns the numbers; they are valid until its next reset.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "refrain/tape/tape.h"

namespace refrain::nn {

struct Look {
  // Weights of self-attention [heads,T,T]; row t: the steps that step t attends to.
  struct Attention {
    std::string name;
    const real* weights = nullptr;
    int heads = 0, steps = 0;
  };

  // Changes what the network reads [T,F] before it reads it; may be empty.
  std::function<void(const tensor::Tensor&)> alter;
  // "input" [T,F] as the network reads it, then layers from the ground up, "encoder.0" [T,D*H], ...
  std::vector<std::pair<std::string, tape::Var>> seen;
  std::deque<Attention> attention;  // its places stay where they are
  std::string stream;               // that is encoded, where there are several

  // Returns the name with the stream, for values that every encoder has: "input.accelerometer".
  std::string of_stream(const std::string& name) const {
    return stream.empty() ? name : name + "." + stream;
  }
  void see(std::string name, tape::Var value) { seen.emplace_back(std::move(name), value); }
};

}  // namespace refrain::nn

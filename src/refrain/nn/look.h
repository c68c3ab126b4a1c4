// What an observer sees of a network while it predicts one sample: values by name, one row a step.
// The tape owns the numbers; they are valid until its next reset.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "refrain/tape/tape.h"

namespace refrain::nn {

struct Look {
  // Of self-attention [heads,T,T], row t: what step t attends to.
  struct Attention {
    std::string name;
    const real* weights = nullptr;
    int heads = 0, steps = 0;
  };

  // "input" [T,F] as the network reads it, then layers from the ground up, "encoder.0" [T,D*H], ...
  std::vector<std::pair<std::string, tape::Var>> seen;
  std::deque<Attention> attention;  // its places stay where they are
  std::string stream;               // that is encoded, where there are several

  // What every encoder has is told apart by its stream: "input.accelerometer".
  std::string of_stream(const std::string& name) const {
    return stream.empty() ? name : name + "." + stream;
  }
  void see(std::string name, tape::Var value) { seen.emplace_back(std::move(name), value); }
};

}  // namespace refrain::nn

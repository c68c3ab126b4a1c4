// What an observer sees of a network while it predicts one sample: values by name, one row a step.
// The tape owns the numbers; they are valid until its next reset.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "refrain/tape/tape.h"

namespace refrain::nn {

struct Look {
  // "input" [T,F] as the network reads it, then layers from the ground up, "encoder.0" [T,D*H], ...
  std::vector<std::pair<std::string, tape::Var>> seen;
  const real* attention = nullptr;  // [heads,T,T] of self-attention, row t: what step t attends to
  int heads = 0, steps = 0;         // of it

  void see(std::string name, tape::Var value) { seen.emplace_back(std::move(name), value); }
};

}  // namespace refrain::nn

// The loss of connectionist temporal classification and its gradients, with random scores and
// symbols, the same in every step.
#pragma once

#include <vector>

#include "refrain/tape/ctc_loss.h"

namespace refrain::bench {

struct CtcCase {
  int B = 1, T = 1;
  int written = 1;  // symbols of a sequence
  int symbols = 2;  // the blank included
};

class CtcStep {
 public:
  explicit CtcStep(const CtcCase& c);
  double run();  // one step; its loss, a step of a sequence's share

 private:
  CtcCase case_;
  tensor::StepTable steps_;
  std::vector<real> scores_, gradients_;
  std::vector<int> symbol_, begin_;
  tape::Tape tape_;
};

}  // namespace refrain::bench

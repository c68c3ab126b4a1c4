// Checks of an explanation before anybody looks at it: does it beat random orders, is it the same
// for another seed, and is it another one for a model with random weights (Adebayo et al. 2018)?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/explain/curves.h"

namespace refrain::explain {

// What was seen of one sample.
struct Checked {
  Curves curves;
  double stability = 1;              // rank correlation with another seed
  std::optional<double> randomised;  // of sizes of scores, with a model of random weights
};

struct Gain {
  double value = 0, low = 0, high = 0;  // mean over samples with 95 % interval
};

struct Verdict {
  Gain deletion, insertion;
  double stability = 1;
  std::optional<double> randomised;
  Curves mean;                       // over the samples
  std::vector<std::string> against;  // sentences: why the scores are not to be trusted
  bool faithful() const { return against.empty(); }
};

// Checks one sample; `random` is the question to a model of random weights, null where there is
// none. `score` are those of the method for this case.
Checked check(const Case& of, const MethodEntry& method, const std::vector<double>& score,
              const Question* random);

Verdict judge(const std::vector<Checked>& samples);

}  // namespace refrain::explain

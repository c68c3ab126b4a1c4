// The training samples that an answer rests on, as far as the networks of a model tell: the nearest
// ones by what the network makes of them, and those whose learning moved the answer most.
#pragma once

#include <vector>

#include "refrain/explain/question.h"

namespace refrain::explain {

struct Relative {
  int sample = 0;    // its number in the training samples
  double value = 0;  // distance; or influence, positive: it made the answer likelier
};

struct Relatives {
  std::vector<Relative> nearest;     // nearest first
  std::vector<Relative> supporting;  // the largest influence first
  std::vector<Relative> opposing;    // the most negative first
};

// For each of `samples`, up to `count` of `training`. Distances are Euclidean, between the vectors
// that the head reads, in units of the median distance of training samples, averaged over networks.
// Influence is that of one step on the head for each training sample (TracIn of the last layer,
// Pruthi et al. 2020), for the answer of the model, in units of the largest. Throws unsupported
// where no member is a network or the answers are no classes.
std::vector<Relatives> relatives(const task::Model& model, const data::Dataset& samples,
                                 const data::Dataset& training, int count, int threads);

}  // namespace refrain::explain

// Self-training: a model of the same direction writes replies to sources without any, and the
// network learns from these pairs too (He et al. 2020). A network of another form that learns what
// an ensemble writes is sequence-level distillation (Kim and Rush 2016): one network by CTC can
// write nearly as well as its teacher, and much faster. Where nobody has sources to offer and the
// training sources are single words, new words are invented.
#pragma once

#include <optional>
#include <string>

#include "refrain/transduce/made_pairs.h"

namespace refrain::transduce {

struct SelfTraining {
  std::string model;  // file of the model that writes the replies
  std::string texts;  // file of sources, a line each; "" = invented words
  int number = 0;     // of invented words; 0 = as many as suit the training part
};

// Takes the step self_training(model=...) out of a specification of augmentation, which stays
// without it. Throws usage for options that are missing or contradict each other.
std::optional<SelfTraining> take_self_training(std::string& augment);

// `parts.judged`: sources. Throws data, usage, io for files that are none, and usage where words
// would have to be invented and the training sources are sentences.
MadePairs self_trained(const SelfTraining& how, const MakingPairs& parts);

}  // namespace refrain::transduce

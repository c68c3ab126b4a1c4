// Back-translation (Sennrich, Haddow and Birch 2016): a model of the other direction writes sources
// for texts of the target language, and the network learns from these pairs too. They begin with a
// symbol of their own (Caswell et al. 2019), so that the network can tell them from true ones.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "refrain/base/log.h"
#include "refrain/data/subset.h"

namespace refrain::transduce {

struct BackTranslation {
  std::string model;    // file of the reverse model
  std::string texts;    // file of target texts, a line each; "" = the training targets
  std::string forward;  // file of a model of this direction, "" = none
  bool tagged = true;
  double likeness = 0.3;  // least that a text and its translation by `forward` have in common
};

// Takes the step back_translation(model=...) out of a specification of augmentation, which stays
// without it. Throws usage for options that contradict each other.
std::optional<BackTranslation> take_back_translation(std::string& augment);

struct MadePairs {
  std::vector<data::Sample> samples;
  int asked = 0;   // different texts
  int known = 0;   // of them left out, since they are replies of the samples that are judged
  int unlike = 0;  // left out, since their way back was too far from them, or empty
  std::string summary() const;
};

struct MakingPairs {
  data::Subset training;
  std::vector<std::string> judged;  // replies that choices or scores are made by
  int threads = 1;
  const std::atomic<bool>* stop = nullptr;
  base::Log log;
};
// Throws data, usage, io for files that are none.
MadePairs back_translated(const BackTranslation& how, const MakingPairs& parts);

// The lines' translations by the model in this file; nothing where it is no model of texts.
std::optional<std::vector<std::string>> translated_lines(const std::string& path,
                                                         const std::vector<std::string>& lines);

}  // namespace refrain::transduce

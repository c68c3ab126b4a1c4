// Back-translation (Sennrich, Haddow and Birch 2016): a model of the other direction writes sources
// for texts of the target language, and the network learns from these pairs too. They begin with a
// symbol of their own (Caswell et al. 2019), so that the network can tell them from true ones.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/transduce/made_pairs.h"

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

// Throws data, usage, io for files that are none.
MadePairs back_translated(const BackTranslation& how, const MakingPairs& parts);

// The lines' translations by the model in this file; nothing where it is no model of texts.
std::optional<std::vector<std::string>> translated_lines(const std::string& path,
                                                         const std::vector<std::string>& lines);

}  // namespace refrain::transduce

// 95 % intervals of each type of span (each label) of a tagging, and of spans that the training
// part had and had not.
#pragma once

#include <span>

#include "refrain/score/draws.h"
#include "refrain/score/tagging.h"

namespace refrain::score {

// The scores of one type; counts are means over the repeats, without weights.
struct TagScores {
  std::string type;
  Interval precision, recall, f1;
  double support = 0, predicted = 0;  // spans of the type (steps of the label), in truth and answer
};

// One row a type that occurs in truth or prediction, by name. The intervals are those of the other
// metrics, with as many samples (groups) as have to do with the type; [0, 1] where that is fewer
// than two.
std::vector<TagScores> tag_scores(std::span<const Tagging> repeats, int seed, Stop stop = nullptr);

struct SeenScores {
  Interval seen, unseen;                        // recall
  double seen_support = 0, unseen_support = 0;  // true spans, means over the repeats
};

// Empty where Tagging::seen is.
std::optional<SeenScores> seen_scores(std::span<const Tagging> repeats, int seed,
                                      Stop stop = nullptr);

}  // namespace refrain::score

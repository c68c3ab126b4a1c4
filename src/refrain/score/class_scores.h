// 95 % intervals of precision, recall and F1 of each class of a classification.
#pragma once

#include <span>

#include "refrain/score/classification.h"
#include "refrain/score/draws.h"

namespace refrain::score {

// The scores of one class; counts are means over the repeats, without weights.
struct ClassScores {
  Interval precision, recall, f1;
  double support = 0, predicted = 0;  // samples of the class; answers of it
};

// One row a class. Recall: the interval of accuracy on the samples of the class. Precision and F1:
// as the other metrics, with as many samples (groups) as have to do with the class; [0, 1] where
// that is fewer than two.
std::vector<ClassScores> class_scores(std::span<const Classification> repeats, int seed,
                                      Stop stop = nullptr);

}  // namespace refrain::score

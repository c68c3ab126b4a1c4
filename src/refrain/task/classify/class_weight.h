// The weights of classes in the loss, as the user writes them: "none", "balanced", by label
// "sick=5, well=1", or as JSON, '{"sick": 5, "well": 1}'. A label that is not named weighs 1.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::task {

// [C]; empty where all weigh 1. `count` [C]: training samples of each class; "balanced" is
// n / (C * count) (King and Zeng 2001). Labels of other classes are passed over. Throws usage for
// any other text and for weights that are not above 0.
std::vector<double> class_weights(const std::string& text, const std::vector<std::string>& labels,
                                  const std::vector<int>& count);

// Throws usage, as above and for a label ("did you mean") that no sample of the dataset bears and
// that is none of `more`.
void check_class_weight(const std::string& text, const data::Dataset& dataset,
                        const std::vector<std::string>& more);

// Probabilities [n,C] of a method that knows no weights, as one with them would say: times the
// class's weight, summing to 1 again (Elkan 2001). As they are where there are no weights.
std::vector<double> reweighed(std::vector<double> probability, const std::vector<double>& weights);

}  // namespace refrain::task

// Choosing options of a network by cross-validation inside the training part (task/held_out.h):
// each candidate is one network, all see the same inner folds, and the mean loss (task/goal.h) of
// what was held out decides. A candidate takes the place of the options as they were only where it
// is better by more than one standard error of the paired difference: with few samples the lowest
// loss of several is mostly luck.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "refrain/task/fit.h"

namespace refrain::task {

using OptionValues = std::vector<std::pair<std::string, base::Json>>;

// Returns the option sets that a settled spec asks to choose from; the first candidate is the spec
// as it is. Empty: nothing is chosen.
std::vector<OptionValues> candidates_of(const Spec& spec, const TrainingData& data);

// One candidate's result.
struct Tried {
  OptionValues options;
  std::vector<double> loss;  // of each held-out sample
  int right = 0;
};

// The number of the one to take; the first wins unless another is better by this many standard
// errors, and by `strict` has no fewer right. Where the second is expected to be better, it takes
// the first one's part unless it has fewer right or a higher loss.
struct Choice {
  double errors = 1;
  bool strict = false;
  bool expected = false;
  bool members = false;  // true: simple methods are tried with the network
};
std::size_t choose(const std::vector<Tried>& tried, const Choice& choice = {});

// Sets the options, which nothing will search for once more.
void settle_on(Spec& spec, const std::vector<OptionValues>& candidates, const OptionValues& chosen);

struct SearchTime {
  double seconds = 0;  // in all; 0 = as long as it takes
  double each = 0;     // that a candidate is expected to take
};

// Settles --augment auto: chooses one of augment/usual.h, or none, by the average of one network
// and the simple methods, or by the simple methods alone where they have most of the weight. For
// series and texts the first candidate is taken unless it answers fewer samples correctly than
// none, or has a higher log loss; another one only if it is better by two standard errors and
// answers no fewer samples correctly. If most texts are English, WordNet is installed and simple
// methods would read it, --meanings is chosen first, by the log loss.
void search_augmentation(Spec& spec, const FitParts& parts, const FitHooks& hooks,
                         const SearchTime& time);

// True if the simple methods have most of the weight, so that they alone judge an augmentation, in
// seconds.
bool methods_judge(const Spec& spec);

// Sets the chosen options, and says what was found. Does nothing more once the hooks' stop is set.
void search_options(Spec& spec, const FitParts& parts, const FitHooks& hooks,
                    const SearchTime& time);

}  // namespace refrain::task

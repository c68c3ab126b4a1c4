// Compares two methods and states in one sentence which is better. One test decides; the form of
// the data chooses it, never the results: the corrected resampled t-test where there are folds (at
// least five samples each on average), else the paired permutation test, which exchanges whole
// groups. The other tests are shown for information. bench/coverage.cc measures how often equal
// methods are called different.
#pragma once

#include <optional>

#include "refrain/score/paired.h"

namespace refrain::score {

struct CompareOptions {
  std::string metric = "";  // empty: the main one
  int seed = 0;
  std::string name_a = "A", name_b = "B";
  std::vector<std::vector<int>> fold =
      {};  // [repeat][n], the same for both; empty: no cross-validation
  // The pair was picked, by these samples, out of so many: the level is divided by it (Bonferroni).
  int among = 1;
};

struct Comparison {
  std::string metric;
  double a = 0, b = 0;  // the metric's mean over the repeats
  std::string test;     // the one that decides, in words
  Tested decision;      // its outcome; positive where B is better; p as of a pair not picked
  bool distinguishable = false;
  double samples_needed = 0;  // for 80 % power at a difference of the size seen; 0: it was none
  Tested permutation, bootstrap;
  std::optional<Tested> resampled_t;  // where there are folds
  // Where there is one repeat of answers that are right or wrong; it knows no groups.
  std::optional<Mcnemar> mcnemar;
  std::string verdict;
  std::string samples;  // "80 samples in 4 groups"
  std::string wanted;   // what would be needed to tell, "about 900 samples"; "" = nothing more
};

// Throws as check(pair); a metric that cannot be worked out is an error
// with the nearest name.
Comparison compare(const Pair& pair, const CompareOptions& options);

}  // namespace refrain::score

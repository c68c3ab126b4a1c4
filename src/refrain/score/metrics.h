// Scores of a classification, each with a 95 % interval: accuracy by Wilson's formula (1927), the
// others by a percentile bootstrap over the samples (Efron 1979).
#pragma once

#include <string>
#include <vector>

#include "refrain/base/registry.h"

namespace refrain::score {

struct Interval {
  double value = 0, low = 0, high = 0;
};

// Truth and predictions of n samples over C classes. A truth of -1 is a class unseen in training:
// it counts as wrong.
struct Classification {
  int classes = 0;
  std::vector<int> truth, predicted;  // [n]
  std::vector<double> probability;    // [n,C]
};

Interval wilson(double successes, double n);

using Metric = double (*)(const Classification&);
const base::Registry<Metric>& classification_metrics();

struct NamedScore {
  std::string name;
  Interval score;
};

// All registered metrics, accuracy first. The bootstrap is keyed by `seed`.
std::vector<NamedScore> score_all(const Classification& c, int seed);

// [truth][predicted] counts over the known classes.
std::vector<std::vector<int>> confusion_matrix(const Classification& c);

}  // namespace refrain::score

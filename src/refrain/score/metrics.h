// The metrics of a classification, each a function of weighted counts and orders (weighted.h),
// equal to scikit-learn's. Where theirs are undefined: a class that occurs in neither truth nor
// prediction is left out of a mean; AUROC is the mean over the classes that occur and are not the
// only one, 0.5 without any; average precision is over the classes that occur; Matthews and kappa
// are 0 where truth or prediction is one class throughout; no samples give 0 (AUROC 0.5). Of two
// classes, class 1 is the positive one. Papers: Matthews for many classes, Gorodkin 2004; kappa,
// Cohen 1960; calibration error, Guo et al. 2017; Brier 1950.
#pragma once

#include <vector>

#include "refrain/score/classification.h"
#include "refrain/score/weighted.h"

namespace refrain::score {

// Accuracy is the first.
const base::Registry<Metric>& classification_metrics();

// The metrics that can be worked out: without probabilities only those that need none.
NamedMetrics usable_metrics(bool has_probability);

// [truth][predicted] counts over the known classes, without weights.
std::vector<std::vector<int>> confusion_matrix(const Classification& c);

struct ClassRow {
  double precision = 0, recall = 0, f1 = 0;  // 0 where 0/0
  double support = 0, predicted = 0;         // sums of weights: true, predicted
  double auroc = 0.5;  // against the rest; 0.5 without probabilities or where a side is empty
};

// One row a class.
std::vector<ClassRow> per_class(const Classification& c);

// Precision, recall and F1 of class k; 0 where 0/0.
NamedMetrics class_metrics(int k);

}  // namespace refrain::score

// The metrics of a classification, each a function of weighted counts and orders (weighted.h),
// equal to scikit-learn's. Where theirs are undefined: a class that occurs in neither truth nor
// prediction is left out of a mean; AUROC is the mean over the classes that occur and are not the
// only one, 0.5 without any; average precision is over the classes that occur; Matthews and kappa
// are 0 where truth or prediction is one class throughout; no samples give 0 (AUROC 0.5). Of two
// classes, class 1 is the positive one. Papers: Matthews for many classes, Gorodkin 2004; kappa,
// Cohen 1960; calibration error, Guo et al. 2017; Brier 1950.
#pragma once

#include <functional>
#include <vector>

#include "refrain/base/registry.h"
#include "refrain/score/classification.h"
#include "refrain/score/weighted.h"

namespace refrain::score {

// What of the predictions a metric looks at.
enum class Needs { kLabels, kProbability, kOrder };

struct Metric {
  std::function<double(const Weighted&)> of;
  double low = 0, high = 1;  // the range of its values
  bool smaller_is_better = false;
  Needs needs = Needs::kLabels;
  // What it would be by chance alone where the true value is `low`, of a metric that noise can only
  // raise; null: noise moves it either way.
  double (*noise)(const Weighted&) = nullptr;

  // Whether it is a share of something, so that a difference is one of points (hundredths). A log
  // loss, a Brier score, a correlation and an error in units of the target are none.
  bool is_share() const { return low == 0 && high == 1; }
  bool needs_probability() const { return needs != Needs::kLabels; }
  double operator()(const Classification& c) const;  // throws as check(c)
};

// Accuracy is the first.
const base::Registry<Metric>& classification_metrics();

// The metrics that can be worked out: without probabilities only those that need none.
std::vector<base::RegistryItem<Metric>> usable_metrics(bool has_probability);

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
std::vector<base::RegistryItem<Metric>> class_metrics(int k);

}  // namespace refrain::score

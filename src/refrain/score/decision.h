// From probabilities to decisions. With cost[truth][prediction] the best prediction is the one of
// least expected cost, sum_t p(t) cost[t][k] (Elkan 2001); of two classes that is a threshold on
// the probability of class 1. A threshold may also be chosen to do best by a metric; choose it on
// out-of-fold predictions, and never report the score of the samples it was chosen on.
#pragma once

#include "refrain/score/metrics.h"

namespace refrain::score {

using Cost = std::vector<std::vector<double>>;  // [truth][prediction], C x C

// The class of least expected cost for each row of probabilities [n,C]; of equal ones the first.
std::vector<int> decide(const std::vector<double>& probability, const Cost& cost);

// Class 1 from this probability of it on. Throws Error(usage) unless each mistake costs more than
// the right answer.
double binary_threshold(const Cost& cost);

// Mean cost of the predictions, between the least and the largest one; samples of an unseen class
// are left out. Throws usage unless there is a cost for each pair of classes.
Metric mean_cost(const Cost& cost);

struct Threshold {
  double probability = 0.5;  // class 1 from here on
  double value = 0;          // the metric, on the samples it was chosen on
};

// The threshold that does best by a metric of labels, of two classes; of equally good ones the
// nearest to 0.5. It lies in the middle between neighbouring probabilities.
Threshold best_threshold(const Classification& c, const Metric& metric);

}  // namespace refrain::score

// Multinomial logistic regression on sparse rows with an L2 penalty:
//   minimise  mean over i of -log softmax(x_i W + b)[target_i]  +  |W|^2 / (2 C n)
// (b is free), by L-BFGS in double. C is the strength of the data against the penalty.
#pragma once

#include <cstddef>
#include <vector>

#include "refrain/method/archive.h"

namespace refrain::method {

// Row i holds value[k] in column[k] for k in [begin[i], begin[i + 1]).
struct SparseRows {
  int columns = 0;
  std::vector<std::size_t> begin = {0};
  std::vector<int> column;
  std::vector<double> value;

  int size() const { return static_cast<int>(begin.size()) - 1; }
  // The rows at these places, in their order.
  SparseRows pick(const std::vector<int>& rows) const;
};

struct LogisticTargets {
  const std::vector<int>& target;  // [n] in [0, classes)
  int classes;
};

struct Logistic {
  int columns = 0, classes = 0;
  std::vector<double> weight;  // [columns + 1, classes]; the last row is b

  // Probabilities [n,classes].
  std::vector<double> predict(const SparseRows& rows) const;
  void archive(Archive& file) { archive(file, file.width()); }
  void archive(Archive& file, int known_classes);
};

// Starts at `start` where it is given and of the same sizes.
Logistic fit_logistic(const SparseRows& rows, const LogisticTargets& targets, double strength,
                      const Logistic* start);

// How many of the rows have their largest probability at the target.
int count_right(const std::vector<double>& probability, const LogisticTargets& targets);

}  // namespace refrain::method

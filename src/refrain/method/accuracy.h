// For tests: the share of samples whose likeliest class is the right one.
#pragma once

#include <vector>

#include "refrain/method/logistic.h"

namespace refrain::method {

// `probability` [n,classes], row by row.
inline double accuracy(const std::vector<double>& probability, const std::vector<int>& targets,
                       int classes) {
  return count_right(probability, {targets, classes}) / static_cast<double>(targets.size());
}

}  // namespace refrain::method

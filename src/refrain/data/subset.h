// Samples by their numbers in a dataset; both must outlive the subset.
#pragma once

#include <vector>

#include "refrain/data/sample.h"

namespace refrain::data {

struct Subset {
  const Dataset& dataset;
  const std::vector<int>& chosen;

  int size() const { return static_cast<int>(chosen.size()); }
  const Sample& operator[](int i) const {
    return dataset.samples[static_cast<std::size_t>(chosen[static_cast<std::size_t>(i)])];
  }
};

}  // namespace refrain::data

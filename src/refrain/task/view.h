// Samples by their numbers in a dataset; both must outlive the view.
#pragma once

#include <vector>

#include "refrain/data/sample.h"

namespace refrain::task {

struct View {
  const data::Dataset& dataset;
  const std::vector<int>& chosen;

  int size() const { return static_cast<int>(chosen.size()); }
  const data::Sample& operator[](int i) const {
    return dataset.samples[static_cast<std::size_t>(chosen[static_cast<std::size_t>(i)])];
  }
};

}  // namespace refrain::task

// The samples that an operation may borrow from: those of the training part and no others.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::augment {

class Pool {
 public:
  // The dataset must outlive the pool.
  Pool(const data::Dataset& dataset, std::vector<int> training);

  int size() const { return static_cast<int>(training_.size()); }
  const data::Sample& operator[](int i) const {
    return dataset_.samples[static_cast<std::size_t>(training_[static_cast<std::size_t>(i)])];
  }
  // Places i of the samples with this label; empty where there is none.
  const std::vector<int>& of_label(const std::string& label) const;

 private:
  const data::Dataset& dataset_;
  std::vector<int> training_;
  std::map<std::string, std::vector<int>> by_label_;
};

}  // namespace refrain::augment

// The samples that an operation may borrow from, those of the training part and no others, and
// what is usual in them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::augment {

class Pool {
 public:
  // The dataset must outlive the pool. `training`: sample numbers.
  Pool(const data::Dataset& dataset, std::vector<int> training);

  int size() const { return static_cast<int>(training_.size()); }
  const data::Sample& operator[](int i) const {
    return dataset_.samples[static_cast<std::size_t>(number(i))];
  }
  // The sample's number in the dataset.
  int number(int i) const { return training_[static_cast<std::size_t>(i)]; }
  const data::Dataset& dataset() const { return dataset_; }
  // Places i of the samples with this label; empty where there is none.
  const std::vector<int>& of_label(const std::string& label) const;

  // [C] of a series stream: the usual deviation of a channel within a training series (the root of
  // the mean variance), or where series are constant the deviation between them; 1 where all values
  // are equal. What an operation calls a deviation is this, so that it suits values as they came.
  const std::vector<double>& deviation(std::size_t stream) const { return deviation_[stream]; }

 private:
  const data::Dataset& dataset_;
  std::vector<int> training_;
  std::map<std::string, std::vector<int>> by_label_;
  std::vector<std::vector<double>> deviation_;
};

}  // namespace refrain::augment

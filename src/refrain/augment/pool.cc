#include "refrain/augment/pool.h"

namespace refrain::augment {

Pool::Pool(const data::Dataset& dataset, std::vector<int> training)
    : dataset_(dataset), training_(std::move(training)) {
  for (int i = 0; i < size(); ++i) by_label_[(*this)[i].label].push_back(i);
}

const std::vector<int>& Pool::of_label(const std::string& label) const {
  static const std::vector<int> none;
  const auto found = by_label_.find(label);
  return found == by_label_.end() ? none : found->second;
}

}  // namespace refrain::augment

#include "refrain/tensor/steps.h"

#include <algorithm>
#include <numeric>

#include "refrain/base/error.h"

namespace refrain::tensor {

void StepTable::assign(const std::vector<int>& lengths) {
  const int B = static_cast<int>(lengths.size());
  if (B == 0) throw Error(Code::kShape, "a batch needs at least one sequence");
  position_.resize(lengths.size());
  std::iota(position_.begin(), position_.end(), 0);
  // Ties keep the batch order. (Not stable_sort: it allocates.)
  std::sort(position_.begin(), position_.end(), [&](int a, int b) {
    const int la = lengths[static_cast<std::size_t>(a)], lb = lengths[static_cast<std::size_t>(b)];
    return la != lb ? la > lb : a < b;
  });
  length_.clear();
  for (const int p : position_) length_.push_back(lengths[static_cast<std::size_t>(p)]);
  if (length_.back() < 1) throw Error(Code::kShape, "a sequence needs at least one step");
  const int T = length_.front();
  live_.assign(static_cast<std::size_t>(T), 0);
  offset_.assign(static_cast<std::size_t>(T), 0);
  before_.clear();
  sequence_.clear();
  int alive = B, total = 0;
  for (int t = 0; t < T; ++t) {
    while (length_[static_cast<std::size_t>(alive - 1)] <= t) --alive;
    live_[static_cast<std::size_t>(t)] = alive;
    offset_[static_cast<std::size_t>(t)] = total;
    for (int b = 0; b < alive; ++b) {
      before_.push_back(t == 0 ? -1 : offset_[static_cast<std::size_t>(t - 1)] + b);
      sequence_.push_back(b);
    }
    total += alive;
  }
  steps_ = {T,
            B,
            total,
            length_.data(),
            live_.data(),
            offset_.data(),
            before_.data(),
            sequence_.data(),
            position_.data()};
}

}  // namespace refrain::tensor

#include "refrain/train/layer_norms.h"

#include <algorithm>
#include <cmath>

#include "refrain/kernels/elementwise.h"

namespace refrain::train {

LayerNorms::LayerNorms(const nn::ParamSet& params) {
  for (const auto& p : params.params()) {
    if (p.frozen) continue;
    const std::string name = p.name.substr(0, p.name.rfind('.'));
    const auto found = std::find(names_.begin(), names_.end(), name);
    const auto layer = static_cast<std::size_t>(found - names_.begin());
    if (found == names_.end()) {
      names_.push_back(name);
      counts_.push_back(0);
    }
    counts_[layer] += static_cast<double>(p.shape.count());
    parts_.push_back({layer, p.offset, p.shape.count()});
  }
  std::stable_sort(parts_.begin(), parts_.end(),
                   [](const Part& a, const Part& b) { return a.layer < b.layer; });
}

void LayerNorms::add(const real* d, std::vector<double>& sums) const {
  double square = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& p = parts_[i];
    square += kernels::sum_of_squares(d + p.begin, p.count);
    if (i + 1 < parts_.size() && parts_[i + 1].layer == p.layer) continue;
    sums[p.layer] += std::sqrt(square / counts_[p.layer]);
    square = 0;
  }
}

}  // namespace refrain::train

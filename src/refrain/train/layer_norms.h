// How large the gradient of each layer is: the monitor that `train/doctor.h` reads. A layer is what
// shares a name up to the last dot: "encoder.0.forward" has w_x, w_h and b.
#pragma once

#include <string>
#include <vector>

#include "refrain/nn/param_set.h"

namespace refrain::train {

class LayerNorms {
 public:
  explicit LayerNorms(const nn::ParamSet& params);  // frozen parameters are none

  const std::vector<std::string>& names() const { return names_; }
  // Adds to each layer's number the root mean square of its part of the gradient block d.
  void add(const real* d, std::vector<double>& sums) const;

 private:
  struct Part {
    std::size_t layer, begin, count;
  };
  std::vector<std::string> names_;
  std::vector<double> counts_;  // numbers of each layer
  std::vector<Part> parts_;     // layer by layer
};

}  // namespace refrain::train

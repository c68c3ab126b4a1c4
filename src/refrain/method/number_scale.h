// The numbers to learn, each column brought to mean 0 and deviation 1 over the training part, and
// answers brought back. A constant column is 0 and comes back as it was, exactly.
#pragma once

#include <vector>

#include "refrain/method/method.h"

namespace refrain::method {

class NumberScale {
 public:
  // Learns the scale and returns the scaled numbers [n,width]. Throws data where there are no
  // samples, unsupported where there are no numbers or some are missing or too large.
  std::vector<double> fit(const Training& training);
  // Restores the original units in place, [n,width].
  void restore(std::vector<double>& rows) const;
  void archive(Archive& file);

  int width() const { return static_cast<int>(mean_.size()); }

 private:
  std::vector<double> mean_, deviation_;
};

}  // namespace refrain::method

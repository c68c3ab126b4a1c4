// The search of Nelder and Mead (1965) within a box: a simplex that walks downhill without
// derivatives. For few, cheap parameters.
#pragma once

#include <functional>
#include <vector>

namespace refrain::forecast {

struct BoxSearch {
  std::vector<double> low, high;  // where a parameter may lie
  std::vector<double> step;       // first distance of the simplex' corners from the start
  int evaluations = 300;          // at most about so many
  double tolerance = 1e-6;        // done when the corners' values lie so close together
};

struct FoundMinimum {
  std::vector<double> at;
  double value = 0;
};

// `function` may be infinite, not NaN; `start` is moved into the box.
FoundMinimum nelder_mead(const std::function<double(const std::vector<double>&)>& function,
                         std::vector<double> start, const BoxSearch& search);

}  // namespace refrain::forecast

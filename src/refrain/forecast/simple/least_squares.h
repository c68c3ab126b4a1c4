// Linear least squares with a ridge, in double, for few columns.
#pragma once

#include <span>
#include <vector>

namespace refrain::forecast {

// The symmetric products of columns: X'X (row-major, `columns` squared) and X'y.
struct NormalEquations {
  size_t columns = 0;
  std::vector<double> products;
  std::vector<double> with_target;
};

// The w of least |X w - y|^2 + ridge |w|^2; ridge > 0. Columns without variance get 0.
std::vector<double> solve_ridge(const NormalEquations& equations, double ridge);

}  // namespace refrain::forecast

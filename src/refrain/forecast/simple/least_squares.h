// Linear least squares with a ridge, in double, for few columns.
#pragma once

#include <span>
#include <vector>

namespace refrain::forecast {

// The symmetric products of columns: X'X (row-major, `columns` squared) and X'Y.
struct NormalEquations {
  size_t columns = 0;
  std::vector<double> products;
  std::vector<double> with_target;  // [columns, targets], any number of targets
};

// The W of least |X W - Y|^2 + ridge |W|^2, [columns, targets]; ridge > 0. Columns without variance
// get 0.
std::vector<double> solve_ridge(const NormalEquations& equations, double ridge);

}  // namespace refrain::forecast

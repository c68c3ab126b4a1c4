#include "refrain/forecast/simple/least_squares.h"

#include <cmath>

namespace refrain::forecast {

// Cholesky: X'X + ridge I = L L', then L z = X'y and L' w = z.
std::vector<double> solve_ridge(const NormalEquations& equations, double ridge) {
  const size_t n = equations.columns;
  std::vector<double> lower(n * n, 0.0), w = equations.with_target;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double sum = equations.products[i * n + j] + (i == j ? ridge : 0.0);
      for (size_t k = 0; k < j; ++k) sum -= lower[i * n + k] * lower[j * n + k];
      lower[i * n + j] =
          i == j ? std::sqrt(sum > ridge * 1e-9 ? sum : ridge) : sum / lower[j * n + j];
    }
  }
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) w[i] -= lower[i * n + k] * w[k];
    w[i] /= lower[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) w[i] -= lower[k * n + i] * w[k];
    w[i] /= lower[i * n + i];
  }
  return w;
}

}  // namespace refrain::forecast

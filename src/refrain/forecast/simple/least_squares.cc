#include "refrain/forecast/simple/least_squares.h"

#include <cmath>

namespace refrain::forecast {

// Cholesky: X'X + ridge I = L L', then L Z = X'Y and L' W = Z, all targets of a row at a time.
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
  const size_t targets = n > 0 ? w.size() / n : 0;
  const auto take = [&](size_t row, size_t other, double factor) {
    double* to = w.data() + row * targets;
    const double* from = w.data() + other * targets;
    for (size_t t = 0; t < targets; ++t) to[t] -= factor * from[t];
  };
  const auto divide = [&](size_t row, double by) {
    for (size_t t = 0; t < targets; ++t) w[row * targets + t] /= by;
  };
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) take(i, k, lower[i * n + k]);
    divide(i, lower[i * n + i]);
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) take(i, k, lower[k * n + i]);
    divide(i, lower[i * n + i]);
  }
  return w;
}

}  // namespace refrain::forecast

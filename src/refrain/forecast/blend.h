// Weights of forecasts that are averaged: those, not negative and of sum 1, whose mean would have
// erred least on windows that nothing was trained on (Bates and Granger 1969), drawn towards equal
// weights where the windows are few.
#pragma once

#include <vector>

namespace refrain::forecast {

struct BlendWindow {
  std::vector<double> truth;                   // [H], NaN = missing
  std::vector<std::vector<double>> forecasts;  // [K][H]
  double unit = 1;  // error of the seasonal naive method; 0 = there is none
};

// [K]. `prior` [K]: what they are drawn to, of sum 1.
std::vector<double> blend_weights(const std::vector<BlendWindow>& windows,
                                  const std::vector<double>& prior);

// [K] the mean error of each forecast alone, in units of the windows' series.
std::vector<double> errors_alone(const std::vector<BlendWindow>& windows, std::size_t K);

}  // namespace refrain::forecast

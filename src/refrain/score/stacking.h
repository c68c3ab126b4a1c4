// How much each of several models counts when their numbers are averaged, from predictions of
// samples that none of them was trained on (stacking: Wolpert 1992; with weights that are not
// negative and add up to 1: Breiman 1996). Few samples tell little: the weights are drawn towards
// equal ones as if `prior` more samples had asked for them. What is smallest at them is
//   sum_i (y_i - sum_g w_g p_gi)^2 + prior * s * G * sum_g (w_g - 1 / G)^2
// for G models, where s is the mean squared error of the equal weights.
#pragma once

#include <vector>

namespace refrain::score {

constexpr double kStackingPrior = 10;

// truth [n]; predicted [G][n]. Equal weights without samples.
std::vector<double> stacking_weights(const std::vector<double>& truth,
                                     const std::vector<std::vector<double>>& predicted,
                                     double prior = kStackingPrior);

}  // namespace refrain::score

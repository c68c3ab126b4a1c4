// How much each of several models counts when their probabilities are averaged, from predictions of
// samples that none of them was trained on (stacking: Wolpert 1992; by the log loss of the linear
// pool). Weights are never negative and add up to 1. Few samples tell little, so that the weights
// are drawn towards equal ones as if each model had been right alone on `prior` more samples:
//   sum_i log(sum_g w_g p_gi) + prior * sum_g log w_g
// is largest at the weights returned; it is concave, and expectation maximisation climbs it.
#pragma once

#include <vector>

namespace refrain::score {

constexpr double kBlendPrior = 10;

// truth[g][i]: the probability that model g gave the true class of sample i, the same samples for
// all. Samples to which every model gave 0 do not count. Equal weights without samples.
std::vector<double> blend_weights(const std::vector<std::vector<double>>& truth,
                                  double prior = kBlendPrior);

}  // namespace refrain::score

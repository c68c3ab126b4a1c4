// Temperature scaling (Guo et al. 2017): p' ~ p^(1/T), one T for all, fitted on predictions of
// samples that the model was not trained on (out-of-fold). In b = 1 / T the log loss is convex, so
// its minimum in [1/20, 20] is found by bisection of the derivative. For few samples T is drawn
// towards 1 as if kTemperaturePrior more samples had been seen and found well calibrated:
//   loss(b) + (prior / n) * (mean cross-entropy of p^b against p),
// which also is convex and smallest at b = 1; so the log loss of the fitted data never gets worse.
#pragma once

#include "refrain/score/classification.h"

namespace refrain::score {

constexpr double kTemperaturePrior = 10;
constexpr double kLeastTemperature = 0.05, kMostTemperature = 20;

// T of these predictions; samples of an unseen class don't count. 1 without samples. Throws as
// c.check(), and Error(data) without probabilities.
double fit_temperature(const Classification& c, double prior = kTemperaturePrior);

// The probabilities [n,C] with temperature T > 0; rows add up to 1, their order stays. A
// probability of 0 counts as 2.2e-16.
std::vector<double> apply_temperature(std::vector<double> probability, int classes,
                                      double temperature);

}  // namespace refrain::score

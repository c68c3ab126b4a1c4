// Conformal prediction: how far from an answer the truth lies in a given share of cases, from the
// errors on samples that the model was not trained on (Vovk et al. 2005). With units (a patient, a
// machine, copies) each unit weighs the same, and what is promised holds for samples of new units
// (Lee, Barber and Willett 2023).
#pragma once

#include <vector>

namespace refrain::score {

// The smallest radius r so that errors up to r have at least the share `level` of a mass of which
// each of the G units has 1 / (G + 1), evenly over its samples, and the next one, which nobody has
// seen, the rest. Where so few units cannot promise that much: the largest error. unit [n]; errors
// may be negative. At least one error.
double conformal_radius(const std::vector<double>& error, const std::vector<int>& unit,
                        double level);

}  // namespace refrain::score

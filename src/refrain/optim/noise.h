// Gradient noise (Neelakantan et al. 2015): normal, with a variance that falls over the training.
#pragma once

#include "refrain/base/rng.h"
#include "refrain/optim/optimiser.h"

namespace refrain::optim {

// Adds noise of variance eta / step^0.55 to the gradient d on these ranges; step counts from 1.
// Keyed by the step and the number's place. eta 0 = none.
void add_noise(double eta, const base::Rng& rng, const Update& u);

}  // namespace refrain::optim

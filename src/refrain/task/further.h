// Training the networks of a fitted model further, on samples that need not be those it was fitted
// to. Labels, scaling, vocabulary and the networks' sizes stay as they are.
#pragma once

#include "refrain/task/fit.h"

namespace refrain::task {

// From the weights that the networks have, `how.train.epochs` passes over the training samples, at
// the constant rate of `how.optim`; of `how` nothing else counts. Nothing is held out: the weights
// are the last ones. `how.train.l2_sp` keeps the weights near those that this call begins with. A
// pass draws its random numbers by the epochs that the receipt knows of, to which it adds its own.
// The same for any number of threads. Throws unsupported where a member is no network, data where
// the samples have another form or a label that the model does not know, numeric where the training
// diverged.
Fitted fit_further(const Model& model, const Spec& how, const FitParts& parts,
                   const FitHooks& hooks);

}  // namespace refrain::task

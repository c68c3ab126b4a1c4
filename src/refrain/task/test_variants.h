// Test-time augmentation (Krizhevsky et al. 2012): what a model says of a series is the mean of
// what it says of the series as it is and of the mean over variants of it. The variants of a series
// depend on it, the specification and the seed of the model, not on what else is predicted.
#pragma once

#include <functional>
#include <vector>

#include "refrain/data/subset.h"
#include "refrain/task/spec.h"

namespace refrain::task {

// True if the options ask for it.
bool varies_tests(const Spec& spec);

// `predict` gives numbers for each sample of a view, in their order; so does this.
std::vector<double> predict_with_variants(
    const Spec& spec, const data::Subset& view, int threads,
    const std::function<std::vector<double>(const data::Subset&)>& predict);

}  // namespace refrain::task

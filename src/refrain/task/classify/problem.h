// The loss that the training of a classifier minimises.
#pragma once

#include <memory>
#include <vector>

#include "refrain/task/network.h"

namespace refrain::task {

// On the first n_train samples; the rest validate it. The network must outlive it.
std::unique_ptr<train::Problem> classify_problem(const Network& network,
                                                 const std::vector<data::EncodedSample>& samples,
                                                 int n_train);

}  // namespace refrain::task

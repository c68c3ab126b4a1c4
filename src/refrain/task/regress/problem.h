// The loss that the training of a regression minimises.
#pragma once

#include <memory>
#include <vector>

#include "refrain/task/network.h"
#include "refrain/task/regress/goal.h"

namespace refrain::task {

// On the first n_train samples; the rest validate it. The network must outlive it.
std::unique_ptr<train::Problem> regress_problem(const Network& network, const RegressParts& parts,
                                                const std::vector<data::EncodedSample>& samples,
                                                int n_train);

}  // namespace refrain::task

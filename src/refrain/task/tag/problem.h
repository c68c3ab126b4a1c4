// The loss that the training of a tagger minimises.
#pragma once

#include <memory>
#include <vector>

#include "refrain/task/network.h"
#include "refrain/task/tag/codec.h"

namespace refrain::task {

// On the first n_train samples; the rest validate it. Network and codec must outlive it.
std::unique_ptr<train::Problem> tag_problem(const Network& network, const TagCodec& codec,
                                            const std::vector<data::EncodedSample>& samples,
                                            int n_train);

}  // namespace refrain::task

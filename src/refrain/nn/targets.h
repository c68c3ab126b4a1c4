// What a batch should become, where it is more than one label a sample.
#pragma once

#include "refrain/nn/context.h"

namespace refrain::nn {

// [B,C] in batch order, on the tape: each sample's label by its own weight, that of the sample
// mixed in (data/mixup.h) by the rest. Null where every target is a label alone.
const real* target_shares(const Context& context, int classes);

}  // namespace refrain::nn

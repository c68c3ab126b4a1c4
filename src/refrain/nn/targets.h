// Targets of a batch that are not single labels.
#pragma once

#include "refrain/nn/context.h"

namespace refrain::nn {

// [B,C] in batch order, for as long as the batch and its tape: the samples' own shares, or their
// labels; with mixup (data/mixup.h) each sample's by its own weight and those of the sample mixed
// in by the rest. Null where every target is a label alone.
const real* target_shares(const Context& context, int classes);

// [B,width] in batch order, as long: the samples' numbers; with mixup mixed like the shares. A
// number that either sample of a pair lacks is missing.
const real* target_values(const Context& context, int width);

// Returns the weight of each sample of the batch in the loss [B]; with mixup the mean of the pair
// by its shares; null: all 1.
const real* target_weights(const Context& context);

}  // namespace refrain::nn

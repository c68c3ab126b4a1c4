// Forgetting: what a fine-tuned network still knows of its source's task. The layers that were
// taken over go back under the source's own head (McCloskey and Cohen 1989 named what may be lost).
#pragma once

#include "refrain/nn/param_set.h"

namespace refrain::task {

// Copies the encoder's numbers of `tuned` into the parameters of the source by their names; of a
// table of words with further rows, which are new words, the first ones, and of a layer that was
// made to read both ways (task/transfer.h) those that read forward. The head stays the source's.
// False where a parameter does not fit, such as that of other channels: the source is then no whole
// network any more.
bool put_back(const nn::ParamSet& tuned, nn::ParamSet& source);

}  // namespace refrain::task

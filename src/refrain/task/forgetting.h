// Forgetting: what a fine-tuned network still knows of its source's task. The layers that were
// taken over go back under the source's own head (McCloskey and Cohen 1989 named what may be lost).
#pragma once

#include <cstddef>

#include "refrain/nn/param_set.h"

namespace refrain::task {

// Copies the numbers of `tuned` into the parameters of the source by their names; of a table with
// further rows (words that were new) and of columns that were new the first ones. The head stays
// the source's. Returns how many parameters went back.
std::size_t put_back(const nn::ParamSet& tuned, nn::ParamSet& source);

}  // namespace refrain::task

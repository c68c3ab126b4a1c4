// The kinds of all operations, each defined in the file of its name.
#pragma once

#include "refrain/augment/operation.h"

namespace refrain::augment {

// series/
Kind jitter();

}  // namespace refrain::augment

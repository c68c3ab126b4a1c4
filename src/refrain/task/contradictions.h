// Checks that the data have what the options need, and throws before any training begins.
#pragma once

#include "refrain/task/fit.h"

namespace refrain::task {

// Checks resolved options. Throws usage, naming the option and the remedy.
void refuse_contradictions(const Spec& spec, const FitParts& parts);

}  // namespace refrain::task

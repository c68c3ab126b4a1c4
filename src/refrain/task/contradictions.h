// What an option would need and does not have: an error before any training begins.
#pragma once

#include "refrain/task/fit.h"

namespace refrain::task {

// Of resolved options. Throws usage, naming the option and the remedy.
void refuse_contradictions(const Spec& spec, const FitParts& parts);

}  // namespace refrain::task

// The instruction set in use: the best that both this build and this processor have, unless one is
// asked for (tests run every one of them; users can set REFRAIN_ISA).
#pragma once

#include <string>
#include <vector>

namespace refrain::kernels {

// The sets that this machine can run, best first: "avx512", "avx2", "sse4", "neon".
std::vector<std::string> available_isas();

std::string current_isa();

// Uses this set from now on, for the whole process; "" or "auto" = the best. Throws usage for a
// name that is not available. Not to be called while kernels run.
void choose_isa(const std::string& name);

}  // namespace refrain::kernels

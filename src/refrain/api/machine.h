// The processor's instruction sets. Standard library only.
#pragma once

#include <string>
#include <vector>

namespace refrain::api {

std::vector<std::string> instruction_sets();  // that this machine can run, best first

// Uses this instruction set from now on for the whole process; "" or "auto" = the best. Throws
// Error(usage) if it is not available. Different sets give results that agree closely, but not bit
// for bit.
void choose_instruction_set(const std::string& name);

}  // namespace refrain::api

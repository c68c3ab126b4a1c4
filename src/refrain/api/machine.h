// The processor's instruction sets. Standard library only.
#pragma once

#include <string>
#include <vector>

namespace refrain::api {

std::vector<std::string> instruction_sets();  // that this machine can run, best first

// Uses one of them from now on for the whole process; "" or "auto" = the best. Throws Error(usage)
// for one that is not available. Results of different sets agree closely, but not to the bit.
void choose_instruction_set(const std::string& name);

}  // namespace refrain::api

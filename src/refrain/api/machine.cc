#include "refrain/api/machine.h"

#include "refrain/kernels/isa.h"

namespace refrain::api {

std::vector<std::string> instruction_sets() { return kernels::available_isas(); }

void choose_instruction_set(const std::string& name) { kernels::choose_isa(name); }

}  // namespace refrain::api

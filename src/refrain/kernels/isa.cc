#include "refrain/kernels/isa.h"

#include <utility>

#include "refrain/base/error.h"
#include "refrain/base/nearest.h"
#include "refrain/kernels/targets.h"
//
#include <hwy/highway.h>

namespace refrain::kernels {
namespace {

using Target = std::pair<std::int64_t, const char*>;

constexpr Target kTargets[] = {
    {HWY_AVX3, "avx512"}, {HWY_AVX2, "avx2"}, {HWY_SSE4, "sse4"}, {HWY_NEON, "neon"}};

// Returns the instruction sets that this machine can run, whichever is chosen.
std::int64_t usable() {
  static const std::int64_t targets = [] {
    hwy::SetSupportedTargetsForTest(0);
    return hwy::SupportedTargets() & HWY_TARGETS;
  }();
  return targets;
}

}  // namespace

std::vector<std::string> available_isas() {
  std::vector<std::string> names;
  for (const auto& [bit, name] : kTargets) {
    if ((usable() & bit) != 0) names.emplace_back(name);
  }
  return names;
}

std::string current_isa() {
  const std::int64_t in_use = usable() & hwy::SupportedTargets();
  for (const auto& [bit, name] : kTargets) {
    if ((in_use & bit) != 0) return name;
  }
  return "scalar";
}

void choose_isa(const std::string& name) {
  std::int64_t chosen = 0;  // 0 = the best
  for (const auto& [bit, known] : kTargets) {
    if (name == known) chosen = usable() & bit;
  }
  if (chosen == 0 && !name.empty() && name != "auto") {
    throw Error(Code::kUsage, "instruction set '" + name + "' is not available here",
                base::did_you_mean(name, available_isas()));
  }
  hwy::SetSupportedTargetsForTest(chosen);
}

}  // namespace refrain::kernels

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

std::int64_t usable() { return hwy::SupportedTargets() & HWY_TARGETS; }

}  // namespace

std::vector<std::string> available_isas() {
  hwy::SetSupportedTargetsForTest(0);
  std::vector<std::string> names;
  for (const auto& [bit, name] : kTargets) {
    if ((usable() & bit) != 0) names.emplace_back(name);
  }
  return names;
}

std::string current_isa() {
  for (const auto& [bit, name] : kTargets) {
    if ((usable() & bit) != 0) return name;
  }
  return "scalar";
}

void choose_isa(const std::string& name) {
  hwy::SetSupportedTargetsForTest(0);
  if (name.empty() || name == "auto") return;
  for (const auto& [bit, known] : kTargets) {
    if (name == known && (usable() & bit) != 0) {
      hwy::SetSupportedTargetsForTest(bit);
      return;
    }
  }
  throw Error(Code::kUsage, "instruction set '" + name + "' is not available here",
              base::did_you_mean(name, available_isas()));
}

}  // namespace refrain::kernels

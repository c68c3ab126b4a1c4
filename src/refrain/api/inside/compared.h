// Two runs side by side, wherever they come from; for the sources of this layer only.
#pragma once

#include <string>

#include "refrain/api/compare.h"
#include "refrain/store/run.h"

namespace refrain::api {

struct CompareNames {
  std::string a, b;
};

// By a metric ("" = the main one), the runs called by these names. Throws as compare_runs().
RunComparison compare_stored(const store::Run& a, const store::Run& b, const std::string& metric,
                             const CompareNames& names);

}  // namespace refrain::api

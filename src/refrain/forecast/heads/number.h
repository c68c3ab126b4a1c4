// Shared by the heads whose numbers are the forecasts themselves.
#pragma once

#include "refrain/forecast/heads/list.h"
#include "refrain/tape/number_loss.h"

namespace refrain::forecast {

inline tape::NumberTarget number_target(const HeadTargets& t) {
  tape::NumberTarget out;
  out.target = t.target;
  out.sample_weight = t.weight;
  out.quantile = t.level;  // which other losses leave alone
  out.total_weight = t.total_weight;
  return out;
}

}  // namespace refrain::forecast

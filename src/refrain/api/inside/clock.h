// Seconds of a clock that never goes back, and when a time limit ends; for the sources of this
// layer only.
#pragma once

#include <string>

#include "refrain/base/duration.h"

namespace refrain::api {

inline double now() { return base::steady_seconds(); }

// When this share of a time limit ("10m") that began at `begin` is over; 0 without a limit.
inline double deadline(const std::string& limit, double begin, double share = 1) {
  const auto seconds = base::parse_duration(limit);
  return seconds ? begin + share * *seconds : 0;
}

}  // namespace refrain::api

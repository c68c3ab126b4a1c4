// Seconds of a clock that never goes back; for the sources of this layer only.
#pragma once

#include <chrono>

namespace refrain::api {

inline double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace refrain::api

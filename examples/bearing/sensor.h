// What is recorded of a vibration: white noise and gain of the sensor, then two outputs at
// kSampleHz, as industrial vibration transmitters give them:
//   envelope      high pass, rectify, low pass, mean taken out (demodulated: shows the strikes)
//   acceleration  low pass (shows shaft and gear)
#pragma once

#include <vector>

#include "bearing/machine.h"
#include "refrain/base/rng.h"

namespace refrain::bearing {

inline constexpr double kSampleHz = 800.0;

// Each of `length` values, `length` as given.
struct Recording {
  std::vector<double> envelope;
  std::vector<double> acceleration;
};

// Simulates the run and records it once the filters have settled.
Recording record(const Machine& machine, const Run& run, int length, const base::Rng& rng);

}  // namespace refrain::bearing

// The acceleration at the bearing housing during one run, as the sum of
//   strikes of a defect  x  load on the defect  x  path, each ringing the housing's resonances,
//   the same ringing from grease and dirt at random times,
//   shaft harmonics and gear mesh.
// Sensor gain and noise come later (sensor.h). Equations and sources: doc/bearing.md.
#pragma once

#include <vector>

#include "bearing/machine.h"
#include "refrain/base/rng.h"

namespace refrain::bearing {

inline constexpr double kSimulationHz = 16000.0;

struct Strike {
  double time = 0;
  double height = 0;
};

// Load on a rolling contact at this angle from the load's direction, as a share of the highest:
// Stribeck's (1 - (1 - cos angle) / (2 epsilon))^1.5 inside the load zone, 0 outside.
double load_share(double angle, double epsilon);

// The defect's strikes in [0, seconds), in order of time; none for a healthy bearing.
std::vector<Strike> defect_strikes(const Machine& machine, const Run& run, double seconds,
                                   base::Rng rng);

// Acceleration at kSimulationHz from time 0, `count` values.
std::vector<double> vibration(const Machine& machine, const Run& run, int count,
                              const base::Rng& rng);

}  // namespace refrain::bearing

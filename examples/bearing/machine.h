// Who vibrates: the bearing's geometry, the machine it sits in and the shaft during one run.
// Equations and sources: doc/bearing.md. Angles in radians, times in seconds, frequencies in hertz;
// an "order" is a frequency divided by the shaft's.
#pragma once

#include <array>
#include <string>

#include "refrain/base/rng.h"

namespace refrain::bearing {

// A deep-groove ball bearing of size 6205, the same in every machine.
struct Geometry {
  int balls = 9;
  double ball_diameter = 7.94;    // mm
  double pitch_diameter = 39.04;  // mm
  double contact_angle = 0.0;
};

// Events per turn of the shaft without slip.
struct Orders {
  double outer = 0;  // balls passing a point of the outer race (BPFO)
  double inner = 0;  // balls passing a point of the inner race (BPFI)
  double spin = 0;   // turns of a ball about itself (BSF); a spot on it strikes twice a turn
  double cage = 0;   // turns of the cage (FTF)
};
Orders defect_orders(const Geometry& geometry);

enum class Condition { kHealthy, kInnerRace, kOuterRace, kBall };
inline constexpr std::array kConditions = {Condition::kHealthy, Condition::kInnerRace,
                                           Condition::kOuterRace, Condition::kBall};

// "healthy", "inner_race", "outer_race", "ball".
std::string condition_name(Condition condition);

// A decaying oscillation that one strike sets off: exp(-2 pi damping hz t) sin(2 pi hz t).
struct Resonance {
  double hz = 0;
  double damping = 0;
  double weight = 1;
};

// What stays the same in all runs of a machine.
struct Machine {
  std::string name;   // "machine_03"
  double gain = 1;    // sensor and mounting
  double noise = 0;   // standard deviation of the sensor's white noise
  double rubble = 0;  // strikes a second from grease, dirt and roughness
  std::array<Resonance, 2> resonances;
  std::array<double, 3> shaft_harmonics{};  // imbalance, then misalignment: orders 1, 2, 3
  int gear_teeth = 0;
  std::array<double, 3> mesh_harmonics{};
  double mesh_modulation = 0;  // depth, once a turn
  double outer_angle = 0;      // where in the load zone a defect of the outer race sits
  double zone = 0;             // load zone parameter epsilon at full load
};

// Draws machine `number` (counted from 1); the same number and generator give the same machine.
Machine draw_machine(const base::Rng& rng, int number);

// The shaft turns at hz * (1 + ripple * sin(2 pi ripple_hz t + ripple_phase)).
struct Shaft {
  double hz = 0;
  double ripple = 0;
  double ripple_hz = 1;
  double ripple_phase = 0;

  double speed(double time) const;  // Hz
  double turns(double time) const;  // 0 at time 0
  double time_at(double turn) const;
};

// What differs from run to run.
struct Run {
  Condition condition = Condition::kHealthy;
  Shaft shaft;
  double load = 1;      // share of the full load, (0, 1]
  double severity = 0;  // height of a strike at full load
  double slip = 0;      // standard deviation of the spacing of strikes, as a share of it
  double rubble = 1;    // strikes from grease and dirt, as a multiple of the machine's
  double start = 0;     // angle of shaft and cage at time 0, in turns
};

Run draw_run(base::Rng rng, Condition condition);

}  // namespace refrain::bearing

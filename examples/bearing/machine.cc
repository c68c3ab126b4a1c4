#include "bearing/machine.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

namespace refrain::bearing {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

double log_normal(base::Rng& rng, double median, double spread) {
  return median * std::exp(spread * rng.normal());
}

}  // namespace

Orders defect_orders(const Geometry& geometry) {
  const double ratio =
      geometry.ball_diameter / geometry.pitch_diameter * std::cos(geometry.contact_angle);
  Orders orders;
  orders.outer = geometry.balls / 2.0 * (1.0 - ratio);
  orders.inner = geometry.balls / 2.0 * (1.0 + ratio);
  orders.spin = geometry.pitch_diameter / (2.0 * geometry.ball_diameter) * (1.0 - ratio * ratio);
  orders.cage = (1.0 - ratio) / 2.0;
  return orders;
}

std::string condition_name(Condition condition) {
  switch (condition) {
    case Condition::kInnerRace:
      return "inner_race";
    case Condition::kOuterRace:
      return "outer_race";
    case Condition::kBall:
      return "ball";
    case Condition::kHealthy:
      break;
  }
  return "healthy";
}

Machine draw_machine(const base::Rng& source, int number) {
  base::Rng rng = source.fork("machine").fork(static_cast<std::uint64_t>(number));
  Machine machine;
  machine.name = fmt::format("machine_{:02}", number);
  machine.gain = log_normal(rng, 1.0, 0.5);
  machine.noise = rng.uniform(0.07, 0.18);
  machine.rubble = rng.uniform(150.0, 350.0);
  machine.resonances[0] = {rng.uniform(2000.0, 2700.0), rng.uniform(0.03, 0.07), 1.0};
  machine.resonances[1] = {rng.uniform(3000.0, 4200.0), rng.uniform(0.02, 0.05),
                           rng.uniform(0.2, 0.7)};
  machine.shaft_harmonics = {rng.uniform(0.2, 0.6), rng.uniform(0.05, 0.3),
                             rng.uniform(0.02, 0.15)};
  machine.gear_teeth = 19 + static_cast<int>(rng.below(19));
  machine.mesh_harmonics = {rng.uniform(0.1, 0.3), rng.uniform(0.05, 0.2), rng.uniform(0.02, 0.12)};
  machine.mesh_modulation = rng.uniform(0.1, 0.5);
  machine.outer_angle = rng.uniform(-0.8, 0.8);
  machine.zone = rng.uniform(0.5, 0.9);
  return machine;
}

double Shaft::speed(double time) const {
  return hz * (1.0 + ripple * std::sin(kTurn * ripple_hz * time + ripple_phase));
}

double Shaft::turns(double time) const {
  const double swing = std::cos(ripple_phase) - std::cos(kTurn * ripple_hz * time + ripple_phase);
  return hz * (time + ripple * swing / (kTurn * ripple_hz));
}

double Shaft::time_at(double turn) const {
  double time = turn / hz;
  for (int i = 0; i < 4; ++i) time += (turn - turns(time)) / speed(time);  // Newton
  return time;
}

Run draw_run(base::Rng rng, Condition condition) {
  Run run;
  run.condition = condition;
  run.shaft.hz = rng.uniform(24.0, 30.0);
  run.shaft.ripple = rng.uniform(0.0, 0.01);
  run.shaft.ripple_hz = rng.uniform(0.5, 3.0);
  run.shaft.ripple_phase = rng.uniform(0.0, kTurn);
  run.load = rng.uniform(0.4, 1.0);
  run.severity = log_normal(rng, 1.15, 0.3);
  run.slip = rng.uniform(0.01, 0.02);
  run.rubble = log_normal(rng, 1.0, 0.5);
  run.start = rng.uniform();
  return run;
}

}  // namespace refrain::bearing
